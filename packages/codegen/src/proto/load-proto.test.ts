import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IdlError } from "@kiteline/thrift";
import { resolvedFeatures } from "./features.ts";
import { loadProto } from "./load-proto.ts";
import type { LoadedProto } from "./load.ts";

const load = (texts: Readonly<Record<string, string>>, ...files: readonly string[]): Promise<LoadedProto> =>
  loadProto({ files: files.length > 0 ? files : ["a.proto"], read: (path) => texts[path] });

async function refusal(texts: Readonly<Record<string, string>>): Promise<string> {
  try {
    await load(texts);
  } catch (error) {
    assert.ok(error instanceof IdlError, String(error));
    return error.message;
  }
  assert.fail("expected an IdlError");
}

const P3 = 'syntax = "proto3"; ';
const E24 = 'edition = "2024"; ';

describe("loadProto", () => {
  it("hands out each file behind those that it imports, and once", async () => {
    const texts = {
      "a.proto": `${P3} import "b.proto"; import "c.proto"; message A { B b = 1; C c = 2; }`,
      "b.proto": `${P3} import "c.proto"; message B { C c = 1; }`,
      "c.proto": `${P3} message C {}`,
    };
    const { files, roots } = await load(texts);
    assert.deepEqual(
      files.map((each) => each.name),
      ["c.proto", "b.proto", "a.proto"],
    );
    assert.deepEqual(roots, [files[2]]);
    assert.equal(files[1]!.messageType[0]!.field[0]!.typeName, ".C");
  });

  it("knows Google's own files without their text", async () => {
    const { files } = await load({
      "a.proto": `${P3} import "google/protobuf/timestamp.proto"; message A { google.protobuf.Timestamp t = 1; }`,
    });
    assert.deepEqual(
      files.map((each) => each.name),
      ["google/protobuf/timestamp.proto", "a.proto"],
    );
  });

  it("names files from the folder of the search path that they are in, and seeks imports in all of them", async () => {
    const texts: Readonly<Record<string, string>> = {
      "api/v1/a.proto": `${P3} import "v1/b.proto"; import "shared.proto"; message A { B b = 1; Shared s = 2; }`,
      "api/v1/b.proto": `${P3} message B {}`,
      "lib/shared.proto": `${P3} message Shared {}`,
    };
    const read = (path: string): string | undefined => texts[path];
    const { files } = await loadProto({ files: ["api/v1/a.proto"], includePaths: ["./api", "lib/"], read });
    assert.deepEqual(
      files.map((each) => each.name),
      ["v1/b.proto", "shared.proto", "v1/a.proto"],
    );
  });

  it("sees what an imported file imports publicly, and nothing else of it", async () => {
    const texts = {
      "a.proto": `${P3} import "b.proto"; message A { C c = 1; D d = 2; }`,
      "b.proto": `${P3} import public "c.proto"; import "d.proto";`,
      "c.proto": `${P3} message C {}`,
      "d.proto": `${P3} message D {}`,
    };
    const message = await refusal(texts);
    assert.match(message, /D is defined in d\.proto, which is not imported/);
    assert.doesNotMatch(message, /C is/);
  });

  it("tells files that are not there, that cannot be read and that import one another in a circle", async () => {
    assert.match(await refusal({ "a.proto": `${P3} import "b.proto";` }), /^a\.proto:1:28: there is no b\.proto/);
    assert.match(
      await refusal({ "a.proto": `${P3} import "google/rpc/status.proto";` }),
      /there is no google\/rpc\/status\.proto.*npm's google-proto-files/,
    );
    assert.match(await refusal({}), /^a\.proto: there is no such file/);
    const circle = { "a.proto": `${P3} import "b.proto";`, "b.proto": `${P3} import "a.proto";` };
    assert.match(await refusal(circle), /b\.proto:1:28: files cannot import one another in a circle: a\.proto -> b\.proto -> a\.proto/);
    assert.match(await refusal({ "a.proto": `${P3} import "a.proto";` }), /circle: a\.proto -> a\.proto/);
    assert.match(await refusal({ "a.proto": `${P3} import "../b.proto";` }), /a path from a folder that is searched/);
    const read = (path: string): string => {
      if (path === "a.proto") return `${P3} import "b.proto";`;
      throw new Error("disk on fire");
    };
    await assert.rejects(loadProto({ files: ["a.proto"], read }), /b\.proto cannot be read: disk on fire/);
    await assert.rejects(loadProto({ files: ["b.proto"], read }), /b\.proto: cannot be read: disk on fire/);
  });

  it("tells where above the folders searched an import is", async () => {
    const texts: Readonly<Record<string, string>> = {
      "proto/acme/v1/a.proto": `${P3} import "acme/v1/b.proto";`,
      "proto/acme/v1/b.proto": P3,
      "top.proto": P3,
      "proto/acme/v1/c.proto": `${P3} import "top.proto";`,
    };
    const read = (path: string): string | undefined => texts[path];
    const options = { includePaths: ["./proto/acme/v1/"], read };
    await assert.rejects(
      loadProto({ ...options, files: ["proto/acme/v1/a.proto"] }),
      /no acme\/v1\/b\.proto in \.\/proto\/acme\/v1\/; there is one in proto: have that searched, too \(-I proto\)/,
    );
    await assert.rejects(
      loadProto({ ...options, files: ["proto/acme/v1/c.proto"] }),
      /; there is one in \.: have that searched, too \(-I \.\)/,
    );
  });

  it("tells a chain of imports without end", async () => {
    const read = (path: string): string => `${P3} import "x${path}";`;
    await assert.rejects(loadProto({ files: ["a.proto"], read }), /may import one another 200 deep/);
  });

  it("tells names that two files define, and numbers that two extensions have", async () => {
    const twice = { "a.proto": `${P3} import "b.proto"; message M {}`, "b.proto": `${P3} message M {}` };
    assert.match(await refusal(twice), /a\.proto:1:47: M is a message already in b\.proto/);
    const base = 'syntax = "proto2"; package p; message M { extensions 5; }';
    const extend = (name: string): string => `syntax = "proto2"; import "b.proto"; extend p.M { optional int32 ${name} = 5; }`;
    const numbers = { "a.proto": `${extend("x")} import "c.proto";`, "b.proto": base, "c.proto": extend("y") };
    assert.match(await refusal(numbers), /extension 5 of p\.M is y already, of c\.proto/);
  });

  it("keeps what is local to a file there, from edition 2024 on", async () => {
    const b = `${E24} package b; export message Open { local message Shut {} export enum Kind { KIND_NONE = 0; } message Inner {} } local enum Own { OWN_NONE = 0; }`;
    const use = (type: string): Readonly<Record<string, string>> => ({
      "a.proto": `${E24} import "b.proto"; message A { ${type} x = 1; }`,
      "b.proto": b,
    });
    for (const type of ["b.Open", "b.Open.Kind"]) await load(use(type));
    assert.match(await refusal(use("b.Open.Shut")), /b\.Open\.Shut is local to b\.proto/);
    assert.match(await refusal(use("b.Own")), /b\.Own is local to b\.proto/);
    // By default only what stands at the top of a file is for others.
    assert.match(await refusal(use("b.Open.Inner")), /b\.Open\.Inner is local/);
  });

  it("sees what is imported for options in options only", async () => {
    const options = `${P3} package o; import "google/protobuf/descriptor.proto"; message O { int32 x = 1; } extend google.protobuf.FileOptions { O o = 50000; }`;
    const { files, roots } = await load({
      "a.proto": `${E24} import option "o.proto"; option (o.o).x = 1; message A {}`,
      "o.proto": options,
    });
    assert.deepEqual(roots[0]!.optionDependency, ["o.proto"]);
    assert.deepEqual(roots[0]!.options?.$unknown, [{ tag: 400_002, bytes: Uint8Array.of(2, 8, 1) }]);
    assert.equal(files.at(-1), roots[0]);
    const message = await refusal({ "a.proto": `${E24} import option "o.proto"; message A { o.O o = 1; }`, "o.proto": options });
    assert.match(message, /which is not imported \(or for options only\)/);
  });

  it("tells of all problems at once, in the order of their lines", async () => {
    const message = await refusal({
      "a.proto": `${P3}\nmessage A { int32 a = x; }\nmessage B { int32 b = ; int32 c = 1 }\nenum E { = 0; }\n`,
    });
    assert.deepEqual(message.match(/^a\.proto:\d+/gm), ["a.proto:2", "a.proto:3", "a.proto:4"]);
  });

  it("keeps comments at what they belong to", async () => {
    const text = `// The licence.

// About the syntax.
syntax = "proto3"; // behind the syntax

// Detached.

/* About A,
 * in two lines. */
message A { // behind the bracket
  // About x,
  // still.
  int32 x = 1; // behind x
  // not about x, but y
  int32 y = 2;
  // about y, from below

  int32 z = 3;
}
enum E {
  // About zero.
  ZERO = 0;
}
service S {
  // About get.
  rpc Get(A) returns (A) { // behind get
  }
}
`;
    const { roots } = await load({ "a.proto": text });
    const found = roots[0]!.sourceCodeInfo!.location.map(({ path, leadingComments, trailingComments, leadingDetachedComments }) => [
      path.join("."),
      leadingComments,
      trailingComments,
      leadingDetachedComments,
    ]);
    assert.deepEqual(found, [
      ["12", " About the syntax.\n", " behind the syntax\n", [" The licence.\n"]],
      ["4.0", " About A,\n in two lines. ", " behind the bracket\n", [" Detached.\n"]],
      ["4.0.2.0", " About x,\n still.\n", " behind x\n", []],
      ["4.0.2.1", " not about x, but y\n", " about y, from below\n", []],
      ["5.0.2.0", " About zero.\n", undefined, []],
      ["6.0.2.0", " About get.\n", " behind get\n", []],
    ]);
  });
});

describe("resolvedFeatures", () => {
  it("says in features what proto2 and proto3 say in other ways", async () => {
    const two =
      'syntax = "proto2"; message A { required int32 a = 1; repeated int32 b = 2 [packed = true]; optional group G = 3 {} optional string c = 4; }';
    const { roots } = await load({ "a.proto": two });
    const features = resolvedFeatures(roots[0]!);
    const [a, b, g, c] = roots[0]!.messageType[0]!.field.map((each) => features.get(each)!);
    assert.equal(a!.fieldPresence, "legacy_required");
    assert.equal(b!.repeatedFieldEncoding, "packed");
    assert.equal(g!.messageEncoding, "delimited");
    assert.deepEqual([c!.fieldPresence, c!.utf8Validation, c!.enumType], ["explicit", "none", "closed"]);
    const three = await load({ "a.proto": `${P3} message A { int32 a = 1; optional int32 b = 2; repeated int32 c = 3; }` });
    const inThree = resolvedFeatures(three.roots[0]!);
    const [implicit, explicit, packed] = three.roots[0]!.messageType[0]!.field.map((each) => inThree.get(each)!);
    assert.deepEqual([implicit!.fieldPresence, explicit!.fieldPresence, packed!.repeatedFieldEncoding], ["implicit", "explicit", "packed"]);
  });

  it("are inherited from what a thing stands in", async () => {
    const text = `edition = "2023"; option features.field_presence = IMPLICIT; option features.enum_type = CLOSED;
      message A { int32 a = 1; int32 b = 2 [features.field_presence = EXPLICIT]; message B { enum E { ONE = 1; } } }`;
    const { roots } = await load({ "a.proto": text });
    const features = resolvedFeatures(roots[0]!);
    const [message] = roots[0]!.messageType;
    assert.deepEqual(
      message!.field.map((each) => features.get(each)!.fieldPresence),
      ["implicit", "explicit"],
    );
    assert.equal(features.get(message!.nestedType[0]!.enumType[0]!)!.enumType, "closed");
  });
});
