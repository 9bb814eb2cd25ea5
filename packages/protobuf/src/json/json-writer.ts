/** Messages to JSON. Throws `ValueError` with the path for a value that is not what the schema asks for, or that JSON cannot hold. */
import { ValueError } from "@kiteline/net";
import { typeNameOf } from "../any.ts";
import { decode } from "../encode.ts";
import { isOneof, type Field, type MessageType, type Oneof, type Shape } from "../schema/model.ts";
import { codecOf } from "../schema/schema-of.ts";
import { isZero } from "../dynamic/scalars.ts";
import { extensionCodec } from "../dynamic/extension-codec.ts";
import { readExtension } from "../extensions.ts";
import type { Unknowing } from "../unknown-fields.ts";
import { nestedTooDeep, requireCase, requireMessage, requireSome, wrongCase, wrongValue } from "../value-errors.ts";
import { fieldMaskText } from "./field-mask-text.ts";
import type { JsonValue, JsonWriteOptions } from "./options.ts";
import { enumToJson, scalarToJson } from "./scalars.ts";
import { durationText, timestampText, type SecondsAndNanos } from "./time-text.ts";
import { isSpecial, WRAPPERS } from "./well-known.ts";
import { within } from "./within.ts";

const MAX_DEPTH = 1000;

type JsonObject = Record<string, JsonValue>;
type Message = Readonly<Record<string, unknown>> & Unknowing;
interface OneofValue {
  readonly case: string | undefined;
  readonly value?: unknown;
}

export class JsonWriter {
  /** Whether a -0 has been written, which `JSON.stringify` would make a 0. */
  hasMinusZero = false;
  readonly #options: JsonWriteOptions;
  #depth = 0;

  constructor(options: JsonWriteOptions) {
    this.#options = options;
  }

  message(type: MessageType, message: Message): JsonValue {
    if (this.#depth >= MAX_DEPTH) throw nestedTooDeep(MAX_DEPTH);
    requireMessage(message, type.name);
    requireSome(codecOf(type), message);
    this.#depth++;
    const json = isSpecial(type.name) ? this.#special(type, message) : this.#plain(type, message);
    this.#depth--;
    return json;
  }

  #plain(type: MessageType, message: Message): JsonObject {
    const json: JsonObject = {};
    for (const member of type.members) {
      if (isOneof(member)) this.#oneof(type, member, message[member.property] as OneofValue | undefined, json);
      else this.#field(member, message[member.property], json);
    }
    if (message.$unknown !== undefined) this.#extensions(type, message, json);
    return json;
  }

  #field(field: Field, value: unknown, json: JsonObject): void {
    const { emitDefaults = false } = this.#options;
    const empty = field.cardinality === "map" ? new Map() : [];
    if (value === undefined && !(emitDefaults && field.cardinality !== "singular")) {
      if (field.presence !== "required" || field.cardinality !== "singular") return;
    }
    within(`.${field.property}`, () => {
      const written = this.#value(field, value ?? (field.cardinality === "singular" ? value : empty), emitDefaults);
      if (written !== undefined) json[this.#nameOf(field)] = written;
    });
  }

  /** Undefined for what is not written. */
  #value(field: Field, value: unknown, emitDefaults: boolean): JsonValue | undefined {
    const { shape, cardinality } = field;
    switch (cardinality) {
      case "singular":
        if (field.presence === "implicit" && shape.kind !== "message" && !emitDefaults && isZero(shape, value)) return undefined;
        return this.#one(shape, value);
      case "repeated": {
        if (!Array.isArray(value)) throw wrongValue("array", value);
        const values: readonly unknown[] = value;
        if (values.length === 0 && !emitDefaults) return undefined;
        return values.map((each, index) => within(`[${index}]`, () => this.#one(shape, each)));
      }
      case "map": {
        if (!(value instanceof Map)) throw wrongValue("map", value);
        const entries: ReadonlyMap<unknown, unknown> = value;
        if (entries.size === 0 && !emitDefaults) return undefined;
        const json: JsonObject = {};
        for (const [key, each] of entries) {
          const name = String(scalarToJson(field.key!, key));
          // As `JSON.parse` does it: also a key that means something to objects is nothing but a key.
          Object.defineProperty(json, name, {
            value: within(`[${JSON.stringify(name)}]`, () => this.#one(shape, each)),
            enumerable: true,
            writable: true,
            configurable: true,
          });
        }
        return json;
      }
    }
  }

  #oneof(type: MessageType, oneof: Oneof, value: OneofValue | undefined, json: JsonObject): void {
    if (value?.case === undefined) {
      within(`.${oneof.property}`, () => requireCase(`${type.name}.${oneof.name}`, value));
      return;
    }
    const field = oneof.fields.find((each) => each.property === value.case);
    if (field === undefined)
      throw wrongCase(
        `${type.name}.${oneof.name}`,
        value,
        oneof.fields.map(({ property }) => property),
      );
    json[this.#nameOf(field)] = within(`.${oneof.property}.${field.property}`, () => this.#one(field.shape, value.value));
  }

  #one(shape: Shape, value: unknown): JsonValue {
    switch (shape.kind) {
      case "scalar":
        if (Object.is(value, -0)) this.hasMinusZero = true;
        return scalarToJson(shape, value);
      case "enum":
        return enumToJson(shape.enum, value, this.#options.enumsAsNumbers ?? false);
      case "message":
        return this.message(shape.message, value as Message);
    }
  }

  #nameOf(field: Field): string {
    return this.#options.protoNames === true ? field.name : field.jsonName;
  }

  #extensions(type: MessageType, message: Message, json: JsonObject): void {
    const known = this.#options.registry?.extensionsOf(type.name);
    if (known === undefined) return;
    for (const number of new Set(message.$unknown!.map((each) => each.tag >>> 3))) {
      const field = known.get(number);
      if (field === undefined) continue;
      const { value } = readExtension(message, number, extensionCodec(field)) as { readonly value?: unknown };
      const written = value === undefined ? undefined : within(`.[${field.name}]`, () => this.#value(field, value, false));
      if (written !== undefined) json[field.jsonName] = written;
    }
  }

  /** Of messages that have a form of their own. */
  #special(type: MessageType, message: Message): JsonValue {
    if (WRAPPERS.has(type.name)) {
      const { shape, property } = type.fields[0]!;
      const value = message[property];
      return this.#one(shape, value === undefined ? codecZero(type, property) : value);
    }
    switch (type.name) {
      case "google.protobuf.Timestamp":
        return timestampText(secondsAndNanos(message));
      case "google.protobuf.Duration":
        return durationText(secondsAndNanos(message));
      case "google.protobuf.FieldMask":
        return fieldMaskText((message["paths"] ?? []) as readonly string[]);
      case "google.protobuf.Struct":
        return this.#value(type.fields[0]!, message["fields"] ?? new Map(), true)!;
      case "google.protobuf.ListValue":
        return this.#value(type.fields[0]!, message["values"] ?? [], true)!;
      case "google.protobuf.Value":
        return this.#anyValue(type, message);
      default:
        return this.#any(message);
    }
  }

  #anyValue(type: MessageType, message: Message): JsonValue {
    const { case: kind, value } = (message["kind"] ?? { case: undefined }) as OneofValue;
    if (kind === "numberValue" && !Number.isFinite(value))
      throw new ValueError(`expected a number that JSON can hold, got ${String(value)}`);
    const field = type.fields.find((each) => each.property === kind);
    if (field === undefined) throw new ValueError("expected a google.protobuf.Value that is set");
    return this.#one(field.shape, value);
  }

  #any(message: Message): JsonValue {
    const { typeUrl = "", value = new Uint8Array() } = message as { readonly typeUrl?: string; readonly value?: Uint8Array };
    if (typeUrl === "") return {};
    const name = typeNameOf(typeUrl);
    const type = this.#options.registry?.message(name);
    if (type === undefined && this.#options.rawAny === true) return { "@type": typeUrl, value: Buffer.from(value).toString("base64") };
    if (type === undefined)
      throw new ValueError(`the registry knows no message ${name}, which an Any holds; pass one in the option registry`);
    const inner = decode(codecOf(type) as Parameters<typeof decode>[0], value) as Message;
    const json = this.message(type, inner);
    return isSpecial(name) ? { "@type": typeUrl, value: json } : { "@type": typeUrl, ...(json as JsonObject) };
  }
}

function codecZero(type: MessageType, property: string): unknown {
  return (codecOf(type).empty() as Message)[property];
}

function secondsAndNanos(message: Message): SecondsAndNanos {
  const { seconds = 0n, nanos = 0 } = message as { readonly seconds?: bigint | number | string; readonly nanos?: number };
  return { seconds: BigInt(seconds), nanos };
}
