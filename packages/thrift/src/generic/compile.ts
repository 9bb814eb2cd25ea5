/** Makes codecs of IDL types, once per type and dialect: trees of closures, no code made from text. */
import { rawJson } from "@kiteline/net/json-text";
import { annotation, plainType, type Field, type Struct, type Type, type Value } from "../idl/model.ts";
import { listCodec, mapCodec, setCodec } from "./containers.ts";
import { enumCodec, scalarCodec } from "./scalars.ts";
import { nameOf, StructValueCodec, type FieldEntry } from "./structs.ts";
import type { Dialect, ValueCodec } from "./value-codec.ts";

export class Compiler {
  readonly #dialect: Dialect;
  readonly #structs = new Map<Struct, StructValueCodec>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  codec(type: Type): ValueCodec {
    const plain = plainType(type);
    switch (plain.kind) {
      case "struct":
        return this.struct(plain.definition);
      case "enum":
        return enumCodec(plain.definition);
      case "list":
        return listCodec(this.codec(plain.element));
      case "set":
        return setCodec(this.codec(plain.element));
      case "map":
        return mapCodec(this.codec(plain.key), this.codec(plain.value), this.#dialect.pairs);
      default:
        return scalarCodec(plain.kind, this.#dialect);
    }
  }

  /** The same struct gives the same codec. */
  struct(definition: Struct): StructValueCodec {
    let codec = this.#structs.get(definition);
    if (codec === undefined) {
      codec = new StructValueCodec(definition, this.#dialect.strictNames, () => definition.fields.map((field) => this.#entry(field)));
      this.#structs.set(definition, codec);
    }
    return codec;
  }

  /** The arguments of a function, as a struct. All of them must be there. */
  arguments(name: string, fields: readonly Field[]): StructValueCodec {
    const entries = fields.map((field) => ({ ...this.#entry(field), required: true, optional: false }));
    return new StructValueCodec({ kind: "struct", name }, this.#dialect.strictNames, () => entries);
  }

  /** What fields are called. */
  names(fields: readonly Field[]): readonly string[] {
    return fields.map((field) => nameOf(field, this.#dialect.goTags));
  }

  #entry(field: Field): FieldEntry {
    const { value } = field;
    return {
      id: field.id,
      name: nameOf(field, this.#dialect.goTags),
      codec: this.#converted(field) ?? this.codec(field.type),
      required: field.requiredness === "required",
      optional: field.requiredness === "optional",
      makeDefault: value === undefined ? undefined : () => this.#present(value, plainType(field.type)),
    };
  }

  /** CloudWeGo's `api.js_conv` asks for text where an i64 would be a number. */
  #converted(field: Field): ValueCodec | undefined {
    const asked = annotation(field, "api.js_conv");
    if (asked === undefined || this.#dialect.i64 !== "exact" || plainType(field.type).kind !== "i64") return undefined;
    return scalarCodec("i64", { ...this.#dialect, i64: "string" });
  }

  /** A default as reading would give it. */
  #present(value: Value, type: ReturnType<typeof plainType>): unknown {
    switch (value.kind) {
      case "bool":
      case "double":
      case "enum":
        return this.#dialect.nonFiniteText && typeof value.value === "number" && !Number.isFinite(value.value)
          ? String(value.value)
          : value.value;
      case "integer":
        return type.kind === "i64" ? this.#presentI64(value.value) : Number(value.value);
      case "string":
        return type.kind === "binary" ? this.#presentBinary(value.value) : value.value;
      case "list":
        return value.elements.map((element) => this.#present(element, plainType((type as { readonly element: Type }).element)));
      case "map": {
        const { key, value: held } = type as { readonly key: Type; readonly value: Type };
        const entries = value.entries.map(([k, v]): [unknown, unknown] => [
          this.#present(k, plainType(key)),
          this.#present(v, plainType(held)),
        ]);
        const keyText = this.codec(key).key;
        if (keyText === undefined) return this.#dialect.pairs ? entries : new Map(entries);
        const object = Object.create(null) as Record<string, unknown>;
        for (const [k, v] of entries) object[keyText.toText(k)] = v;
        return object;
      }
      case "struct": {
        const object: Record<string, unknown> = {};
        for (const field of value.definition.fields) {
          const given = value.fields.get(field) ?? (value.definition.kind === "union" ? undefined : field.value);
          if (given !== undefined) object[nameOf(field, this.#dialect.goTags)] = this.#present(given, plainType(field.type));
        }
        return object;
      }
    }
  }

  #presentI64(value: bigint): unknown {
    switch (this.#dialect.i64) {
      case "bigint":
        return value;
      case "string":
        return String(value);
      case "number":
      case "exact":
        return Number.isSafeInteger(Number(value)) ? Number(value) : this.#dialect.i64 === "exact" ? rawJson(String(value)) : value;
    }
  }

  #presentBinary(text: string): unknown {
    switch (this.#dialect.binary) {
      case "bytes":
        return new TextEncoder().encode(text);
      case "base64":
        return Buffer.from(text).toString("base64");
      case "text":
        return text;
    }
  }
}
