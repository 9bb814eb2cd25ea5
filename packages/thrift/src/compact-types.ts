/** How the compact protocol numbers types: other numbers than everywhere else, and two for a bool, which is its type. */

export const TRUE = 1;
export const FALSE = 2;

/** By wire type; a bool is written as `TRUE` where there is no value. 0 for types that do not exist. */
export const COMPACT_OF_WIRE: Uint8Array = Uint8Array.of(0, 0, 1, 3, 7, 0, 4, 0, 5, 0, 6, 8, 12, 11, 10, 9, 13);

/** By compact type. */
export const WIRE_OF_COMPACT: Uint8Array = Uint8Array.of(0, 2, 2, 3, 6, 8, 10, 4, 11, 15, 14, 13, 12, 16, 0, 0);
