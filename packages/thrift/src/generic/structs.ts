/**
 * The codecs of structs, unions and exceptions: plain objects by field name, a union with its one member.
 *
 * Written: what is absent or null is left out if optional; else the IDL's default takes its place, else the type's zero
 * value (nothing for a struct); a required field must be there. Read: what did not come has the IDL's default or is
 * absent; a required field must have come.
 */
import { hasFields, noneOf } from "@kiteline/net";
import { annotation, type Field, type Struct } from "../idl/model.ts";
import type { ThriftReader, ThriftWriter } from "../protocol.ts";
import { emptyUnion, missingField } from "../struct-errors.ts";
import { ValueError, wrongStruct } from "../value-error.ts";
import { STRUCT, fieldKey } from "../wire-types.ts";
import { within } from "./within.ts";
import type { ValueCodec } from "./value-codec.ts";

export type StructObject = Record<string, unknown>;

/** A field as its struct writes and reads it. */
export interface FieldEntry {
  readonly id: number;
  readonly name: string;
  readonly codec: ValueCodec;
  readonly required: boolean;
  readonly optional: boolean;
  /** Makes the IDL's default. */
  readonly makeDefault: (() => unknown) | undefined;
}

export class StructValueCodec implements ValueCodec {
  readonly wireType: number = STRUCT;
  readonly zero: unknown = undefined;
  readonly #name: string;
  readonly #isUnion: boolean;
  readonly #strictNames: boolean;
  readonly #compile: () => readonly FieldEntry[];
  #entries: readonly FieldEntry[] | undefined;
  #byKey: ReadonlyMap<number, FieldEntry> = new Map();
  #names: ReadonlySet<string> = new Set();
  /** Those that reading must look after in the end. */
  #awaited: readonly FieldEntry[] = [];

  /** `compile` is called when first used, so that structs can hold themselves. */
  constructor(struct: Pick<Struct, "kind" | "name">, strictNames: boolean, compile: () => readonly FieldEntry[]) {
    this.#name = struct.name;
    this.#isUnion = struct.kind === "union";
    this.#strictNames = strictNames;
    this.#compile = compile;
  }

  writeField(out: ThriftWriter, id: number, value: unknown): void {
    out.structField(id);
    this.write(out, value);
  }

  write(out: ThriftWriter, value: unknown): void {
    const entries = (this.#entries ??= this.#prepare());
    if (!hasFields(value)) throw wrongStruct(this.#name, value);
    const object = value as StructObject;
    if (this.#strictNames) this.#checkNames(object);
    if (this.#isUnion) this.#checkUnion(object, entries);
    out.begin(this.#name);
    let isBare = entries.length > 0;
    for (const entry of entries) {
      const given = own(object, entry.name);
      if (given !== undefined) isBare = false;
      const written = given ?? this.#absent(entry);
      if (written === undefined) continue;
      try {
        entry.codec.writeField(out, entry.id, written);
      } catch (error) {
        throw within(error, `.${entry.name}`);
      }
    }
    if (isBare) this.#requireNothing(object);
    out.end();
  }

  read(inp: ThriftReader): StructObject {
    this.#entries ??= this.#prepare();
    const object: StructObject = {};
    let count = 0;
    inp.enter();
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) {
      const entry = this.#byKey.get(key);
      if (entry === undefined) inp.skip(key);
      else {
        put(object, entry.name, entry.codec.read(inp));
        count++;
      }
    }
    inp.leave();
    if (this.#isUnion && count === 0) throw emptyUnion(this.#name);
    for (const entry of this.#awaited) {
      if (Object.hasOwn(object, entry.name)) continue;
      if (entry.makeDefault !== undefined) put(object, entry.name, entry.makeDefault());
      else throw missingField(this.#name, entry.id, entry.name);
    }
    return object;
  }

  #prepare(): readonly FieldEntry[] {
    const entries = this.#compile();
    this.#byKey = new Map(entries.map((entry) => [fieldKey(entry.id, entry.codec.wireType), entry]));
    this.#names = new Set(entries.map((entry) => entry.name));
    this.#awaited = this.#isUnion ? [] : entries.filter((entry) => entry.required || entry.makeDefault !== undefined);
    return entries;
  }

  #absent(entry: FieldEntry): unknown {
    if (entry.optional || this.#isUnion) return undefined;
    if (entry.makeDefault !== undefined) return entry.makeDefault();
    if (entry.required) throw new ValueError(`required by ${this.#name}, but absent`).within(`.${entry.name}`);
    return entry.codec.zero;
  }

  #checkNames(object: StructObject): void {
    for (const name of Object.keys(object)) {
      if (!this.#names.has(name))
        throw new ValueError(`${this.#name} has no such field; it has ${[...this.#names].join(", ")}`).within(`.${name}`);
    }
  }

  /** No field is set: then there is nothing else, or a name is misspelt. */
  #requireNothing(object: StructObject): void {
    const names = Object.keys(object);
    if (names.some((name) => this.#names.has(name)) || names.every((name) => object[name] === undefined || object[name] === null)) return;
    throw new ValueError(noneOf(this.#name, this.#names, object));
  }

  #checkUnion(object: StructObject, entries: readonly FieldEntry[]): void {
    const given = entries.filter((entry) => (own(object, entry.name) ?? undefined) !== undefined);
    if (given.length === 1) return;
    const names = entries.map((entry) => entry.name).join(", ");
    throw new ValueError(
      `expected exactly one member of the union ${this.#name} (${names}), got ${given.length === 0 ? "none" : given.map((entry) => entry.name).join(", ")}`,
    );
  }
}

/** The field's name outside: that of a `json` tag in the annotation `go.tag`, or its own. */
export function nameOf(field: Field, goTags: boolean): string {
  const tag = goTags ? /(?:^|\s)json:"([^",]+)/.exec(annotation(field, "go.tag") ?? "")?.[1] : undefined;
  return tag === undefined || tag === "-" ? field.name : tag;
}

/** Not what an object inherits: a field may be called `constructor`. */
function own(object: StructObject, name: string): unknown {
  const value = object[name];
  return value === undefined || !(name in Object.prototype) || Object.hasOwn(object, name) ? value : undefined;
}

/** A field may be called `__proto__`, too. */
function put(object: StructObject, name: string, value: unknown): void {
  if (name === "__proto__") Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}
