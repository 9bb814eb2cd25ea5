import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { schema } from "@kiteline/protobuf";
import { print } from "../layout.ts";
import { loadProto } from "../proto/load-proto.ts";
import { Imports } from "./imports.ts";
import { exampleText } from "./proto-example.ts";

async function textOf(text: string, message: string): Promise<{ text: string; imports: string[] }> {
  const { files } = await loadProto({ files: ["p/a.proto"], read: (path) => (path === "p/a.proto" ? text : undefined) });
  const type = schema.linkDescriptors(files).flatMap((file) => file.declared.get(message) ?? [])[0] as schema.MessageType;
  const imports = new Imports();
  return { text: print(exampleText(imports, type)).trimEnd(), imports: imports.lines() };
}

describe("exampleText", () => {
  it("writes every field out: zeros, empty ones, and undefined where nothing is there", async () => {
    const file = `syntax = "proto3"; package p; import "google/protobuf/struct.proto";
      enum Color { COLOR_NONE = 0; COLOR_RED = 1; }
      message A {
        string s = 1; int64 n = 2; optional bool o = 3; Color c = 4; repeated B list = 5; map<string, B> map = 6; B b = 7;
        oneof pick { bytes raw = 8; B other = 9; } oneof any { google.protobuf.NullValue null = 10; }
        int64 t = 11 [jstype = JS_STRING]; int64 d = 12 [jstype = JS_NUMBER];
      }
      message B { double real = 1; }`;
    const { text, imports } = await textOf(file, "p.A");
    assert.equal(
      text.replace(/\s+/g, " "),
      '{ s: "", n: 0n, o: undefined, c: Color.NONE, list: [], map: new Map(), b: { real: 0 }, pick: { case: "raw", value: new Uint8Array() }, ' +
        'any: { case: "null", value: NullValue.NULL_VALUE }, t: "0", d: 0, }',
    );
    assert.deepEqual(imports, [
      'import { NullValue } from "@kiteline/protobuf/google/protobuf/struct";',
      'import { Color } from "../gen/p/a.ts";',
    ]);
  });

  it("leaves out what holds itself, and what lies too deep", async () => {
    const own = 'syntax = "proto3"; package p; message A { A a = 1; B b = 2; } message B { oneof x { A a = 1; } repeated A list = 2; }';
    assert.equal((await textOf(own, "p.A")).text, "{ a: undefined, b: { x: { case: undefined }, list: [] } }");
    const chain = Array.from({ length: 9 }, (_, index) => `message M${index} { M${index + 1} next = 1; }`).join("\n");
    const deep = `syntax = "proto3"; package p; ${chain} message M9 {}`;
    assert.equal((await textOf(deep, "p.M0")).text, "{ next: { next: { next: { next: undefined } } } }");
  });
});
