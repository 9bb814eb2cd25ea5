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
import { shown, tooDeep, ValueError, wrongContainer, wrongValue, type Expected } from "./value-error.ts";

/** Beyond any writer's own limit; only for values that contain themselves. */
const MAX_DEPTH = 2048;
/** Steps of a path shown from its beginning and from its end. */
const SHOWN_STEPS = 8;
/** What can stand after a dot. */
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

const IS = { list: isList, set: isSet, map: isMap } as const;

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
  const tracer = new TracingWriter(reads, names);
  try {
    write(tracer, reads.observe(value));
  } catch (found) {
    return new ValueError(`${what}: ${tracer.path()}${tracer.problem(found)}`, causeOf(reason));
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
  readonly map: boolean;
  /** Of the entry of a map. */
  key: unknown;
}

class TracingWriter implements ThriftWriter {
  readonly #steps: Step[] = [];
  readonly #reads: Reads;
  readonly #names: RootNames | undefined;

  constructor(reads: Reads, names: RootNames | undefined) {
    this.#reads = reads;
    this.#names = names;
    reads.onKey = (key) => {
      const step = this.#steps.at(-1);
      if (step !== undefined) step.key = key;
    };
  }

  /** Where it stopped, ready to stand before a text. */
  path(): string {
    const parts = this.#steps.map(({ kind, name, at, map, key }) => {
      if (kind === "struct") return name === "" || IDENTIFIER.test(name) ? name && `.${name}` : `[${JSON.stringify(name)}]`;
      if (!map) return `[${at}]`;
      return at % 2 === 0 ? `[key ${shown(key)}]` : `[${shown(key)}]`;
    });
    const known = parts.filter((part) => part !== "");
    if (known.length === 0) return "";
    const some = known.length <= 2 * SHOWN_STEPS ? known : [...known.slice(0, SHOWN_STEPS), " … ", ...known.slice(-SHOWN_STEPS)];
    return `${some.join("").replace(/^\./, "")}: `;
  }

  /** What is wrong there. */
  problem(found: unknown): string {
    const step = this.#steps.at(-1);
    // JavaScript's own words, when the first field of what is no struct is asked for.
    const nothing =
      found instanceof TypeError && !(found instanceof ValueError) ? /properties of (null|undefined)/.exec(found.message) : null;
    if (nothing !== null && step?.kind === "struct" && step.at === 0) return `expected ${step.type} (an object), got ${nothing[1]}`;
    return textOf(found);
  }

  begin(struct = "a struct"): void {
    const outer = this.#steps.at(-1);
    // A field that is a struct is read only after its header was written.
    if (outer?.kind === "struct") this.#nameField(outer);
    this.#steps.push({ kind: "struct", type: struct, name: "", at: 0, left: 0, map: false, key: undefined });
    if (this.#steps.length > MAX_DEPTH) throw tooDeep(MAX_DEPTH);
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
  listField(id: number, _elementType: number, count: number, list?: unknown): void {
    this.#containerField(id, "list", count, list);
  }
  setField(id: number, _elementType: number, count: number, set?: unknown): void {
    this.#containerField(id, "set", count, set);
  }
  mapField(id: number, _keyType: number, _valueType: number, count: number, map?: unknown): void {
    this.#containerField(id, "map", count, map);
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
  list(_elementType: number, count: number, list?: unknown): void {
    this.#container("list", count, list);
  }
  set(_elementType: number, count: number, set?: unknown): void {
    this.#container("set", count, set);
  }
  map(_keyType: number, _valueType: number, count: number, map?: unknown): void {
    this.#container("map", count, map);
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
  #containerField(id: number, kind: "list" | "set" | "map", count: number, value: unknown): void {
    this.#field(id);
    const step = this.#steps.at(-1);
    const name = this.#reads.nameOf(value);
    if (step !== undefined && name !== undefined) step.name = name;
    this.#container(kind, count, value);
  }

  #container(kind: "list" | "set" | "map", count: number, value: unknown): void {
    if ((count | 0) !== count || !IS[kind](value)) throw wrongContainer(kind, value);
    const map = kind === "map";
    if (count === 0) this.#done();
    else this.#steps.push({ kind: "container", type: "", name: "", at: 0, left: map ? 2 * count : count, map, key: undefined });
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
