/** Messages as JSON (protobuf.dev, "ProtoJSON Format"), as values or as text. */
import { ValueError } from "@kiteline/net";
import { parseJson, rawJson } from "@kiteline/net/json-text";
import type { MessageCodec } from "../codec.ts";
import { typeOf } from "../schema/schema-of.ts";
import { JsonReader } from "./json-reader.ts";
import { JsonWriter } from "./json-writer.ts";
import type { JsonReadOptions, JsonValue, JsonWriteOptions } from "./options.ts";

/** Throws `ValueError` with the path for a value that is not what the schema asks for, or that JSON cannot hold. */
export function toJson<Init>(codec: MessageCodec<unknown, Init>, message: Init, options: JsonWriteOptions = {}): JsonValue {
  return new JsonWriter(options).message(typeOf(codec), message as Record<string, unknown>);
}

/** Throws `ValueError` with the path for what the schema does not ask for. */
export function fromJson<T>(codec: MessageCodec<T, never>, json: JsonValue, options: JsonReadOptions = {}): T {
  return new JsonReader(options).message(typeOf(codec), json) as T;
}

/** The same as text. */
export function toJsonText<Init>(codec: MessageCodec<unknown, Init>, message: Init, options: JsonWriteOptions = {}): string {
  const writer = new JsonWriter(options);
  const json = writer.message(typeOf(codec), message as Record<string, unknown>);
  return JSON.stringify(json, writer.hasMinusZero ? keepMinusZero : undefined);
}

function keepMinusZero(_name: string, value: unknown): unknown {
  return Object.is(value, -0) ? rawJson("-0") : value;
}

/** The same from text, where 64-bit integers keep their digits. */
export function fromJsonText<T>(codec: MessageCodec<T, never>, text: string, options?: JsonReadOptions): T {
  const json = parseJson(text) as JsonValue;
  // Of two members of one name `JSON.parse` takes the last.
  if (namesInText(text) !== namesIn(json)) throw new ValueError("expected JSON whose objects have each name once, got one twice");
  return fromJson(codec, json, options);
}

const COLON = /\s*:/y;

/** How many members the objects of a well-formed JSON text have, all together: strings with a colon behind them. */
function namesInText(text: string): number {
  let count = 0;
  // Step by step: an expression for strings would remember each character of a long one.
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === "\\") at++;
    COLON.lastIndex = ++at;
    if (COLON.test(text)) count++;
  }
  return count;
}

function namesIn(json: JsonValue): number {
  let count = 0;
  const left: JsonValue[] = [json];
  for (let each = left.pop(); each !== undefined; each = left.pop()) {
    if (typeof each !== "object" || each === null) continue;
    const inner: readonly JsonValue[] = Array.isArray(each) ? each : Object.values(each);
    if (!Array.isArray(each)) count += inner.length;
    for (const one of inner) left.push(one);
  }
  return count;
}
