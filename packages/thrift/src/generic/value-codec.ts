/** How values of one IDL type are written and read without generated code. Made once per type by `compile.ts`. */
import type { ThriftReader, ThriftWriter } from "../protocol.ts";

export interface ValueCodec {
  readonly wireType: number;
  /** Writes the value as a field. Throws a `ValueError` that says where. */
  writeField(out: ThriftWriter, id: number, value: unknown): void;
  /** Writes it as an element. */
  write(out: ThriftWriter, value: unknown): void;
  read(inp: ThriftReader): unknown;
  /** What a field holds that is neither given nor optional; `undefined` where nothing is written then. */
  readonly zero: unknown;
  /** How it is the key of an object; absent for types whose values are no text. */
  readonly key?: KeyText | undefined;
}

export interface KeyText {
  /** Of a value that was read. */
  readonly toText: (value: unknown) => string;
  /** A value that can be written; one that is not the type's is refused there. */
  readonly fromText: (text: string) => unknown;
}

/** What tells JSON from maps of JavaScript values. */
export interface Dialect {
  /** What 64-bit integers are read as; `exact` is a number or, beyond the safe integers, raw JSON. All forms are written. */
  readonly i64: "bigint" | "number" | "string" | "exact";
  /** `text` is UTF-8 in a string. */
  readonly binary: "bytes" | "base64" | "text";
  /** Whether doubles that JSON has no number for are strings: `NaN`, `Infinity`, `-Infinity`. */
  readonly nonFiniteText: boolean;
  /** Whether the names in `go.tag` annotations count. */
  readonly goTags: boolean;
  /** Whether maps whose keys are no text are arrays of pairs; else they are a `Map`. */
  readonly pairs: boolean;
  /** Whether a name that a struct does not have is an error; else it is not looked at. */
  readonly strictNames: boolean;
}
