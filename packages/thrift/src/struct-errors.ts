/** What generated codecs throw for structs and unions that are not whole. */
import { caseHint, DecodeError, hasFields, hasOnlyOthers, noneOf } from "@kiteline/net";
import type { StructCodec, ThriftWriter } from "./protocol.ts";
import { ValueError, wrongStruct } from "./value-error.ts";

/** The error for a struct that came without a field its IDL requires. */
export function missingField(struct: string, id: number, field: string): DecodeError {
  return new DecodeError(`${struct} came without its required field ${id} (${field})`);
}

/** The error for a union that came without a member we know: empty, or set to one that only a newer IDL has. */
export function emptyUnion(union: string): DecodeError {
  return new DecodeError(`the union ${union} came without any member that this IDL knows`);
}

/** The error for writing a union that is none of its members, which `cases` are. */
export function wrongCase(union: string, value: unknown, cases: readonly string[] = []): ValueError {
  if (!hasFields(value)) return wrongStruct(union, value);
  const given = (value as { readonly case?: unknown }).case;
  const got = given === undefined ? "no case" : `the case ${JSON.stringify(given)}`;
  return new ValueError(`expected { case, value } of the union ${union}, got ${got}${caseHint(given, cases)}`);
}

/** Throws for a value that is no struct, although its properties may do. Only asked about what is no plain object. */
export function requireStruct(struct: string, value: unknown): void {
  if (!hasFields(value)) throw wrongStruct(struct, value);
}

const FIELDS = new WeakMap<StructCodec<unknown, never>, Set<string>>();

/**
 * Throws for an object that has something, but none of the struct's fields, all of which may be left out: a name is misspelt, or it is
 * another struct. TypeScript refuses the same; that there is more besides a field is fine with both.
 */
export function requireSome(codec: StructCodec<unknown, never>, value: object): void {
  let fields = FIELDS.get(codec);
  if (fields === undefined) {
    // Noted first: writing nothing in order to find them asks here, too.
    FIELDS.set(codec, (fields = new Set()));
    collectFields(codec, fields);
  }
  if (hasOnlyOthers(value, fields)) throw new ValueError(noneOf(codec.name, fields, value));
}

/** The properties that a codec writes: those for which it asks. */
function collectFields(codec: StructCodec<unknown, never>, fields: Set<string>): void {
  const value = new Proxy(
    {},
    {
      get(_target, name) {
        if (name === "constructor") return Object;
        if (typeof name === "string") fields.add(name);
        return undefined;
      },
    },
  );
  const nowhere = new Proxy({}, { get: () => () => undefined }) as ThriftWriter;
  codec.write(nowhere, value as never);
}
