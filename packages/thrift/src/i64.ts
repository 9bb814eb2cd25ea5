/** 64-bit integers as decimal text. */
import { wrongValue } from "./value-error.ts";

const DECIMAL = /^-?[0-9]{1,19}$/;

/** Throws for anything but decimal text of an integer of 64 bits. `id` is the field's, for the text. */
export function parseI64(text: string, id?: number): bigint {
  if (typeof text !== "string" || !DECIMAL.test(text)) throw wrongValue("i64String", text, id);
  const value = BigInt(text);
  if (BigInt.asIntN(64, value) !== value) throw wrongValue("i64String", text, id);
  return value;
}
