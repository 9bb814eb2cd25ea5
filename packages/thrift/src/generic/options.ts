/** What can be said of calls without generated code, and what their two sides look like. */

export interface JsonOptions {
  /** Whether binary is base64; else it is text, which fails for bytes that are not UTF-8. Defaults to true. */
  readonly base64?: boolean | undefined;
  /** 64-bit integers as JSON numbers, all digits kept, or as strings, for readers that round. Both are accepted. Defaults to `number`. */
  readonly i64?: "number" | "string" | undefined;
  /** Whether fields are called what the `json` tag in their annotation `go.tag` says (as in Kitex). Defaults to true. */
  readonly goTags?: boolean | undefined;
  /** Whether names that a struct does not have are errors; else they are not looked at (as in Kitex). Defaults to false. */
  readonly strictNames?: boolean | undefined;
}

export interface MapOptions {
  /** What 64-bit integers are read as; all forms are accepted. `number` refuses those that are not safe. Defaults to `bigint`. */
  readonly i64?: "bigint" | "number" | "string" | undefined;
  /** As for JSON, but defaults to false. */
  readonly goTags?: boolean | undefined;
  /** As for JSON. */
  readonly strictNames?: boolean | undefined;
}

/**
 * How requests and replies look.
 *
 * `json`: text. A request is the JSON of the one argument; with none or several, an object of them by name.
 * `map`: JavaScript values: structs are plain objects by field name, a union has its one member, lists and sets are
 * arrays, maps are objects without a prototype (a `Map` where keys are structs, containers or binary).
 * `binary`: bytes in the binary protocol, whichever is spoken: the struct of arguments, the value of the result.
 */
export type GenericOptions = GenericJsonOptions | GenericMapOptions | GenericBinaryOptions;

export interface GenericJsonOptions extends JsonOptions {
  readonly mode: "json";
  /** Whether a request is an object of the arguments by name also where there is one. Defaults to false. */
  readonly byName?: boolean | undefined;
}

export interface GenericMapOptions extends MapOptions {
  readonly mode: "map";
}

export interface GenericBinaryOptions {
  readonly mode: "binary";
}

/** Stubs by method name, its first letter in lower case. The last parameter is the call's options. */
export type GenericClient = Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;
/** What implements them, by the same names. */
export type GenericHandler = Readonly<Record<string, (...args: never[]) => unknown>>;
