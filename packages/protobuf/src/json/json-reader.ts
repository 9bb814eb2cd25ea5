/** JSON to messages. Throws `ValueError` with the path for what the schema does not ask for. */
import { suggest } from "@kiteline/core";
import { shown, ValueError } from "@kiteline/net";
import { extensionCodec } from "../dynamic/extension-codec.ts";
import { formOf } from "../dynamic/scalars.ts";
import { put, type DynamicMessage } from "../dynamic/dynamic-codec.ts";
import { typeNameOf } from "../any.ts";
import { encode } from "../encode.ts";
import { writeExtension } from "../extensions.ts";
import type { EnumShape, Field, MessageType, ScalarShape, Shape } from "../schema/model.ts";
import { codecOf } from "../schema/schema-of.ts";
import { parseFieldMask } from "./field-mask-text.ts";
import type { JsonReadOptions, JsonValue } from "./options.ts";
import { enumFromJson, keyFromJson, scalarFromJson } from "./scalars.ts";
import { parseDuration, parseTimestamp, type SecondsAndNanos } from "./time-text.ts";
import { isSpecial, WRAPPERS } from "./well-known.ts";
import { within } from "./within.ts";

type JsonObject = Readonly<Record<string, JsonValue>>;

const NAMES = new WeakMap<MessageType, ReadonlyMap<string, Field>>();

export class JsonReader {
  readonly #options: JsonReadOptions;
  readonly #maxDepth: number;
  #depth = 0;

  constructor(options: JsonReadOptions) {
    this.#options = options;
    this.#maxDepth = options.maxDepth ?? 100;
  }

  message(type: MessageType, json: JsonValue): DynamicMessage {
    if (this.#depth >= this.#maxDepth) throw new ValueError(`messages are nested more than maxDepth (${this.#maxDepth}) deep`);
    this.#depth++;
    const message = codecOf(type).empty() as DynamicMessage;
    if (isSpecial(type.name)) this.#special(type, json, message);
    else this.#plain(type, json, message);
    this.#depth--;
    return message;
  }

  #plain(type: MessageType, json: JsonValue, message: DynamicMessage): void {
    const names = namesOf(type);
    const seen = new Set<unknown>();
    for (const [name, value] of Object.entries(objectOf(json, type.name))) {
      const field = names.get(name) ?? this.#extension(type, name);
      if (field === undefined) {
        if (this.#options.ignoreUnknown === true) continue;
        const [hint = "there is none like it"] = suggest(name, [...names.keys()]);
        throw new ValueError(`${type.name} has no field ${shown(name)}; ${hint}`);
      }
      if (seen.has(field)) throw new ValueError(`the field ${field.name} of ${type.name} comes twice`);
      seen.add(field);
      if (value === null && !takesNull(field)) continue;
      if (field.oneof !== undefined) {
        if (seen.has(field.oneof)) throw new ValueError(`the oneof ${field.oneof.name} of ${type.name} comes twice`);
        seen.add(field.oneof);
      }
      within(`.${name}`, () => this.#field(field, value, message));
    }
    for (const field of type.fields) {
      if (field.presence === "required" && message[field.property] === undefined)
        throw new ValueError(`${type.name} lacks its required field ${field.name}`);
    }
  }

  #field(field: Field, json: JsonValue, message: DynamicMessage): void {
    if (field.extendee !== undefined) {
      const inner = { value: field.cardinality === "repeated" ? [] : undefined } as DynamicMessage;
      this.#fieldInto(field, json, inner);
      writeExtension(message, field.number, extensionCodec(field), inner);
    } else this.#fieldInto(field, json, message);
  }

  #fieldInto(field: Field, json: JsonValue, message: DynamicMessage): void {
    const { shape, cardinality } = field;
    switch (cardinality) {
      case "singular": {
        const value = this.#one(shape, json);
        if (value !== undefined) put(message, field, value);
        return;
      }
      case "repeated":
        if (!Array.isArray(json)) throw new ValueError(`expected an array, got ${shown(json)}`);
        for (const [index, each] of (json as readonly JsonValue[]).entries()) {
          const value = within(`[${index}]`, () => this.#one(shape, each));
          if (value !== undefined) put(message, field, value);
        }
        return;
      case "map": {
        const map = message[field.property] as Map<unknown, unknown>;
        for (const [name, each] of Object.entries(objectOf(json, "a map"))) {
          within(`[${JSON.stringify(name)}]`, () => {
            const key = keyFromJson(field.key!, name);
            if (map.has(key)) throw new ValueError("the key comes twice");
            const value = this.#one(shape, each);
            if (value !== undefined) map.set(key, value);
          });
        }
        return;
      }
    }
  }

  /** Undefined for a name of an enum's value that is not known and ignored. */
  #one(shape: Shape, json: JsonValue): unknown {
    switch (shape.kind) {
      case "scalar":
        return scalarFromJson(shape, json);
      case "enum":
        return enumFromJson(shape.enum, json, this.#options.ignoreUnknown ?? false);
      case "message":
        return this.message(shape.message, json);
    }
  }

  #extension(type: MessageType, name: string): Field | undefined {
    if (!name.startsWith("[") || !name.endsWith("]")) return undefined;
    const field = this.#options.registry?.extension(name.slice(1, -1));
    return field?.extendee?.name === type.name ? field : undefined;
  }

  /** Messages that have a form of their own. */
  #special(type: MessageType, json: JsonValue, message: DynamicMessage): void {
    const first = type.fields[0]!;
    if (WRAPPERS.has(type.name)) {
      message[first.property] = this.#one(first.shape, json);
      return;
    }
    switch (type.name) {
      case "google.protobuf.Timestamp":
        setTime(type, message, parseTimestamp(json));
        return;
      case "google.protobuf.Duration":
        setTime(type, message, parseDuration(json));
        return;
      case "google.protobuf.FieldMask":
        message["paths"] = parseFieldMask(json);
        return;
      case "google.protobuf.Struct":
      case "google.protobuf.ListValue":
        this.#fieldInto(first, json, message);
        return;
      case "google.protobuf.Value":
        this.#anyValue(type, json, message);
        return;
      default:
        this.#any(json, message);
    }
  }

  #anyValue(type: MessageType, json: JsonValue, message: DynamicMessage): void {
    const name = kindOf(json);
    const field = type.fields.find((each) => each.property === name);
    if (field === undefined) throw new ValueError(`expected a value of JSON, got ${shown(json)}`);
    put(message, field, this.#one(field.shape, json));
  }

  #any(json: JsonValue, message: DynamicMessage): void {
    const { "@type": url, ...rest } = objectOf(json, "an Any");
    if (url === undefined) {
      if (Object.keys(rest).length === 0) return;
      throw new ValueError("expected an Any with its type in @type");
    }
    if (typeof url !== "string" || !url.includes("/")) throw new ValueError(`expected a type's URL in @type, got ${shown(url)}`);
    const name = typeNameOf(url);
    const type = this.#options.registry?.message(name);
    if (type === undefined)
      throw new ValueError(`the registry knows no message ${shown(name)}, which an Any holds; pass one in the option registry`);
    if (isSpecial(name) && rest["value"] === undefined) throw new ValueError(`expected an Any of ${name} with its value`);
    const inner = this.message(type, isSpecial(name) ? rest["value"]! : rest);
    message["typeUrl"] = url;
    message["value"] = encode(codecOf(type), inner);
  }
}

function objectOf(json: JsonValue, what: string): JsonObject {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as JsonObject;
  throw new ValueError(`expected ${what} (an object), got ${shown(json)}`);
}

/** For two fields, null is a value. */
function takesNull({ shape, cardinality }: Field): boolean {
  if (cardinality !== "singular") return false;
  if (shape.kind === "message") return shape.message.name === "google.protobuf.Value";
  return shape.kind === "enum" && shape.enum.name === "google.protobuf.NullValue";
}

function kindOf(json: JsonValue): string {
  switch (typeof json) {
    case "string":
      return "stringValue";
    case "number":
    case "bigint":
      return "numberValue";
    case "boolean":
      return "boolValue";
    default:
      return json === null ? "nullValue" : Array.isArray(json) ? "listValue" : "structValue";
  }
}

function setTime(type: MessageType, message: DynamicMessage, { seconds, nanos }: SecondsAndNanos): void {
  const shape = type.fields[0]!.shape as ScalarShape | EnumShape;
  message["seconds"] = formOf(shape, seconds);
  message["nanos"] = nanos;
}

/** Fields by both of their names. */
function namesOf(type: MessageType): ReadonlyMap<string, Field> {
  let names = NAMES.get(type);
  if (names === undefined) {
    names = new Map([
      ...type.fields.map((each) => [each.name, each] as const),
      ...type.fields.map((each) => [each.jsonName, each] as const),
    ]);
    NAMES.set(type, names);
  }
  return names;
}
