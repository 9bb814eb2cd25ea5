/** 64-bit integers in the forms that JavaScript has for them besides bigint. */
import { DecodeError } from "@kiteline/net";
import { wrongValue } from "./value-errors.ts";

const DECIMAL = /^-?[0-9]{1,20}$/;

/** Throws a `DecodeError` for what a number cannot hold. */
export function safeNumber(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new DecodeError(`the 64-bit integer ${value} is no safe integer: generate the field as bigint or string (jstype, --i64)`);
}

/** Throws a `ValueError` for what is no integer. Whether it has 64 bits is for whoever writes it. */
export function toBigInt(value: number | string): bigint {
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw wrongValue("safe", value);
  } else if (typeof value !== "string" || !DECIMAL.test(value)) {
    throw wrongValue("decimal", value);
  }
  return BigInt(value);
}
