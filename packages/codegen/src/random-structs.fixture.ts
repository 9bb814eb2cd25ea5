/** IDL with structs of all kinds of fields, and values of them, for property tests. */
import { idl } from "@kiteline/thrift";
import fc from "fast-check";
import { propertyName } from "./thrift/names.ts";
import { isAlwaysPresent } from "./thrift/presence.ts";

const SCALARS = ["bool", "byte", "i16", "i32", "i64", "double", "string", "binary", "uuid", "Color", "Id", "Names"];
const DEFAULTS: Readonly<Record<string, string>> = {
  bool: "true",
  i32: "-7",
  i64: "5",
  double: "1.5",
  string: `'say "yes"'`,
  binary: '"\\n"',
  Color: "Color.BLUE",
  Names: '["a", "b"]',
  Id: "77",
};
/** Names of fields that mean something in TypeScript, in generated code, or to objects. */
const NAMES = [
  "a",
  "value",
  "inp",
  "out",
  "key",
  "count",
  "each",
  "i",
  "class",
  "Map",
  "constructor",
  "__proto__",
  "toString",
  "Color",
  "STRING",
  "missingField",
  "zeroR0",
  "undefined",
  "then",
];

const type = (structs: readonly string[]): fc.Arbitrary<string> =>
  fc.letrec<{ type: string }>((tie) => ({
    type: fc.oneof(
      { depthSize: "small", maxDepth: 3 },
      fc.constantFrom(...SCALARS, ...structs),
      tie("type").map((each) => `list<${each}>`),
      tie("type").map((each) => `set<${each}>`),
      fc.tuple(tie("type"), tie("type")).map(([key, each]) => `map<${key}, ${each}>`),
    ),
  })).type;

/** A file of `count` structs and unions R0, R1 and so on, which hold one another. */
export function randomIdl(count: number): fc.Arbitrary<string> {
  const names = Array.from({ length: count }, (_, index) => `R${index}`);
  const field = fc.record({
    name: fc.constantFrom(...NAMES),
    type: type(names),
    requiredness: fc.constantFrom("", "", "required ", "optional "),
    value: fc.boolean(),
    id: fc.integer({ min: -3, max: 3000 }),
  });
  const fields = fc.uniqueArray(field, { maxLength: 8, comparator: (a, b) => a.id === b.id || a.name === b.name });
  const struct = fc.tuple(fc.constantFrom("struct", "struct", "struct", "union"), fields).map(([kind, own]) => {
    const lines = own.map((each) => {
      const given = each.value && kind !== "union" ? DEFAULTS[each.type] : undefined;
      // What requires a struct could not be made without end; a union is never empty.
      const requiredness = each.requiredness === "required " && names.includes(each.type) ? "" : each.requiredness;
      return `  ${each.id}: ${kind === "union" ? "" : requiredness}${each.type} ${each.name}${given === undefined ? "" : ` = ${given}`}`;
    });
    if (kind === "union") lines.push("  4000: i32 last");
    return (name: string) => `${kind} ${name} {\n${lines.join("\n")}\n}\n`;
  });
  const head = "enum Color { RED, GREEN, BLUE = -5 }\ntypedef i64 Id\ntypedef list<string> Names\n";
  return fc.tuple(...names.map(() => struct)).map((makers) => head + makers.map((make, index) => make(`R${index}`)).join(""));
}

/** A value of a type as generated code reads it, where i64 is a bigint. Below `depth` structs it holds little. */
export function valueOf(given: idl.Type, depth = 3): fc.Arbitrary<unknown> {
  const plain = idl.plainType(given);
  const maxLength = depth > 1 ? 3 : 0;
  switch (plain.kind) {
    case "bool":
      return fc.boolean();
    case "byte":
      return fc.integer({ min: -128, max: 127 });
    case "i16":
      return fc.integer({ min: -0x8000, max: 0x7fff });
    case "i32":
    case "enum":
      return fc.integer();
    case "i64":
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case "double":
      return fc.double({ noNaN: true });
    case "string":
      return fc.string({ maxLength: 8 });
    case "binary":
      return fc.uint8Array({ maxLength: 4 });
    case "uuid":
      return fc.uuid();
    case "list":
      return maxLength === 0 ? fc.constant([]) : fc.array(valueOf(plain.element, depth - 1), { maxLength });
    case "set":
      return maxLength === 0
        ? fc.constant(new Set())
        : fc.array(valueOf(plain.element, depth - 1), { maxLength }).map((each) => new Set(each));
    case "map": {
      if (maxLength === 0) return fc.constant(new Map());
      const entry = fc.tuple(valueOf(plain.key, depth - 1), valueOf(plain.value, depth - 1));
      return fc.array(entry, { maxLength }).map((each) => new Map(each));
    }
    case "struct":
      return structOf(plain.definition, depth - 1);
  }
}

/** A value of a struct or union, with all fields that reading always gives. */
export function structOf(struct: idl.Struct, depth = 3): fc.Arbitrary<unknown> {
  if (struct.kind === "union") {
    const members = depth > 0 ? struct.fields : struct.fields.slice(-1);
    return fc.oneof(...members.map((field) => valueOf(field.type, depth).map((value) => ({ case: field.name, value }))));
  }
  const fields = struct.fields.map((field) => {
    const present = isAlwaysPresent(struct, field);
    if (!present && depth <= 0) return fc.constant([propertyName(struct, field), undefined] as const);
    const value = present ? valueOf(field.type, depth) : fc.option(valueOf(field.type, depth), { nil: undefined });
    return value.map((each) => [propertyName(struct, field), each] as const);
  });
  return fc.tuple(...fields).map((entries) => Object.fromEntries(entries));
}
