import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IdlError } from "./idl-error.ts";
import { loadTexts } from "./load.ts";

function problemsOf(texts: Readonly<Record<string, string>>): IdlError {
  try {
    loadTexts(texts);
  } catch (error) {
    assert.ok(error instanceof IdlError, String(error));
    return error;
  }
  assert.fail("expected an IdlError");
}

/** IDL on one line, and where in it (the text marked by a caret) what is said. */
const CASES: readonly (readonly [name: string, idl: string, marked: string, message: RegExp])[] = [
  // Characters.
  ["a character that is none", "struct S { 1: i32 a @ }", "@", /unexpected character "@"/],
  ["a string that does not end", 'const string S = "abc', '"abc', /this string does not end on its line; close it with "/],
  ["a comment that does not end", "struct S {} /* abc", "/*", /this comment does not end/],
  // Syntax.
  ["no definition", "strct S {}", "strct", /expected include, .* or service, got strct/],
  ["senum", 'senum S { "a" }', "senum", /use a typedef of string/],
  ["an old namespace", "cpp_namespace foo", "cpp_namespace", /write namespace cpp/],
  ["async", "service S { async void f() }", "async", /write oneway/],
  ["an include without quotes", "include base.thrift", "base.thrift", /expected the file to include in quotes, got base\.thrift/],
  ["a body without end", "struct S { 1: i32 a", "{", /this { is never closed/],
  ["an unfinished list of arguments", "service S { void f(1: i32 a", "(", /this \( is never closed/],
  ["a name with dots", "struct a.b {}", "a.b", /the name of the struct may have no dots/],
  ["a missing colon", "struct S { 1 i32 a }", "i32", /expected :, got i32/],
  ["a missing name", "struct S { 1: i32 }", "}", /expected the name of the field, got }/],
  ["a missing value", "const i32 X =", "", /expected a value, got the end of the file/],
  ["an enum's value that is no number", 'enum E { A = "x" }', '"x"', /expected a whole number, got the string "x"/],
  ["an annotation without quotes", "struct S { 1: i32 a (b = 1) }", "1", /expected the annotation's value in quotes, got 1/],
  ["types nested too deep", `struct S { 1: ${"list<".repeat(200)}i32${">".repeat(200)} a }`, "list", /may be nested 100 deep/],
  // Names.
  ["an unknown type", "struct S { 1: Foo a }", "Foo", /expected a type, but Foo is none: nothing here has this name/],
  ["a type of wrong case", "struct Foo {} struct S { 1: foo a }", "foo", /did you mean Foo\?/],
  ["a file that is not included", "struct S { 1: base.Foo a }", "base.Foo", /no file named base\.thrift is included/],
  ["a service as a type", "service V {} struct S { 1: V a }", "V", /expected a type, but V is none: it is a service/],
  ["a struct as a service", "struct V {} service S extends V {}", "V", /expected a service, but V is none: it is a struct/],
  ["two definitions of one name", "struct S {} enum S {}", "S", /S is already a struct, at line 1/],
  ["a definition with the name of a type", "struct list {}", "list", /list is the name of a type of Thrift's own/],
  ["two fields of one name", "struct S { 1: i32 a, 2: i32 a }", "a", /the struct S already has a a/],
  ["two fields of one id", "struct S { 1: i32 a, 1: i32 b }", "1", /the id 1 is already that of a: 2 is free/],
  ["a field without an id", "struct S { 4: i32 a, i32 b }", "b", /b has no id: write 5: before it/],
  ["an id that is too large", "struct S { 40000: i32 a }", "40000", /a field's id must be between -32768 and 32767, got 40000/],
  ["two members of one name", "enum E { A, A }", "A", /the enum E already has a A/],
  ["a member that is too large", "enum E { A = 2147483648 }", "2147483648", /must be between -2147483648 and 2147483647/],
  ["a member after the largest", "enum E { A = 2147483647, B }", "B", /give B a value/],
  ["two functions of one name", "service S { void f(), void f() }", "f", /the service S already has a f/],
  [
    "an inherited function",
    "service A { void f() } service B extends A { void f() }",
    "f",
    /f is inherited from test\.thrift:1 and cannot be declared again/,
  ],
  ["a typedef of itself", "typedef list<A> B typedef B A", "B", /the typedef B is made of itself: B -> A -> B/],
  ["a service that extends itself", "service A extends B {} service B extends A {}", "A", /the service A is made of itself: A -> B -> A/],
  // Functions.
  ["oneway with a result", "service S { oneway i32 f() }", "f", /f is oneway, so that nothing comes back: its type must be void/],
  ["oneway with exceptions", "service S { oneway void f() throws (1: X x) } exception X {}", "f", /it cannot throw/],
  ["oneway that streams", 'service S { oneway void f(1: i32 a) (streaming.mode = "client") }', "f", /cannot stream/],
  ["a stream of nothing", 'service S { void f() (streaming.mode = "server") }', "f", /exactly one argument and returns a type/],
  ["a stream of no structs", 'struct M {} service S { string f(1: M m) (streaming.mode = "server") }', "f", /both of them structs/],
  [
    "an unknown streaming mode",
    'service S { i32 f(1: i32 a) (streaming.mode = "both") }',
    "f",
    /streaming\.mode to be one of unary, client, server, bidirectional, got "both"/,
  ],
  ["an unknown word for idempotent", 'service S { void f() (idempotent = "maybe") }', "f", /idempotent to be one of/],
  ["throwing what is no exception", "service S { void f() throws (1: i32 x) }", "x", /x cannot be thrown: expected an exception, got i32/],
  ["an exception at 0", "service S { void f() throws (0: X x) } exception X {}", "0", /the ids of exceptions begin with 1/],
  // Values.
  [
    "text for a number",
    'const i32 X = "a"',
    '"a"',
    /expected a whole number between -2147483648 and 2147483647 \(i32\) for X, got the string "a"/,
  ],
  ["a number that is too large", "const i8 X = 128", "128", /between -128 and 127 \(i8\) for X, got 128/],
  ["a fraction for a number", "const i64 X = 1.5", "1.5", /expected a whole number .* got 1\.5/],
  ["a number for text", "const string X = 1", "1", /expected a string in quotes \(string\) for X, got 1/],
  ["a number for a bool", "const bool X = 2", "2", /expected true or false for X, got 2/],
  ["text for a double", 'const double X = "1"', '"1"', /expected a number \(double\)/],
  ["a double without end", "const double X = 1e999", "1e999", /expected a number \(double\) for X, got Infinity/],
  ["a wrong UUID", 'const uuid X = "123"', '"123"', /expected a UUID in quotes, of the form/],
  ["a list for a number", "const i32 X = [1]", "[1]", /expected a whole number .* got a list/],
  ["a map for a list", "const list<i32> X = {1: 2}", "{1: 2}", /expected a list<i32> in square brackets for X, got a map/],
  ["a wrong element", 'const list<list<i32>> X = [[1], ["a"]]', '"a"', /for an element of an element of X, got the string "a"/],
  ["a wrong key", "const map<string, i32> X = {1: 1}", "1", /expected a string in quotes \(string\) for a key of X/],
  ["a key twice", 'const map<string, i32> X = {"a": 1, "a": 2}', '"a"', /X has this key twice/],
  [
    "a value of another enum",
    "enum A { X } enum B { Y } const A C = B.Y",
    "B.Y",
    /expected a value of the enum A \(A\.NAME\) for C, got B\.Y/,
  ],
  ["a value that an enum has not", "enum A { X } const A C = A.Z", "A.Z", /the enum A has no Z/],
  ["an unknown constant", "const i32 X = Y", "Y", /expected a constant or the value of an enum for X, but Y is none/],
  ["a struct for a constant", "struct S {} const i32 X = S", "S", /but S is none: it is a struct/],
  ["a constant made of itself", "const i32 A = B const i32 B = A", "A", /B cannot be A: that is made of B itself/],
  ["an unknown field", 'struct S { 1: i32 a } const S X = {"b": 1}', '"b"', /S has no field b: expected one of "a"/],
  ["a field twice", 'struct S { 1: i32 a } const S X = {"a": 1, "a": 2}', '"a"', /X has a twice/],
  ["a wrong field", 'struct S { 1: i32 a } const S X = {"a": true}', "true", /for a of X, got true/],
  ["a required field left out", "struct S { 1: required i32 a } const S X = {}", "{}", /X lacks a, which S requires/],
  [
    "a union of two",
    'union U { 1: i32 a, 2: i32 b } const U X = {"a": 1, "b": 2}',
    '{"a": 1, "b": 2}',
    /exactly one field of the union U, not 2/,
  ],
  ["a second default in a union", "union U { 1: i32 a = 1, 2: i32 b = 2 }", "b", /the union U has a second default/],
  ["a default made of itself", "struct A { 1: list<B> b = [{}] } struct B { 1: A a = {} }", "b", /the default of b is made of itself/],
  ["a default of the wrong type", 'struct S { 1: i32 a = "x" }', '"x"', /for the default of a, got the string "x"/],
];

describe("IdlError", () => {
  for (const [name, idl, marked, message] of CASES) {
    it(`tells of ${name}`, () => {
      const { problems, message: shown } = problemsOf({ "test.thrift": idl });
      const [problem] = problems;
      assert.match(problem!.message, message);
      assert.equal(problem!.text.slice(problem!.column - 1, problem!.column - 1 + problem!.length), marked);
      assert.equal(problems.length, 1, shown);
    });
  }

  it("shows each line with a caret below what is meant, tabs or not", () => {
    const { message } = problemsOf({ "dir/test.thrift": "struct S {\n\t1: Foo foo\n  12: i32 b = true\n}" });
    assert.equal(
      message,
      ["dir/test.thrift:2:5: expected a type, but Foo is none: nothing here has this name", "  2 | \t1: Foo foo", "    | \t   ^~~"].join(
        "\n",
      ),
    );
  });

  it("tells of everything in one go, in the order of files and lines", () => {
    const { problems } = problemsOf({
      "b.thrift":
        "struct S {\n 1: i32 a = ,\n 2: string 5\n 3 i32 y\n 4: i32 ok\n}\nenum E { A = x\n B }\nservice V {\n void f(1: i32\n )\n void g(\n}",
      "a.thrift": "const i32 X 5\nstruct T {}\ntypedef i32",
    });
    assert.deepEqual(
      problems.map((each) => `${each.path}:${each.line}`),
      ["a.thrift:1", "a.thrift:3", "b.thrift:2", "b.thrift:3", "b.thrift:4", "b.thrift:7", "b.thrift:11", "b.thrift:13"],
    );
    const names = problemsOf({ "a.thrift": "struct S {\n 1: A a\n 2: B b\n i32 c\n}\nservice V extends W {\n oneway C f() }" });
    assert.deepEqual(
      names.problems.map((each) => each.line),
      [2, 3, 4, 6, 7],
    );
    const values = problemsOf({ "a.thrift": "const i32 A = 'x'\nstruct S {\n 1: i32 a = true\n 2: string b = 5\n}" });
    assert.deepEqual(
      values.problems.map((each) => each.line),
      [1, 3, 4],
    );
  });

  it("suggests the file that has the name, and refuses to guess between two", () => {
    const texts = { "test.thrift": 'include "a/x.thrift" include "b/x.thrift" include "y.thrift"\nstruct S { 1: Foo a\n 2: x.Two b }' };
    const more = { "a/x.thrift": "struct Two {}", "b/x.thrift": "struct Two {}", "y.thrift": "struct Foo {}" };
    const { problems } = problemsOf({ ...texts, ...more });
    assert.match(problems[0]!.message, /did you mean y\.Foo\?/);
    assert.match(problems[1]!.message, /both a\/x\.thrift and b\/x\.thrift have one/);
  });
});
