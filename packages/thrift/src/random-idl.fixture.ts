/** Random structs and values of them, for property tests. */
import fc from "fast-check";
import type { Document, Field, Struct, Type } from "./idl/model.ts";

const LOCATION = { path: "random.thrift", line: 1, column: 1 };
const ANNOTATIONS: ReadonlyMap<string, readonly string[]> = new Map();
const NAMED = { comment: undefined, annotations: ANNOTATIONS, location: LOCATION };
const DOCUMENT: Document = {
  path: "random.thrift",
  name: "random",
  comment: undefined,
  includes: [],
  namespaces: new Map(),
  typedefs: [],
  constants: [],
  enums: [],
  structs: [],
  services: [],
};

export interface Sample {
  readonly struct: Struct;
  /** As the map form reads it. */
  readonly value: Record<string, unknown>;
}

type Plain = Exclude<Type, { kind: "typedef" }>;

export const COLOR: Extract<Type, { kind: "enum" }> = {
  kind: "enum",
  annotations: ANNOTATIONS,
  definition: {
    ...NAMED,
    kind: "enum",
    name: "Color",
    document: DOCUMENT,
    members: [
      { ...NAMED, name: "RED", value: 1 },
      { ...NAMED, name: "GREEN", value: 2 },
    ],
  },
};

/** Names that are also names of other things in JavaScript. */
const NAMES = fc.oneof(
  fc.constantFrom("constructor", "toString", "__proto__", "hasOwnProperty", "length"),
  fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom("a", "b", "c", "x", "y", "z", "_") }),
);

export function base(kind: "bool" | "byte" | "i16" | "i32" | "i64" | "double" | "string" | "binary" | "uuid"): Plain {
  return { kind, annotations: ANNOTATIONS };
}

export function structType(struct: Struct): Plain {
  return { kind: "struct", definition: struct, annotations: ANNOTATIONS };
}

export function makeStruct(kind: Struct["kind"], fields: readonly Pick<Field, "id" | "name" | "type" | "requiredness">[]): Struct {
  return { ...NAMED, kind, name: "Random", document: DOCUMENT, fields: fields.map((field) => ({ ...NAMED, value: undefined, ...field })) };
}

const scalar: fc.Arbitrary<Plain> = fc.oneof(
  fc.constantFrom(base("bool"), base("byte"), base("i16"), base("i32"), base("i64"), base("double"), base("string"), base("binary")),
  fc.constant(COLOR),
);

/** Without uuid, which not every peer knows. */
const { struct: structs } = fc.letrec<{ type: Plain; struct: Struct }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    scalar,
    tie("type").map((element): Plain => ({ kind: "list", element, annotations: ANNOTATIONS })),
    tie("type").map((element): Plain => ({ kind: "set", element, annotations: ANNOTATIONS })),
    fc.tuple(tie("type"), tie("type")).map(([key, value]): Plain => ({ kind: "map", key, value, annotations: ANNOTATIONS })),
    tie("struct").map(structType),
  ),
  struct: fc
    .tuple(
      fc.constantFrom<Struct["kind"]>("struct", "struct", "struct", "union"),
      fc.uniqueArray(
        fc.record({
          id: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: -32768, max: 32767 })).filter((id) => id !== 0),
          name: NAMES,
          type: tie("type"),
          requiredness: fc.constantFrom<Field["requiredness"]>("required", "optional", "default"),
        }),
        { minLength: 1, maxLength: 6, comparator: (a, b) => a.id === b.id || a.name === b.name },
      ),
    )
    .map(([kind, fields]) =>
      makeStruct(kind, kind === "union" ? fields.map((each) => ({ ...each, requiredness: "optional" as const })) : fields),
    ),
}));

export const samples: fc.Arbitrary<Sample> = samplesWith(fc.double());

export function samplesWith(doubles: fc.Arbitrary<number>): fc.Arbitrary<Sample> {
  return structs.chain((struct) => structValue(struct, doubles).map((value) => ({ struct, value })));
}

function structValue(struct: Struct, doubles: fc.Arbitrary<number>): fc.Arbitrary<Record<string, unknown>> {
  if (struct.kind === "union") {
    return fc
      .constantFrom(...struct.fields)
      .chain((field) => valueOf(field.type as Plain, doubles).map((value) => objectOf([[field.name, value]])));
  }
  return fc
    .tuple(
      ...struct.fields.map((field) =>
        field.requiredness === "optional"
          ? fc.option(valueOf(field.type as Plain, doubles), { nil: undefined })
          : valueOf(field.type as Plain, doubles),
      ),
    )
    .map((values) => objectOf(struct.fields.flatMap((field, index) => (values[index] === undefined ? [] : [[field.name, values[index]]]))));
}

function objectOf(entries: readonly (readonly unknown[])[]): Record<string, unknown> {
  return Object.fromEntries(entries as [string, unknown][]); // defines `__proto__` as any other name
}

function valueOf(type: Plain, doubles: fc.Arbitrary<number>): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case "bool":
      return fc.boolean();
    case "byte":
      return fc.integer({ min: -128, max: 127 });
    case "i16":
      return fc.integer({ min: -32768, max: 32767 });
    case "i32":
    case "enum":
      return fc.integer();
    case "i64":
      return fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -300n, max: 300n }));
    case "double":
      return doubles;
    case "string":
      return fc.oneof(fc.string({ unit: "binary", maxLength: 30 }), fc.string({ unit: "grapheme-ascii", maxLength: 2000 }));
    case "binary":
      return fc.uint8Array({ maxLength: 200 });
    case "uuid":
      return fc.uuid();
    case "list":
    case "set":
      return fc.array(valueOf(type.element as Plain, doubles), { maxLength: 20 });
    case "map":
      return fc
        .array(fc.tuple(valueOf(type.key as Plain, doubles), valueOf(type.value as Plain, doubles)), { maxLength: 6 })
        .map((entries) => mapOf(type.key as Plain, entries));
    case "struct":
      return structValue(type.definition, doubles);
  }
}

/** The last of equal keys counts, as in reading. */
function mapOf(key: Plain, entries: readonly [unknown, unknown][]): unknown {
  if (["list", "set", "map", "struct"].includes(key.kind)) return new Map(entries);
  if (key.kind === "binary")
    return new Map(new Map(entries.map((entry) => [Buffer.from(entry[0] as Uint8Array).toString("hex"), entry])).values());
  const object = Object.create(null) as Record<string, unknown>;
  for (const [k, v] of entries) object[Object.is(k, -0) ? "-0" : String(k)] = v;
  return object;
}
