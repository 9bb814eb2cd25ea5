/**
 * Says where in a value the wrong part is. Writers do not know it: they keep no path, which would cost on every call.
 * So a value that could not be written is walked a second time, by a writer that writes nothing and keeps the path.
 */
import { textOf } from "@kiteline/core";
import type { ThriftWriter, UnknownFields } from "./protocol.ts";
import { parseI64 } from "./i64.ts";
import { isList, isMap, isSet } from "./kinds.ts";
import { Reads } from "./observed.ts";
import { UUID_FORM } from "./uuid.ts";
import { expectedContainer, shown, tooDeep, TooDeepError, ValueError, wrongContainer, wrongValue, type Expected } from "./value-error.ts";
import { LIST, MAP, SET } from "./wire-types.ts";

/** Beyond any writer's own limit, where that is not what was met; only for values that contain themselves. */
const MAX_DEPTH = 2048;
/** Steps of a path shown from its beginning and from its end. */
const SHOWN_STEPS = 8;
/** What can stand after a dot. */
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

const IS = { list: isList, set: isSet, map: isMap } as const;

const CONTAINERS: Readonly<Record<number, keyof typeof IS>> = { [LIST]: "list", [SET]: "set", [MAP]: "map" };

/** What JavaScript says where something of nothing is asked for. */
const NOTHING = /properties of (null|undefined) \(reading '(.+)'\)/;

/** What the fields of the outermost struct are called, by id, where they are not properties of a value. */
export type RootNames = Readonly<Record<number, string>>;

/**
 * The error to throw for `reason`, which writing `value`, called `what`, threw. `write` does it again with what it is
 * given.
 */
export function explainWrite(
  reason: unknown,
  what: string,
  value: unknown,
  write: (tracer: ThriftWriter, value: unknown) => void,
  names?: RootNames,
): unknown {
  // Generic codecs know the names on the way.
  if (reason instanceof ValueError && reason.path !== "") return new ValueError(`${what}: ${reason.message}`, causeOf(reason));
  const reads = new Reads();
  const tracer = new TracingWriter(reads, names, reason instanceof TooDeepError ? reason.maxDepth : MAX_DEPTH);
  try {
    write(tracer, reads.observe(value));
  } catch (found) {
    return new ValueError(`${what}: ${tracer.explain(found)}`, causeOf(reason));
  }
  return reason; // not the value's fault: the message is too large, say
}

/** What a `ValueError` says is said by the one that explains it, and more. */
function causeOf(reason: unknown): ErrorOptions | undefined {
  return reason instanceof ValueError ? (reason.cause === undefined ? undefined : { cause: reason.cause }) : { cause: reason };
}

/** A struct being written, or a container. */
interface Step {
  readonly kind: "struct" | "container";
  /** Of a struct, what the IDL calls it. */
  readonly type: string;
  /** The field as its object has it, or as the IDL names it. */
  name: string;
  /** The field's id, or the element's index. */
  at: number;
  /** Elements still to come. */
  left: number;
  /** What the elements are on the wire; of a map, keys and values. */
  readonly elements: readonly number[];
  /** What had been read when it began. */
  readonly reads: number;
  /** Of the entry of a map. */
  key: unknown;
}

/** What the argument is called that is written behind the one with this id. */
function nameBehind(id: number, names: RootNames): string {
  const next = Object.keys(names).find((each) => Number(each) > id) ?? "";
  return names[Number(next)] ?? "";
}

class TracingWriter implements ThriftWriter {
  readonly #steps: Step[] = [];
  readonly #reads: Reads;
  readonly #names: RootNames | undefined;
  readonly #maxDepth: number;

  constructor(reads: Reads, names: RootNames | undefined, maxDepth: number) {
    this.#reads = reads;
    this.#names = names;
    this.#maxDepth = maxDepth;
    reads.onKey = (key) => {
      const step = this.#steps.at(-1);
      if (step !== undefined) step.key = key;
    };
  }

  /** Where it stopped and what is wrong there. */
  explain(found: unknown): string {
    const problem = this.#problem(found); // first: it may find the name that the path ends in
    return this.#path() + problem;
  }

  #path(): string {
    const parts = this.#steps.map(({ kind, name, at, elements, key }) => {
      if (kind === "struct") return name === "" || IDENTIFIER.test(name) ? name && `.${name}` : `[${JSON.stringify(name)}]`;
      if (elements.length === 1) return `[${at}]`;
      return at % 2 === 0 ? `[key ${shown(key)}]` : `[${shown(key)}]`;
    });
    const known = parts.filter((part) => part !== "");
    if (known.length === 0) return "";
    const some = known.length <= 2 * SHOWN_STEPS ? known : [...known.slice(0, SHOWN_STEPS), " … ", ...known.slice(-SHOWN_STEPS)];
    return `${some.join("").replace(/^\./, "")}: `;
  }

  #problem(found: unknown): string {
    const message = textOf(found);
    const step = this.#steps.at(-1);
    const [, nothing, asked] = (found instanceof ValueError ? null : NOTHING.exec(message)) ?? [];
    if (step === undefined || nothing === undefined) return message;
    if (step.kind === "container") {
      const kind = CONTAINERS[step.elements[step.at % step.elements.length] ?? 0];
      return kind === undefined ? message : `expected ${expectedContainer(kind)}, got ${nothing}`;
    }
    const root = step === this.#steps[0] ? this.#names : undefined;
    if (root === undefined && step.at === 0 && step.reads === this.#reads.count) return `expected ${step.type} (an object), got ${nothing}`;
    if (asked !== "length" && asked !== "size") return message;
    // A count is asked for before the field is begun: of the property read last, or of the next argument.
    step.name = root === undefined ? this.#reads.property : nameBehind(step.at, root);
    return `expected ${asked === "length" ? expectedContainer("list") : "a Set or a Map"}, got ${nothing}`;
  }

  begin(struct = "a struct"): void {
    const outer = this.#steps.at(-1);
    // A field that is a struct is read only after its header was written.
    if (outer?.kind === "struct") this.#nameField(outer);
    this.#steps.push({ kind: "struct", type: struct, name: "", at: 0, left: 0, elements: [], reads: this.#reads.count, key: undefined });
    if (this.#steps.length > this.#maxDepth) throw tooDeep(this.#maxDepth);
  }

  end(): void {
    this.#steps.pop();
    this.#done();
  }

  boolField(id: number, value: boolean): void {
    this.#field(id);
    this.#require("bool", value, typeof value === "boolean");
  }
  byteField(id: number, value: number): void {
    this.#field(id);
    this.#integer("byte", value, 8);
  }
  i16Field(id: number, value: number): void {
    this.#field(id);
    this.#integer("i16", value, 16);
  }
  i32Field(id: number, value: number): void {
    this.#field(id);
    this.#integer("i32", value, 32);
  }
  i64Field(id: number, value: bigint): void {
    this.#field(id);
    this.#i64(value);
  }
  i64NumberField(id: number, value: number): void {
    this.#field(id);
    this.#require("i64Number", value, Number.isSafeInteger(value));
  }
  i64StringField(id: number, value: string): void {
    this.#field(id);
    parseI64(value);
  }
  doubleField(id: number, value: number): void {
    this.#field(id);
    this.#require("double", value, typeof value === "number");
  }
  stringField(id: number, value: string): void {
    this.#field(id);
    this.#string(value);
  }
  binaryField(id: number, value: Uint8Array): void {
    this.#field(id);
    this.#require("binary", value, value instanceof Uint8Array);
  }
  uuidField(id: number, value: string): void {
    this.#field(id);
    this.#uuid(value);
  }
  structField(id: number): void {
    this.#field(id);
  }
  listField(id: number, elementType: number, count: number, list?: unknown): void {
    this.#containerField(id, "list", [elementType], count, list);
  }
  setField(id: number, elementType: number, count: number, set?: unknown): void {
    this.#containerField(id, "set", [elementType], count, set);
  }
  mapField(id: number, keyType: number, valueType: number, count: number, map?: unknown): void {
    this.#containerField(id, "map", [keyType, valueType], count, map);
  }

  bool(value: boolean): void {
    this.#require("bool", value, typeof value === "boolean");
    this.#done();
  }
  byte(value: number): void {
    this.#integer("byte", value, 8);
    this.#done();
  }
  i16(value: number): void {
    this.#integer("i16", value, 16);
    this.#done();
  }
  i32(value: number): void {
    this.#integer("i32", value, 32);
    this.#done();
  }
  i64(value: bigint): void {
    this.#i64(value);
    this.#done();
  }
  i64Number(value: number): void {
    this.#require("i64Number", value, Number.isSafeInteger(value));
    this.#done();
  }
  i64String(value: string): void {
    parseI64(value);
    this.#done();
  }
  double(value: number): void {
    this.#require("double", value, typeof value === "number");
    this.#done();
  }
  string(value: string): void {
    this.#string(value);
    this.#done();
  }
  binary(value: Uint8Array): void {
    this.#require("binary", value, value instanceof Uint8Array);
    this.#done();
  }
  uuid(value: string): void {
    this.#uuid(value);
    this.#done();
  }
  list(elementType: number, count: number, list?: unknown): void {
    this.#container("list", [elementType], count, list);
  }
  set(elementType: number, count: number, set?: unknown): void {
    this.#container("set", [elementType], count, set);
  }
  map(keyType: number, valueType: number, count: number, map?: unknown): void {
    this.#container("map", [keyType, valueType], count, map);
  }
  unknown(_fields: UnknownFields | undefined): void {}

  #field(id: number): void {
    const step = this.#steps.at(-1);
    if (step === undefined) return;
    step.at = id;
    this.#nameField(step);
  }

  #nameField(step: Step): void {
    const root = step === this.#steps[0] ? this.#names : undefined;
    step.name = root === undefined ? this.#reads.property : (root[step.at] ?? `argument${step.at}`);
  }

  /** What is read last of an object that was taken for a container is its count. */
  #containerField(id: number, kind: keyof typeof IS, elements: readonly number[], count: number, value: unknown): void {
    this.#field(id);
    const step = this.#steps.at(-1);
    const name = this.#reads.nameOf(value);
    if (step !== undefined && name !== undefined) step.name = name;
    this.#container(kind, elements, count, value);
  }

  #container(kind: keyof typeof IS, elements: readonly number[], count: number, value: unknown): void {
    if ((count | 0) !== count || !IS[kind](value)) throw wrongContainer(kind, value);
    if (count === 0) {
      this.#done();
      return;
    }
    const left = elements.length * count;
    this.#steps.push({ kind: "container", type: "", name: "", at: 0, left, elements, reads: this.#reads.count, key: undefined });
  }

  /** A value is complete: if it was a container's last, the container is, too. */
  #done(): void {
    for (let step = this.#steps.at(-1); step?.kind === "container"; step = this.#steps.at(-1)) {
      step.at++;
      if (--step.left > 0) return;
      this.#steps.pop();
    }
  }

  #integer(expected: Expected, value: unknown, bits: number): void {
    this.#require(expected, value, typeof value === "number" && (value << (32 - bits)) >> (32 - bits) === value);
  }

  #i64(value: unknown): void {
    this.#require("i64", value, typeof value === "bigint" && BigInt.asIntN(64, value) === value);
  }

  #string(value: unknown): void {
    this.#require("string", value, typeof value === "string");
    this.#require("wellFormed", value, typeof value === "string" && value.isWellFormed());
  }

  #uuid(value: unknown): void {
    this.#require("uuid", value, typeof value === "string" && UUID_FORM.test(value));
  }

  #require(expected: Expected, value: unknown, holds: boolean): void {
    if (!holds) throw wrongValue(expected, value);
  }
}
