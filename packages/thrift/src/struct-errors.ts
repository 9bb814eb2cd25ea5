/** What generated codecs throw for structs and unions that are not whole. */
import { DecodeError } from "@kiteline/net";
import { isStruct } from "./kinds.ts";
import { ValueError, wrongStruct } from "./value-error.ts";

/** The error for a struct that came without a field its IDL requires. */
export function missingField(struct: string, id: number, field: string): DecodeError {
  return new DecodeError(`${struct} came without its required field ${id} (${field})`);
}

/** The error for a union that came without a member we know: empty, or set to one that only a newer IDL has. */
export function emptyUnion(union: string): DecodeError {
  return new DecodeError(`the union ${union} came without any member that this IDL knows`);
}

/** The error for writing a union that is none of its members. */
export function wrongCase(union: string, value: unknown): ValueError {
  if (!isStruct(value)) return wrongStruct(union, value);
  const given = (value as { readonly case?: unknown }).case;
  const got = given === undefined ? "no case" : `the case ${JSON.stringify(given)}`;
  return new ValueError(`expected { case, value } of the union ${union}, got ${got}`);
}

/** Throws for a value that is no struct, although its properties may do. Only asked about what is no plain object. */
export function requireStruct(struct: string, value: unknown): void {
  if (!isStruct(value)) throw wrongStruct(struct, value);
}
