import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { decode, encode, schema, type ProtoFile } from "@kiteline/protobuf";
import type { GeneratedFile } from "./generated-file.ts";
import { generateProto } from "./generate-proto.ts";
import { loadProto } from "./proto/load-proto.ts";
import type { ProtoGenerateOptions } from "./protobuf/options.ts";
import { Workshop } from "./workshop.fixture.ts";

const ROOT = join(import.meta.dirname, "../../..");
const WELL_KNOWN = ["any", "api", "compiler/plugin", "cpp_features", "descriptor", "duration", "empty", "field_mask"].concat([
  "go_features",
  "java_features",
  "source_context",
  "struct",
  "timestamp",
  "type",
  "wrappers",
]);

async function files(texts: Readonly<Record<string, string>>, options?: ProtoGenerateOptions): Promise<readonly GeneratedFile[]> {
  const loaded = await loadProto({
    files: Object.keys(texts),
    includePaths: ["."],
    read: (path) => texts[path] ?? texts[path.replace(/^\.\//, "")],
  });
  return generateProto(loaded.files, options);
}

async function textOf(text: string, options?: ProtoGenerateOptions): Promise<string> {
  return (await files({ "x.proto": text }, options)).find((each) => each.path === "x.ts")!.text;
}

/** The lines of a text that match. */
function linesOf(text: string, pattern: RegExp): string[] {
  const found = text.split("\n").filter((each) => pattern.test(each));
  return found.map((each) => each.trim());
}

describe("generated code of Protobuf", () => {
  it("is what a reviewer has seen (after a change that is meant: UPDATE_GOLDEN=1 npm test -- packages/codegen, and read the difference)", async () => {
    const golden = async (folder: string, made: readonly GeneratedFile[]): Promise<void> => {
      for (const { path, text } of made) {
        if (process.env["UPDATE_GOLDEN"] === "1") await writeFile(join(folder, path), text);
        assert.equal(await readFile(join(folder, path), "utf8"), text, path);
      }
    };
    const protobuf = join(ROOT, "packages/protobuf/src");
    const everything = await loadProto({ files: [join(protobuf, "everything.fixture.proto")], includePaths: [protobuf] });
    await golden(protobuf, generateProto(everything.files));
    const bench = join(ROOT, "bench/idl");
    const measured = await loadProto({
      files: ["fields", "record", "grouped"].map((each) => join(bench, `${each}.proto`)),
      includePaths: [bench],
    });
    await golden(join(ROOT, "bench/gen"), generateProto(measured.files));
    const wellKnown = await loadProto({ files: WELL_KNOWN.map((each) => `google/protobuf/${each}.proto`), read: () => undefined });
    const made = generateProto(wellKnown.files, { runtime: "../gen.ts" });
    assert.equal(made.length, WELL_KNOWN.length);
    await golden(join(protobuf, "gen"), made);
  });

  it("has no member under a name that every object has", async () => {
    const text = await textOf(
      'syntax = "proto3"; message M { string constructor = 1; bool to_string = 2; oneof value_of { int32 has_own_property = 3; } }',
    );
    assert.deepEqual(linesOf(text.slice(text.indexOf("interface M ")), /^ {2}\w+: /).slice(0, 3), [
      "constructor_: string;",
      "toString_: boolean;",
      'valueOf_: { case: "hasOwnProperty"; value: number } | { case: undefined; value?: undefined };',
    ]);
  });

  it("lies in the folders by which files import one another, never above the output folder", async () => {
    const made = await files({
      "acme/a.proto":
        'syntax = "proto3"; package acme; import "acme/sub/b.proto"; import "google/protobuf/any.proto"; message A { B b = 1; google.protobuf.Any any = 2; }',
      "acme/sub/b.proto": 'syntax = "proto3"; package acme; import public "c.proto"; message B { C c = 1; }',
      "c.proto": 'syntax = "proto3"; message C {}',
    });
    assert.deepEqual(made.map((each) => each.path).toSorted(), ["acme/a.ts", "acme/sub/b.ts", "c.ts"]);
    assert.deepEqual(linesOf(made.find((each) => each.path === "acme/a.ts")!.text, /^import \* /), [
      'import * as any_ from "@kiteline/protobuf/google/protobuf/any";',
      'import * as b from "./sub/b.ts";',
    ]);
    assert.deepEqual(linesOf(made.find((each) => each.path === "acme/sub/b.ts")!.text, /^import \* /), [
      'import * as c from "../../c.ts";',
    ]);
  });

  it("takes names of TypeScript and of its own apart from those of the file", async () => {
    const text = await textOf(`syntax = "proto3"; package p;
      message Map { string constructor = 1; int32 foo_bar = 2; string toString = 4; oneof value { int32 message = 5; string tag = 6; } }
      message file {} message MapCodec {} message ProtoFile {} message MessageCodec { message Map {} Map map = 1; }
      service Array { rpc Then(Map) returns (file); rpc get(Map) returns (Map); rpc Get(Map) returns (Map); }`);
    assert.deepEqual(
      linesOf(text, /^export (?:const|interface) /).map((each) => each.replace(/[:{=].*$/, "").trim()),
      [
        "export const file",
        "export interface Map_",
        "export interface MapInit",
        "export const MapCodec_",
        "export interface file_",
        "export const fileCodec",
        "export interface MapCodec",
        "export const MapCodecCodec",
        "export interface ProtoFile",
        "export const ProtoFileCodec",
        "export interface MessageCodec",
        "export const MessageCodecCodec",
        "export interface MessageCodec_Map",
        "export const MessageCodec_MapCodec",
        "export interface ArrayClient",
        "export interface ArrayHandler",
        "export const Array_",
      ],
    );
    assert.match(text, /type MessageCodec as MessageCodec_,/);
    assert.deepEqual(
      linesOf(text, /^ {2}(?:then|get)_?\(.*Promise<[^|]*>;$/).map((each) => each.replace(/\(.*/, "")),
      ["then_", "get", "get_"],
    );
  });

  it("has values of enums without the enum's name before them, if all have it", async () => {
    const text = await textOf(`syntax = "proto3";
      enum HTTPStatus { HTTP_STATUS_UNKNOWN = 0; HTTP_STATUS_OK = 200; }
      enum Mixed { MIXED_A = 0; B = 1; }
      enum Digits { DIGITS_0 = 0; DIGITS_1 = 1; }`);
    assert.deepEqual(linesOf(text, /^ {2}[A-Z_0-9]+: \d+,$/), [
      "UNKNOWN: 0,",
      "OK: 200,",
      "MIXED_A: 0,",
      "B: 1,",
      "DIGITS_0: 0,",
      "DIGITS_1: 1,",
    ]);
  });

  it("has 64-bit integers as the field says, else as the option says", async () => {
    const text = `syntax = "proto3"; message M { int64 a = 1; uint64 b = 2 [jstype = JS_STRING]; sint64 c = 3 [jstype = JS_NUMBER]; map<int64, fixed64> d = 4; }`;
    const types = async (i64?: "number" | "string"): Promise<string[]> =>
      linesOf((await textOf(text, i64 === undefined ? {} : { i64 })).split("export interface M {")[1]!.split("}")[0]!, /^ {2}[a-d]: /);
    assert.deepEqual(await types(), ["a: bigint;", "b: string;", "c: number;", "d: Map<bigint, bigint>;"]);
    assert.deepEqual(await types("number"), ["a: number;", "b: string;", "c: number;", "d: Map<number, number>;"]);
    assert.deepEqual(await types("string"), ["a: string;", "b: string;", "c: number;", "d: Map<string, string>;"]);
  });

  it("hands what it made to plugins, and imports as it is told", async () => {
    const made = await files(
      { "a.proto": 'syntax = "proto3"; import "b.proto"; message A { B b = 1; }', "b.proto": 'syntax = "proto3"; message B {}' },
      {
        importExtension: ".js",
        plugins: [(linked, before) => [...before, { path: "names.txt", text: linked.map((each) => each.name).join() }]],
      },
    );
    assert.equal(made.at(-1)!.text, "b.proto,a.proto");
    assert.match(made.find((each) => each.path === "a.ts")!.text, /from "\.\/b\.js";/);
  });
});

describe("generated code of any .proto file", () => {
  const workshop = new Workshop("protobuf");
  after(() => workshop.remove());

  it("compiles under the strictest settings, is formatted, and reads what it wrote", async () => {
    const odd = `edition = "2023"; package odd; import "google/protobuf/wrappers.proto"; import "google/protobuf/descriptor.proto";
      message Map { string constructor = 1; int32 foo_bar = 2; string to_string = 4; oneof value { int32 message = 5; string tag = 6; Map inp = 7; } }
      message aVeryLongNameOfAMessageThatFillsItsLinesByItself { repeated aVeryLongNameOfAMessageThatFillsItsLinesByItself anotherLongNameOfAField = 1;
        map<string, aVeryLongNameOfAMessageThatFillsItsLinesByItself> aMapWithAnEvenLongerNameThanTheOthersHave = 2; google.protobuf.StringValue text = 3;
        oneof choiceWithALongName { aVeryLongNameOfAMessageThatFillsItsLinesByItself aCaseWithALongName = 4; bytes out = 5; } }
      message Empty {} enum Closed { option features.enum_type = CLOSED; ONE = 1; TWO = 2; ALSO_TWO = 3; }
      message Closing { Closed one = 1; repeated Closed many = 2; oneof either { Closed chosen = 3; } bytes raw = 4 [default = "a\\\\001"]; double inf = 5 [default = inf]; }
      extend google.protobuf.FieldOptions { string note_with_a_long_name_that_goes_on_for_quite_a_while = 50001; repeated Closed closed = 50002; Map map = 50003; }
      service ServiceWithALongNameThatLeavesLittleRoomOnItsLine { rpc MethodWithALongNameThatGoesOnForQuiteAWhile(aVeryLongNameOfAMessageThatFillsItsLinesByItself) returns (stream aVeryLongNameOfAMessageThatFillsItsLinesByItself); }
      service Nothing {}`;
    const made = await files({ "odd.proto": odd });
    const [path] = await workshop.write("odd", made);
    for (const i64 of ["number", "string"] as const) {
      const everything = join(ROOT, "packages/protobuf/src");
      const loaded = await loadProto({ files: [join(everything, "everything.fixture.proto")], includePaths: [everything] });
      await workshop.write(i64, generateProto(loaded.files, { i64, importExtension: ".js" }));
    }
    await workshop.checkTypes();
    await workshop.checkFormat();
    assert.ok(path !== undefined && existsSync(path));
    const { file } = (await import(pathToFileURL(path).href)) as { readonly file: ProtoFile };
    assert.equal(schema.schemaOf(file).declared.size, 6);
    for (const codec of file.codecs()) assert.deepEqual(decode(codec, encode(codec, codec.empty())), codec.empty());
  });
});
