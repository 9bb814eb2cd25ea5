/** The golden vectors that Kitex made, `test/kitex-vectors.json`, and their IDL. */
import { readFileSync } from "node:fs";
import { loadIdl } from "./idl/load-idl.ts";
import { plainType, type DocumentSet, type Service, type Struct, type Type } from "./idl/model.ts";

export interface StructVector {
  readonly name: string;
  readonly type: string;
  readonly hex: string;
  readonly value: Record<string, unknown>;
}

export interface MessageVector {
  readonly name: string;
  readonly protocol: "buffered" | "framed" | "ttheader" | "ttheader_framed";
  readonly hex: string;
  readonly type: number;
  readonly service: string;
  readonly method: string;
  readonly seqId: number;
  readonly body?: Record<string, unknown>;
  readonly exception?: { readonly type: number; readonly message: string };
}

interface File {
  readonly idl: Readonly<Record<string, string>>;
  readonly structs: readonly StructVector[];
  readonly messages: readonly MessageVector[];
}

const file = JSON.parse(readFileSync(new URL("../test/kitex-vectors.json", import.meta.url), "utf8")) as File;

export const structVectors: readonly StructVector[] = file.structs;
/** Without those in TTHeader, which is another package's. */
export const messageVectors: readonly MessageVector[] = file.messages.filter(
  (each) => each.protocol === "buffered" || each.protocol === "framed",
);

export async function vectorIdl(): Promise<DocumentSet> {
  return loadIdl(file.idl);
}

export function structNamed(idl: DocumentSet, name: string): Struct {
  const found = idl.documents.flatMap((each) => each.structs).find((each) => each.name === name);
  if (found === undefined) throw new Error(`no struct ${name}`);
  return found;
}

export function serviceNamed(idl: DocumentSet, name: string): Service {
  const found = idl.documents.flatMap((each) => each.services).find((each) => each.name === name);
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
}

/** A vector's value as the map form has it; maps become a `Map`, whose order is that of the bytes. */
export function valueOf(type: Type, value: unknown): unknown {
  const plain = plainType(type);
  switch (plain.kind) {
    case "i64":
      return BigInt(value as string);
    case "double":
      return Number(value);
    case "binary":
      return new Uint8Array(Buffer.from(value as string, "base64"));
    case "list":
    case "set":
      return (value as unknown[]).map((each) => valueOf(plain.element, each));
    case "map":
      return new Map((value as [unknown, unknown][]).map(([k, v]) => [valueOf(plain.key, k), valueOf(plain.value, v)]));
    case "struct":
      return structOf(plain.definition, value as Record<string, unknown>);
    default:
      return value;
  }
}

export function structOf(struct: Struct, value: Record<string, unknown>): Record<string, unknown> {
  const fields = struct.fields.filter((field) => Object.hasOwn(value, field.name));
  return Object.fromEntries(fields.map((field) => [field.name, valueOf(field.type, value[field.name])]));
}
