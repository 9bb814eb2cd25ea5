import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadTexts } from "./load.ts";
import { annotation, functionsOf, plainType, type Document, type Struct, type Value, typeText } from "./model.ts";

function parsed(text: string, others: Readonly<Record<string, string>> = {}): Document {
  const { roots } = loadTexts({ "test.thrift": text, ...others });
  return roots.find((each) => each.path === "test.thrift")!;
}

/** The default of a field of the given type. */
function value(type: string, text: string, more = ""): unknown {
  return plain(parsed(`const ${type} X = ${text}\n${more}`).constants[0]!.value);
}

/** A value as JavaScript would have it. */
function plain(given: Value): unknown {
  switch (given.kind) {
    case "list":
      return given.elements.map(plain);
    case "map":
      return new Map(given.entries.map(([key, each]) => [plain(key), plain(each)]));
    case "struct":
      return Object.fromEntries([...given.fields].map(([field, each]) => [field.name, plain(each)]));
    case "enum":
      return `${given.definition.name}.${given.member?.name ?? given.value}`;
    default:
      return given.value;
  }
}

function fieldsOf(struct: Struct): string[] {
  return struct.fields.map((field) => `${field.id} ${field.requiredness} ${typeText(field.type)} ${field.name}`);
}

describe("IDL headers", () => {
  it("reads includes, namespaces of every scope, and passes over cpp_include", () => {
    const text = `
      cpp_include "<vector>"
      include "base.thrift"
      namespace go company.product
      namespace * everywhere; namespace js a.b (uri = "x")
      namespace smalltalk.category Thrift-Test.More
    `;
    const document = parsed(text, { "base.thrift": "" });
    assert.deepEqual(
      document.includes.map((each) => [each.path, each.document.name]),
      [["base.thrift", "base"]],
    );
    assert.deepEqual(
      [...document.namespaces],
      [
        ["go", "company.product"],
        ["*", "everywhere"],
        ["js", "a.b"],
        ["smalltalk.category", "Thrift-Test.More"],
      ],
    );
  });

  it("reads a file that starts with a byte order mark, and one that is empty", () => {
    assert.equal(parsed("\ufeffstruct S {}").structs[0]?.name, "S");
    assert.deepEqual(parsed(" \r\n").structs, []);
  });
});

describe("IDL types", () => {
  it("reads every type, containers of containers, and the hints for C++", () => {
    const document = parsed(`
      struct S {
        1: bool a, 2: byte b, 3: i8 c; 4: i16 d; 5: i32 e
        6: i64 f 7: double g, 8: string h, 9: binary i, 10: uuid j, 11: slist k
        12: list<string> l, 13: set<i32> m, 14: map<string, list<map<i64, S>>> n
        15: list cpp_type "std::list" <i32> o, 16: list<i32> cpp_type "x" p, 17: map cpp_type "y" <i32,i32> q, 18: S & r
      }`);
    assert.deepEqual(
      document.structs[0]!.fields.map((each) => typeText(each.type)),
      // prettier-ignore
      [
        "bool",
        "byte",
        "byte",
        "i16",
        "i32",
        "i64",
        "double",
        "string",
        "binary",
        "uuid",
        "string",
        "list<string>",
        "set<i32>",
        "map<string, list<map<i64, S>>>",
        "list<i32>",
        "list<i32>",
        "map<i32, i32>",
        "S",
      ],
    );
  });

  it("looks through typedefs, whatever the order, and keeps the annotations of each place", () => {
    const document = parsed(`
      struct S { 1: Id id, 2: list<i64 (js.type = "number")> times }
      typedef Number Id
      typedef i64 (js.type = "string") Number (deprecated)`);
    const [id, times] = document.structs[0]!.fields;
    assert.equal(id!.type.kind, "typedef");
    assert.equal(plainType(id!.type).kind, "i64");
    assert.equal(annotation(plainType(id!.type), "js.type"), "string");
    assert.equal(annotation(document.typedefs[1]!, "deprecated"), "1");
    assert.equal(times!.type.kind === "list" && annotation(times!.type.element, "js.type"), "number");
  });

  it("lets structs refer to one another and to themselves", () => {
    const { structs } = parsed("struct A { 1: B b, 2: list<A> more } union B { 1: A a }");
    const [a, b] = structs;
    const [toB, more] = a!.fields;
    assert.ok(toB!.type.kind === "struct" && toB!.type.definition === b);
    assert.ok(more!.type.kind === "list" && more!.type.element.kind === "struct" && more!.type.element.definition === a);
  });

  it("looks names up in included files, also those with dots in their names and two of the same name", () => {
    const others = {
      "a.b.thrift": "struct S {} enum E { X = 7 }",
      "one/same.thrift": "struct First {}",
      "two/same.thrift": "struct Second {}",
    };
    const document = parsed(
      `include "a.b.thrift"
       include "one/same.thrift"
       include "two/same.thrift"
       struct T { 1: a.b.S s, 2: a.b.E e = a.b.E.X, 3: same.First first, 4: same.Second second }`,
      others,
    );
    assert.deepEqual(
      document.structs[0]!.fields.map((each) => typeText(each.type, document)),
      ["a.b.S", "a.b.E", "same.First", "same.Second"],
    );
    assert.equal(plain(document.structs[0]!.fields[1]!.value!), "E.X");
  });
});

describe("IDL structs", () => {
  it("reads requiredness, ids and separators of every style", () => {
    const { structs } = parsed("struct S { 1: required i32 a, 300: optional i32 b; -2: i32 c 0x10: i32 d }");
    assert.deepEqual(fieldsOf(structs[0]!), ["1 required i32 a", "300 optional i32 b", "-2 default i32 c", "16 default i32 d"]);
  });

  it("makes the fields of a union optional, whatever they say", () => {
    const { structs } = parsed("union U { 1: i32 a, 2: required string b = 'x' } exception X { 1: string message }");
    assert.deepEqual(fieldsOf(structs[0]!), ["1 optional i32 a", "2 optional string b"]);
    assert.deepEqual(
      structs.map((each) => each.kind),
      ["union", "exception"],
    );
  });

  it("takes words that mean something elsewhere as names", () => {
    const { structs, services } = parsed(`
      struct S { 1: string list, 2: required string required = "x", 3: optional i32 namespace, 4: i32 true }
      service Include { void service(1: i32 struct) throws (1: X throws) } exception X {}`);
    assert.deepEqual(fieldsOf(structs[0]!), [
      "1 default string list",
      "2 required string required",
      "3 optional i32 namespace",
      "4 default i32 true",
    ]);
    assert.equal(services[0]!.functions[0]!.name, "service");
  });
});

describe("IDL values", () => {
  it("reads literals of every type", () => {
    assert.equal(value("bool", "true"), true);
    assert.equal(value("bool", "0"), false);
    assert.equal(value("byte", "-128"), -128n);
    assert.equal(value("i16", "+7"), 7n);
    assert.equal(value("i32", "0xff"), 255n);
    assert.equal(value("i32", "-0x10"), -16n);
    assert.equal(value("i32", "0o17"), 15n);
    assert.equal(value("i64", "-9223372036854775808"), -9223372036854775808n);
    assert.equal(value("double", "-1.5e-3"), -0.0015);
    assert.equal(value("double", ".5"), 0.5);
    assert.equal(value("double", "2E3"), 2000);
    assert.equal(value("double", "3"), 3);
    assert.equal(value("string", `"it's \\"so\\"\\n\\t\\\\"`), `it's "so"\n\t\\`);
    assert.equal(value("string", `'say "no"'`), `say "no"`);
    assert.equal(value("binary", `"\\d"`), "\\d");
    assert.equal(value("uuid", `"{00112233-4455-6677-8899-AABBCCDDEEFF}"`), "00112233-4455-6677-8899-aabbccddeeff");
    assert.deepEqual(value("list<i32>", "[1, 2; 3 4,]"), [1n, 2n, 3n, 4n]);
    assert.deepEqual(value("set<string>", "['a', 'b', 'a']"), ["a", "b"]);
    assert.deepEqual(value("set<string>", "{}"), []);
    assert.deepEqual(
      value("map<string, list<double>>", "{'a': [1], \"b\": []}"),
      new Map([
        ["a", [1]],
        ["b", []],
      ]),
    ); // prettier-ignore
  });

  it("reads the values of enums by name, by number and by their short names", () => {
    const more = "enum Color { RED, GREEN = 5, BLUE, DARK = -1 }";
    assert.equal(value("Color", "Color.BLUE", more), "Color.BLUE");
    assert.equal(value("Color", "5", more), "Color.GREEN");
    assert.equal(value("Color", "99", more), "Color.99");
    assert.equal(value("Color", "DARK", more), "Color.DARK");
    assert.equal(value("i32", "Color.BLUE", more), 6n);
    assert.deepEqual(value("map<Color, i32>", "{Color.RED: 1}", more), new Map([["Color.RED", 1n]]));
  });

  it("reads structs and unions written as maps", () => {
    const more = "struct P { 1: required i32 x, 2: list<P> more, 3: U u } union U { 1: i32 a, 2: string b }";
    assert.deepEqual(value("P", `{"x": 1, "more": [{"x": 2}], "u": {"b": "c"}}`, more), { x: 1n, more: [{ x: 2n }], u: { b: "c" } });
  });

  it("puts in other constants, of this file and of others, before they are declared", () => {
    const others = { "base.thrift": "const i32 SIX = 6 const list<i32> MANY = [SIX] enum E { A = 4 }" };
    const document = parsed(
      `include "base.thrift"
       const i64 A = B
       const i32 B = base.SIX
       const double C = B
       const list<double> D = base.MANY
       const map<base.E, i32> E = {base.E.A: B}
       struct S { 1: i64 a = A, 2: list<string> b = WORDS }
       const list<string> WORDS = ["x", WORD]
       const string WORD = "y"`,
      others,
    );
    assert.deepEqual(
      document.constants.map((each) => plain(each.value)),
      [6n, 6n, 6, [6], new Map([["E.A", 6n]]), ["x", "y"], "y"],
    );
    assert.deepEqual(
      document.structs[0]!.fields.map((each) => plain(each.value!)),
      [6n, ["x", "y"]],
    );
  });

  it("numbers enums on from the value before, from 0", () => {
    const { enums } = parsed("enum E { A, B, C = 0x10, D; E = 3 F }");
    assert.deepEqual(
      enums[0]!.members.map((each) => [each.name, each.value]),
      [
        ["A", 0],
        ["B", 1],
        ["C", 16],
        ["D", 17],
        ["E", 3],
        ["F", 4],
      ], // prettier-ignore
    );
  });
});

describe("IDL services", () => {
  it("reads functions: oneway, void, arguments, exceptions, and what is inherited from other files", () => {
    const document = parsed(
      `include "base.thrift"
       exception X {}
       service S extends base.Base {
         i32 add(1: i32 a, 2: i32 b = 5) throws (1: X x),
         oneway void tell(1: string what);
         void nothing()
       }`,
      { "base.thrift": "service Base { void ping() }" },
    );
    const [service] = document.services;
    assert.deepEqual(
      functionsOf(service!).map((each) => [each.kind, each.returns?.kind, each.name, each.arguments.length, each.throws.length]),
      [
        ["unary", undefined, "ping", 0, 0],
        ["unary", "i32", "add", 2, 1],
        ["oneway", undefined, "tell", 1, 0],
        ["unary", undefined, "nothing", 0, 0],
      ],
    );
  });

  it("reads how a function streams and whether it is idempotent", () => {
    const { services } = parsed(`
      struct M {}
      service S {
        M a(1: M m) (streaming.mode = "bidirectional")
        M b(1: M m) (streaming.mode = "client"),
        M c(1: M m) (streaming.mode = "server", idempotent = "true");
        M d(1: M m) (idempotent)
        M e(1: M m) (kiteline.idempotent = "no_side_effects", streaming.mode = "unary")
        M f(1: M m) (idempotent = "false")
      }`);
    assert.deepEqual(
      services[0]!.functions.map((each) => [each.kind, each.idempotency]),
      [
        ["bidi_stream", "unknown"],
        ["client_stream", "unknown"],
        ["server_stream", "idempotent"],
        ["unary", "idempotent"],
        ["unary", "no_side_effects"],
        ["unary", "unknown"],
      ],
    );
  });
});

describe("IDL annotations", () => {
  it("are kept wherever they may stand, repeated ones too, and over several lines", () => {
    const document = parsed(`
      typedef i32 T (on = "typedef")
      const i32 C = 1 (on = "constant")
      enum E { A (on = "member"), B = 2 (on = "member 2") } (on = "enum")
      struct S { 1: i32 a = 1 (on = "field", on = "again"; bare, vt.pattern = "\\d+
        more") } (on = "struct")
      service V { void f(1: i32 a (on = "argument")) throws (1: X x (on = "exception")) (on = "function") } (on = "service")
      exception X {}`);
    const on = (of: Parameters<typeof annotation>[0] | undefined): string | undefined => annotation(of!, "on");
    const [field] = document.structs[0]!.fields;
    const [method] = document.services[0]!.functions;
    assert.deepEqual(field!.annotations.get("on"), ["field", "again"]);
    assert.equal(annotation(field!, "bare"), "1");
    assert.equal(annotation(field!, "vt.pattern"), "\\d+\n        more");
    assert.deepEqual(
      [document.typedefs[0], document.constants[0], document.enums[0], document.enums[0]!.members[1], document.structs[0]].map(on),
      ["typedef", "constant", "enum", "member 2", "struct"],
    );
    assert.deepEqual(
      [document.services[0], method, method!.arguments[0], method!.throws[0]].map(on),
      ["service", "function", "argument", "exception"], // prettier-ignore
    );
  });
});

describe("IDL comments", () => {
  it("belong to what they stand before or behind", () => {
    const document = parsed(`# At the top
// of the file.

/** Not this one, a blank line follows. */

/**
 * About S.
 *   Indented.
 */
struct S { // more about S
  // About a,
  # in two lines.
  1: i32 a,
  2: i32 b, // about b
  // About c.
  3: i32 c /* and more */
  4: i32 d; 5: i32 e // about e

  // About nobody.

  6: /* about f */ i32 f
} // end of S
/* About E. */ enum E {
  A = 1, /** About A. */
  /** About B. */ B
}
service V {
  // About ping.
  void ping(1: i32 a /* about its argument */)
}`);
    const [struct] = document.structs;
    assert.equal(document.comment, "At the top\nof the file.\n\nNot this one, a blank line follows.".replace("\n\n", "\n"));
    assert.equal(struct!.comment, "About S.\n  Indented.\nmore about S");
    assert.deepEqual(
      struct!.fields.map((each) => each.comment),
      ["About a,\nin two lines.", "about b", "About c.\nand more", undefined, "about e", undefined],
    );
    assert.equal(document.enums[0]!.comment, "About E.");
    assert.deepEqual(
      document.enums[0]!.members.map((each) => each.comment),
      ["About A.", "About B."],
    );
    assert.equal(document.services[0]!.functions[0]!.comment, "About ping.");
    assert.equal(document.services[0]!.functions[0]!.arguments[0]!.comment, "about its argument");
  });
});
