import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IdlError } from "@kiteline/thrift";
import { refusalByProtoc } from "./compilers.fixture.ts";
import { loadProto } from "./load-proto.ts";

const P2 = 'syntax = "proto2"; ';
const P3 = 'syntax = "proto3"; ';
const E23 = 'edition = "2023"; ';
const E24 = 'edition = "2024"; ';
const OPTIONS = 'import "google/protobuf/descriptor.proto"; ';

async function problemsOf(texts: Readonly<Record<string, string>>, file = "test.proto"): Promise<IdlError> {
  try {
    await loadProto({ files: [file], read: (path) => texts[path] });
  } catch (error) {
    assert.ok(error instanceof IdlError, String(error instanceof Error ? error.stack : error));
    return error;
  }
  assert.fail("expected an IdlError");
}

/** A file on one line, and where in it (the text marked by a caret) what is said. */
const CASES: readonly (readonly [name: string, proto: string, marked: string, message: RegExp])[] = [
  // Characters.
  ["a character that is none", `${P3}message M { int32 a = 1 @; }`, "@", /unexpected character "@"/],
  ["a string that does not end", `${P3}option java_package = "abc`, '"abc', /close it with "/],
  ["a comment that does not end", `${P3}message M {} /* abc`, "/*", /close it with \*\//],
  ["an octal number with a 9", `${P3}message M { int32 a = 09; }`, "09", /octal/],
  ["a number that runs into a name", `${P3}message M { int32 a = 1x; }`, "1x", /is a space missing/],
  ["an escape that is none", `${P3}option java_package = "a\\q";`, "\\q", /\\q is no escape/],
  ["an escape above a byte", `${P3}option java_package = "a\\777";`, "\\777", /at most/],
  ["an escape above Unicode", `${P3}option java_package = "\\U00110000";`, "\\U00110000", /is no character/],
  // Syntax.
  ["a syntax that is none", 'syntax = "proto4";', '"proto4"', /may be "proto2" or "proto3", got "proto4"/],
  ["an edition that is none", 'edition = "2019";', '"2019"', /may be "2023" or "2024"/],
  ["a second syntax", `${P3}syntax = "proto3";`, "syntax", /must be the first statement/],
  ["no definition", `${P3}mesage M {}`, "mesage", /expected import, .* or service, got mesage/],
  ["a bracket that closes nothing", `${P3}message M {} }`, "}", /closes nothing/],
  ["a body without end", `${P3}message M { int32 a = 1;`, "{", /this { is never closed/],
  ["two packages", `${P3}package a; package b;`, "package", /one package, and this one is a already/],
  ["an import without quotes", `${P3}import a;`, "a", /expected public, weak, option or a path in quotes/],
  ["an import twice", `${P3}${OPTIONS}${OPTIONS}`, '"google/protobuf/descriptor.proto"', /imported twice/],
  ["an option import before editions", `${P3}import option "google/protobuf/descriptor.proto";`, "option", /from edition 2024 on/],
  ["a weak import in 2024", `${E24}import weak "google/protobuf/descriptor.proto";`, "weak", /cannot be said in edition 2024/],
  ["export before 2024", `${E23}export message M {}`, "export", /from edition 2024 on/],
  ["a missing number", `${P3}message M { int32 a; }`, ";", /expected =, got ;/],
  ["a missing name", `${P3}message M { int32 = 1; }`, "=", /expected the name of the field, got =/],
  ["a missing semicolon", `${P3}message M { int32 a = 1 int32 b = 2; }`, "int32", /expected ;, got int32/],
  ["a message nested too deep", `${P3}${"message M { ".repeat(40)}${"}".repeat(40)}`, "{", /may be nested 32 deep/],
  ["a service's statement", `${P3}message M {} service S { message N {} }`, "message", /expected rpc or option/],
  // Labels.
  ["no label in proto2", `${P2}message M { int32 a = 1; }`, "int32", /expected optional, required or repeated/],
  ["required in proto3", `${P3}message M { required int32 a = 1; }`, "required", /proto3 has no required/],
  ["optional in editions", `${E23}message M { optional int32 a = 1; }`, "optional", /editions have no optional/],
  ["required in editions", `${E23}message M { required int32 a = 1; }`, "required", /LEGACY_REQUIRED/],
  ["a label in a oneof", `${P3}message M { oneof o { optional int32 a = 1; } }`, "optional", /have no label/],
  ["a label on a map", `${P3}message M { repeated map<int32, int32> a = 1; }`, "repeated", /a map has no label/],
  ["a map in a oneof", `${P3}message M { oneof o { map<int32, int32> a = 1; } }`, "map", /cannot hold maps/],
  ["a map as an extension", `${P2}message M { extensions 1; } extend M { map<int32, int32> a = 1; }`, "map", /cannot be a map/],
  ["a group in proto3", `${P3}message M { repeated group G = 1 {} }`, "G", /only proto2 has groups/],
  ["a group in small letters", `${P2}message M { optional group g = 1 {} }`, "g", /capital/],
  // Names.
  ["an unknown type", `${P3}message M { Foo a = 1; }`, "Foo", /nothing is named Foo here/],
  [
    "a type of a file that is not imported",
    `${P3}message M { google.protobuf.Any a = 1; }`,
    "google.protobuf.Any",
    /nothing is named google.protobuf.Any here/,
  ],
  ["a service as a type", `${P3}message M { S a = 1; } service S {}`, "S", /expected a type, but S is a service/],
  ["an enum as a request", `${P3}enum E { A = 0; } service S { rpc R(E) returns (E); }`, "E", /expected a message, but E is an enum/],
  ["an enum that is extended", `${P2}enum E { A = 0; } extend E { optional int32 a = 1; }`, "E", /expected a message, but E is an enum/],
  [
    "a name hidden by an inner one",
    `${P3}package a; message B { message C {} } message M { message B {} B.C c = 1; }`,
    "B.C",
    /hides a\.B\.C: write \.a\.B\.C/,
  ],
  ["two messages of one name", `${P3}message M {} message M {}`, "M", /M is a message already/],
  ["two fields of one name", `${P3}message M { int32 a = 1; int32 a = 2; }`, "a", /M\.a is a field already/],
  ["a oneof with the name of a field", `${P3}message M { int32 a = 1; oneof a { int32 b = 2; } }`, "a", /M\.a is a .* already/],
  ["values of two enums with one name", `${P3}enum E { A = 0; } enum F { A = 0; }`, "A", /A is a value of an enum already/],
  ["a message with the name of the package", `${P3}package a.b; message M {} message M {}`, "M", /a\.b\.M is a message already/],
  [
    "two methods of one name",
    `${P3}message M {} service S { rpc R(M) returns (M); rpc R(M) returns (M); }`,
    "R",
    /S\.R is a method already/,
  ],
  // Numbers.
  ["number 0", `${P3}message M { int32 a = 0; }`, "0", /between 1 and 536870911, got 0/],
  ["a number that is too large", `${P3}message M { int32 a = 536870912; }`, "536870912", /between 1 and 536870911/],
  ["a number beyond 32 bits", `${P3}message M { int32 a = 4294967297; }`, "4294967297", /must be between/],
  ["a number of Protobuf's own", `${P3}message M { int32 a = 19500; }`, "19500", /belong to Protobuf itself/],
  ["two fields of one number", `${P3}message M { int32 a = 1; int32 b = 1; }`, "1", /already that of a: 2 is free/],
  ["a reserved number", `${P3}message M { reserved 1 to 5; int32 a = 3; }`, "3", /the number 3 is reserved: 6 is free/],
  ["a reserved name", `${P3}message M { reserved "a"; int32 a = 3; }`, "a", /the name a is reserved/],
  ["a field in an extension range", `${P2}message M { extensions 1 to 5; optional int32 a = 3; }`, "3", /is for extensions: 6 is free/],
  ["a range that ends before it begins", `${P3}message M { reserved 5 to 3; }`, "5 to 3", /ends at 3, before it begins/],
  ["ranges that overlap", `${P3}message M { reserved 1 to 5; reserved 5; }`, "5", /5 shares numbers with 1 to 5/],
  ["a reserved range with extensions", `${P2}message M { reserved 1 to 5; extensions 4 to max; }`, "4 to max", /shares numbers/],
  ["a name reserved twice", `${P3}message M { reserved "a", "a"; }`, '"a"', /reserved twice/],
  ["a reserved name without quotes", `${P3}message M { reserved a; }`, "a", /written in quotes/],
  ["a reserved name in quotes in editions", `${E23}message M { reserved "a"; }`, '"a"', /without quotes/],
  // Enums.
  ["an empty enum", `${P3}enum E {}`, "E", /must have a value/],
  ["an open enum that begins with 1", `${P3}enum E { A = 1; }`, "1", /must have the number 0/],
  ["an alias that is not allowed", `${P3}enum E { A = 0; B = 0; }`, "0", /already that of A: write option allow_alias/],
  ["allow_alias without aliases", `${P3}enum E { option allow_alias = true; A = 0; }`, "A", /leave out allow_alias/],
  ["a value beyond 32 bits", `${P3}enum E { A = 0; B = 2147483648; }`, "2147483648", /between -2147483648 and 2147483647/],
  ["a reserved value", `${P3}enum E { A = 0; B = 5; reserved 4 to 6; }`, "5", /reserved/],
  ["values that are the same without prefix", `${P3}enum Foo { FOO_A = 0; A = 1; }`, "A", /are the same, A/],
  [
    "a closed enum without presence",
    `${E23}enum E { option features.enum_type = CLOSED; A = 1; } message M { E e = 1 [features.field_presence = IMPLICIT]; }`,
    "E",
    /closed enum/,
  ],
  // Maps, oneofs, extensions.
  ["a map's key", `${P3}message M { map<double, int32> a = 1; }`, "double", /keys of maps/],
  ["an empty oneof", `${P3}message M { oneof o {} }`, "o", /must have fields/],
  [
    "an extension outside the range",
    `${P2}message M { extensions 5; } extend M { optional int32 a = 1; }`,
    "1",
    /has extensions 5, and 1 is not among them/,
  ],
  [
    "an extension twice",
    `${P2}message M { extensions 5; } extend M { optional int32 a = 5; optional int32 b = 5; }`,
    "5",
    /extension 5 of M is a already/,
  ],
  ["a required extension", `${P2}message M { extensions 5; } extend M { required int32 a = 5; }`, "a", /cannot be required/],
  [
    "an extension of no option in proto3",
    `${P3}import "google/protobuf/descriptor.proto"; extend google.protobuf.FileDescriptorProto { int32 a = 536000000; }`,
    "google.protobuf.FileDescriptorProto",
    /extends options only/,
  ],
  ["extension ranges in proto3", `${P3}message M { extensions 5; }`, "5", /no extension ranges/],
  [
    "an extension that is not declared",
    `${P2}message M { extensions 5 to 9 [declaration = { number: 5 full_name: ".a" type: "int32" }]; } extend M { optional int32 b = 6; }`,
    "6",
    /does not declare an extension 6/,
  ],
  [
    "an extension declared otherwise",
    `${P2}message M { extensions 5 to 9 [declaration = { number: 5 full_name: ".a" type: "int32" }]; } extend M { optional int32 b = 5; }`,
    "b",
    /declares extension 5 as \.a, not as \.b/,
  ],
  [
    "an extension declared of another type",
    `${P2}message M { extensions 5 to 9 [declaration = { number: 5 full_name: ".b" type: "string" }]; } extend M { optional int32 b = 5; }`,
    "int32",
    /with the type string, not int32/,
  ],
  [
    "a declaration outside of its range",
    `${P2}message M { extensions 5 [declaration = { number: 6 full_name: ".b" type: "string" }]; }`,
    "5",
    /outside of 5/,
  ],
  [
    "a message set with fields",
    `${P2}message M { option message_set_wire_format = true; optional int32 a = 1; extensions 4 to max; }`,
    "a",
    /no fields/,
  ],
  ["JSON names that clash", `${P3}message M { int32 foo_bar = 1; int32 fooBar = 2; }`, "fooBar", /same default name in JSON, fooBar/],
  [
    "chosen JSON names that clash",
    `${P3}message M { int32 a = 1 [json_name = "x"]; int32 b = 2 [json_name = "x"]; }`,
    '"x"',
    /same name in JSON, x/,
  ],
  ["a JSON name like an extension's", `${P3}message M { int32 a = 1 [json_name = "[x]"]; }`, '"[x]"', /may not look like/],
  [
    "a JSON name of an extension",
    `${P2}message M { extensions 5; } extend M { optional int32 a = 5 [json_name = "x"]; }`,
    "json_name",
    /extensions have no name/,
  ],
  // Defaults.
  ["a default in proto3", `${P3}message M { int32 a = 1 [default = 1]; }`, "a", /proto3 has no defaults/],
  ["a default of a list", `${P2}message M { repeated int32 a = 1 [default = 1]; }`, "1", /no default but an empty list/],
  ["a default of a message", `${P2}message M { optional M a = 1 [default = {}]; }`, "{", /messages have no default/],
  ["a default of another type", `${P2}message M { optional int32 a = 1 [default = "1"]; }`, '"1"', /expected a whole number/],
  ["a default that is too large", `${P2}message M { optional int32 a = 1 [default = 2147483648]; }`, "2147483648", /between -2147483648/],
  ["a negative default of an unsigned", `${P2}message M { optional uint32 a = 1 [default = -1]; }`, "-1", /between 0 and/],
  ["a default that is no value", `${P2}enum E { A = 0; } message M { optional E a = 1 [default = B]; }`, "B", /has no value B; it has A/],
  ["a default that is no bool", `${P2}message M { optional bool a = 1 [default = yes]; }`, "yes", /true or false/],
  ["two defaults", `${P2}message M { optional int32 a = 1 [default = 1, default = 2]; }`, "default", /two defaults/],
  // Options.
  ["an unknown option", `${P3}option java_pakage = "a";`, "java_pakage", /FileOptions has no option java_pakage/],
  ["an unknown custom option", `${P3}option (nope) = 1;`, "nope", /nothing is named nope/],
  ["a message as an option", `${P3}message M {} option (M) = 1;`, "M", /expected an extension, but M is a message/],
  [
    "an extension of other options",
    `${P3}${OPTIONS}extend google.protobuf.FileOptions { string a = 50000; } message M { option (a) = "x"; }`,
    "a",
    /extends google\.protobuf\.FileOptions, not MessageOptions/,
  ],
  ["an option twice", `${P3}option java_package = "a"; option java_package = "b";`, "java_package", /is set already/],
  ["an option of another type", `${P3}option java_package = 1;`, "1", /expected a string in quotes for java_package, got 1/],
  ["an option's unknown value", `${P3}option optimize_for = FAST;`, "FAST", /one of SPEED, CODE_SIZE, LITE_RUNTIME/],
  ["an option inside of a scalar", `${P3}option java_package.a = 1;`, "java_package", /is no message/],
  [
    "an option inside of a list",
    `${P3}${OPTIONS}message O { int32 x = 1; } extend google.protobuf.FileOptions { repeated O a = 50000; } option (a).x = 1;`,
    "a",
    /is repeated/,
  ],
  [
    "two of a oneof",
    `${P3}${OPTIONS}message O { oneof o { int32 x = 1; int32 y = 2; } } extend google.protobuf.FileOptions { O a = 50000; } option (a).x = 1; option (a).y = 1;`,
    "y",
    /x of the same oneof is set already/,
  ],
  [
    "a field that is none in a message",
    `${P3}${OPTIONS}message O { int32 x = 1; } extend google.protobuf.FileOptions { O a = 50000; } option (a) = { z: 1 };`,
    "z",
    /O has no field z/,
  ],
  [
    "a message without what it requires",
    `${P2}${OPTIONS}message O { required int32 x = 1; } extend google.protobuf.FileOptions { optional O a = 50000; } option (a) = { };`,
    "{",
    /missing x, which it requires/,
  ],
  [
    "a list for one value",
    `${P3}${OPTIONS}message O { int32 x = 1; } extend google.protobuf.FileOptions { O a = 50000; } option (a) = { x: [1, 2] };`,
    "[",
    /not repeated/,
  ],
  [
    "an Any of another prefix",
    `${P3}${OPTIONS}import "google/protobuf/any.proto"; extend google.protobuf.FileOptions { google.protobuf.Any a = 50000; } option (a) = { [example.com/google.protobuf.Any] {} };`,
    "[example.com/google.protobuf.Any]",
    /is written as \[type\.googleapis\.com/,
  ],
  ["packed on strings", `${P3}message M { repeated string a = 1 [packed = true]; }`, "a", /packed is for/],
  ["packed in editions", `${E23}message M { repeated int32 a = 1 [packed = true]; }`, "a", /repeated_field_encoding/],
  ["lazy on a number", `${P3}message M { int32 a = 1 [lazy = true]; }`, "a", /lazy is for/],
  ["jstype on 32 bits", `${P3}message M { int32 a = 1 [jstype = JS_STRING]; }`, "a", /64 bits/],
  [
    "features before editions",
    `${P3}option features.field_presence = IMPLICIT;`,
    "field_presence",
    /from edition 2023 on; this file is of proto3/,
  ],
  [
    "an option on the wrong thing",
    `${E23}message M { option features.field_presence = IMPLICIT; }`,
    "field_presence",
    /cannot be set on a message: it is for a field or a file/,
  ],
  ["an option that is gone", `${E24}message M { string a = 1 [ctype = CORD]; }`, "a", /has no ctype/],
  [
    "an option that was removed",
    `${E24}option java_multiple_files = true;`,
    "java_multiple_files",
    /can no longer be set since edition 2024: This behavior/,
  ],
  ["presence of a list", `${E23}message M { repeated int32 a = 1 [features.field_presence = EXPLICIT]; }`, "a", /no presence/],
  ["presence in a oneof", `${E23}message M { oneof o { int32 a = 1 [features.field_presence = EXPLICIT]; } }`, "a", /always know/],
  [
    "a default without presence",
    `${E23}message M { int32 a = 1 [features.field_presence = IMPLICIT, default = 1]; }`,
    "a",
    /has no default/,
  ],
  ["a message without presence", `${E23}message M { M a = 1 [features.field_presence = IMPLICIT]; }`, "a", /always know/],
  ["packing of a single value", `${E23}message M { int32 a = 1 [features.repeated_field_encoding = PACKED]; }`, "a", /repeated fields/],
  ["delimiting of a number", `${E23}message M { int32 a = 1 [features.message_encoding = DELIMITED]; }`, "a", /hold messages/],
  ["UTF-8 of a number", `${E23}message M { int32 a = 1 [features.utf8_validation = NONE]; }`, "a", /is for strings/],
  // Names since 2024.
  ["a message's name", `${E24}message bad_name {}`, "bad_name", /named in PascalCase, got bad_name/],
  ["a field's name", `${E24}message M { int32 Bad = 1; }`, "Bad", /lower_snake_case/],
  ["a field's number behind an underscore", `${E24}message M { int32 a_1 = 1; }`, "a_1", /lower_snake_case/],
  ["a value's name", `${E24}enum E { a = 0; }`, "a", /UPPER_SNAKE_CASE/],
  ["a package's name", `${E24}package Bad; message M {}`, "Bad", /a package must be named in lower_snake_case/],
];

/** What protoc takes: it cuts bytes and characters that are none, and keeps the last of two of a oneof. */
const STRICTER: readonly string[] = ["an escape above a byte", "an escape above Unicode", "two of a oneof"];

describe("a .proto file that is wrong", () => {
  for (const [name, proto, marked, message] of CASES) {
    it(`is refused with its place: ${name}`, async () => {
      const { problems, message: shown } = await problemsOf({ "test.proto": proto });
      const problem = problems[0]!;
      assert.match(problem.message, message);
      assert.equal(problem.text.slice(problem.column - 1, problem.column - 1 + problem.length), marked);
      assert.match(shown, /^test\.proto:1:\d+: .+\n {2}1 \| .+\n {4}\| +\^~*$/);
    });
  }

  it("is refused by protoc as well", () => {
    const accepted = CASES.filter(([, proto]) => refusalByProtoc(proto) === undefined).map(([name]) => name);
    assert.deepEqual(accepted, STRICTER);
  });
});
