/** Values of messages, made from their schema, as reading gives them. */
import fc from "fast-check";
import { formOf } from "./dynamic/scalars.ts";
import { isOneof, type EnumShape, type Field, type FileType, type MessageType, type ScalarShape, type Shape } from "./schema/model.ts";
import { codecOf } from "./schema/schema-of.ts";

/** A message with all that reading gives. `depth` is how many messages may still be inside of it. */
export function randomMessage(type: MessageType, depth = 3): fc.Arbitrary<Record<string, unknown>> {
  const special = SPECIAL[type.name];
  if (special !== undefined) return special;
  const empty = codecOf(type).empty() as Record<string, unknown>;
  const members = type.members.map((member): [string, fc.Arbitrary<unknown>] => {
    const none = empty[member.property];
    if (!isOneof(member)) return [member.property, valueOf(member, none, depth)];
    const fields = depth > 0 ? member.fields : member.fields.filter((each) => each.shape.kind !== "message");
    const chosen = fields.map((field) => one(field.shape, depth - 1).map((value) => ({ case: field.property, value })));
    return [member.property, fc.oneof(fc.constant(none), ...chosen)];
  });
  return fc.record(Object.fromEntries(members), { noNullPrototype: true });
}

function valueOf(field: Field, none: unknown, depth: number): fc.Arbitrary<unknown> {
  const { shape, cardinality, presence } = field;
  if (shape.kind === "message" && depth <= 0) return fc.constant(none);
  const value = one(shape, depth - 1);
  switch (cardinality) {
    case "singular":
      return presence === "explicit" ? fc.oneof(fc.constant(undefined), value) : value;
    case "repeated":
      return fc.array(value, { maxLength: 3 });
    case "map":
      return fc.array(fc.tuple(one(field.key!, 0), value), { maxLength: 3 }).map((entries) => new Map(entries));
  }
}

function one(shape: Shape, depth: number): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case "message":
      return randomMessage(shape.message, depth);
    case "enum":
      return shape.enum.open && shape.enum.values.length > 1
        ? fc.integer()
        : fc.constantFrom(...shape.enum.values.map((each) => each.number));
    case "scalar":
      return scalar(shape);
  }
}

function scalar(shape: ScalarShape | EnumShape): fc.Arbitrary<unknown> {
  if (shape.kind === "enum") return fc.integer();
  const large = shape.i64 === "number" ? 2n ** 53n - 1n : 2n ** 63n - 1n;
  switch (shape.scalar) {
    case "double":
      return fc.double();
    case "float":
      return fc.float();
    case "int32":
    case "sint32":
    case "sfixed32":
      return fc.integer();
    case "uint32":
    case "fixed32":
      return fc.nat({ max: 0x7fff_ffff }).map((each) => (each * 2 + 1) >>> 0);
    case "int64":
    case "sint64":
    case "sfixed64":
      return fc.bigInt({ min: -large, max: large }).map((each) => formOf(shape, each));
    case "uint64":
    case "fixed64":
      return fc.bigInt({ min: 0n, max: shape.i64 === "number" ? large : 2n ** 64n - 1n }).map((each) => formOf(shape, each));
    case "bool":
      return fc.boolean();
    case "string":
      return fc.string({ unit: "grapheme", maxLength: 20 });
    case "bytes":
      return fc.uint8Array({ maxLength: 100 });
  }
}

/** What not every value of the fields is one of. */
const SPECIAL: Readonly<Record<string, fc.Arbitrary<Record<string, unknown>>>> = {
  "google.protobuf.Timestamp": fc
    .tuple(fc.bigInt({ min: -62_135_596_800n, max: 253_402_300_799n }), fc.nat({ max: 999_999_999 }))
    .map(([seconds, nanos]) => ({ seconds, nanos })),
  "google.protobuf.Duration": fc
    .tuple(fc.bigInt({ min: 0n, max: 315_576_000_000n }), fc.nat({ max: 999_999_999 }), fc.boolean())
    .map(([seconds, nanos, minus]) => (minus ? { seconds: -seconds, nanos: nanos === 0 ? 0 : -nanos } : { seconds, nanos })),
  "google.protobuf.FieldMask": fc.array(fc.constantFrom("a", "b.c", "a_b.c_d"), { maxLength: 3 }).map((paths) => ({ paths })),
  "google.protobuf.Value": fc
    .oneof(
      fc.constant({ case: "nullValue", value: 0 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ case: "numberValue", value })),
      fc.string({ unit: "grapheme", maxLength: 8 }).map((value) => ({ case: "stringValue", value })),
      fc.boolean().map((value) => ({ case: "boolValue", value })),
    )
    .map((kind) => ({ kind })),
  "google.protobuf.Any": fc.constant({ typeUrl: "", value: new Uint8Array() }),
};

/** A file and all that it imports, those first. */
export function withImports(of: FileType, found: Set<FileType> = new Set<FileType>()): Set<FileType> {
  for (const each of of.imports) withImports(each, found);
  return found.add(of);
}
