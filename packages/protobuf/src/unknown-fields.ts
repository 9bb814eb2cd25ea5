/** What a message carries that its schema does not know. */

/** A field that the schema does not know, as it came. */
export interface UnknownField {
  /** `(number << 3) | wire type`. */
  readonly tag: number;
  /** What stood behind the tag; of a group all up to and with the tag that ends it. */
  readonly bytes: Uint8Array;
}

export type UnknownFields = UnknownField[];

/** What every message may carry besides its fields: what the schema does not know, extensions among it. */
export interface Unknowing {
  $unknown?: UnknownFields | undefined;
}
