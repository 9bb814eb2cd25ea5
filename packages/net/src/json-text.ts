/**
 * JSON texts whose integers keep all their digits: beyond the safe integers a bigint going in, raw JSON going out. Not in the
 * index: calls need none of it.
 */
import { ValueError } from "./value-error.ts";

/** A text that `JSON.stringify` puts out as it is. */
export interface RawJson {
  readonly rawJSON: string;
}

/** What TypeScript does not yet know of `JSON` (ECMAScript's "JSON.parse source text access"). */
interface JsonWithSource {
  rawJSON(text: string): RawJson;
  isRawJSON(value: unknown): value is RawJson;
  parse(text: string, reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown;
}
const json = JSON as unknown as JsonWithSource;

/** Whatever has fewer digits in a row is a safe integer. */
const LONG = /[0-9]{16}/;
const INTEGER = /^-?[0-9]+$/;
/** No integer that a field can have is longer: of what is, no bigint is calculated. */
const MOST_DIGITS = 40;

export function parseJson(text: unknown): unknown {
  if (typeof text !== "string") throw new ValueError(`expected JSON as a string, got ${typeof text}`);
  try {
    // Looking at every value is three times as slow: only where it can matter.
    return LONG.test(text) ? json.parse(text, keepDigits) : JSON.parse(text);
  } catch (error) {
    throw new ValueError(`expected JSON: ${(error as Error).message}`, { cause: error });
  }
}

function keepDigits(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const { source } = context;
  return source !== undefined && source.length <= MOST_DIGITS && INTEGER.test(source) ? BigInt(source) : value;
}

export function rawJson(text: string): RawJson {
  return json.rawJSON(text);
}

export function isRawJson(value: unknown): value is RawJson {
  return json.isRawJSON(value);
}
