import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createFileRegistry, fromBinary, fromJson as fromJsonEs, toBinary, toJson as toJsonEs, type JsonValue } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import protobufjs from "protobufjs";
import { DynamicCodec } from "./dynamic/dynamic-codec.ts";
import { decode, encode } from "./encode.ts";
import { file } from "./everything.fixture.ts";
import { FileDescriptorSetCodec } from "./gen/google/protobuf/descriptor.ts";
import { fromJson, fromJsonText, toJson, toJsonText } from "./json/json.ts";
import { randomMessage, withImports } from "./random-messages.fixture.ts";
import { messagesOf } from "./schema/model.ts";
import { createRegistry } from "./registry.ts";
import { codecOf, linkDescriptors, schemaOf } from "./schema/schema-of.ts";
import { fromText } from "./text/text-reader.ts";
import { toText } from "./text/text-writer.ts";

const schema = schemaOf(file);
const TYPES = messagesOf(schema).filter((each) => each.proto.options?.mapEntry !== true);
const registry = createRegistry(file);
const runs = { numRuns: 60 };

const files = [...withImports(schema)];
const set = encode(FileDescriptorSetCodec, { file: files.map((each) => each.proto) });
const es = createFileRegistry(fromBinary(FileDescriptorSetSchema, set));

for (const type of TYPES) {
  const codec = codecOf(type);
  const values = randomMessage(type);

  describe(`any ${type.name}`, () => {
    it("comes back from its bytes as it was", () => {
      fc.assert(
        fc.property(values, (value) => assert.deepEqual(decode(codec, encode(codec, value)), value)),
        runs,
      );
    });

    it("is the same bytes, and the same value, without generated code", () => {
      const dynamic = linkDescriptors(files.map((each) => each.proto))
        .at(-1)!
        .declared.get(type.name);
      assert.ok(dynamic?.kind === "message");
      const interpreting = codecOf(dynamic);
      assert.ok(interpreting instanceof DynamicCodec);
      fc.assert(
        fc.property(values, (value) => {
          const bytes = encode(codec, value);
          assert.deepEqual(encode(interpreting, value), bytes);
          assert.deepEqual(decode(interpreting, bytes), value);
        }),
        runs,
      );
    });

    it("comes back from text as it was", () => {
      fc.assert(
        fc.property(values, (value) => assert.deepEqual(fromText(codec, toText(codec, value, { registry }), { registry }), value)),
        runs,
      );
    });

    it("comes back from JSON as it was, also from its text", () => {
      fc.assert(
        fc.property(values, (value) => {
          assert.deepEqual(fromJson(codec, toJson(codec, value)), value);
          assert.deepEqual(fromJsonText(codec, toJsonText(codec, value, { emitDefaults: true })), value);
        }),
        runs,
      );
    });

    it("is to protobuf-es what it is to us, as bytes and as JSON", () => {
      const desc = es.getMessage(type.name)!;
      fc.assert(
        fc.property(values, (value) => {
          const theirs = fromBinary(desc, encode(codec, value));
          assert.deepEqual(decode(codec, toBinary(desc, theirs)), value);
          const json = toJson(codec, value) as JsonValue;
          assert.deepEqual(json, toJsonEs(desc, theirs));
          assert.deepEqual(decode(codec, toBinary(desc, fromJsonEs(desc, json))), value);
        }),
        runs,
      );
    });
  });
}

describe("any message of scalars", () => {
  it("is to protobufjs what it is to us", () => {
    const { root } = protobufjs.parse(`
      syntax = "proto3"; package peer;
      message Scalars {
        double a = 1; float b = 2; int32 c = 3; uint32 d = 5; sint32 e = 7; fixed32 f = 9; sfixed32 g = 11; bool h = 13; string i = 14; bytes j = 15;
      }`);
    const peer = root.lookupType("peer.Scalars");
    const type = TYPES.find((each) => each.name === "everything.Implicit")!;
    const codec = codecOf(type);
    fc.assert(
      fc.property(randomMessage(type), (value) => {
        const theirs = peer.toObject(peer.decode(encode(codec, value)), { defaults: true }) as Record<string, unknown>;
        const ours = [value["aDouble"], value["aFloat"], value["anInt32"], value["aUint32"], value["aSint32"], value["aFixed32"]];
        assert.deepEqual([theirs["a"], theirs["b"], theirs["c"], theirs["d"], theirs["e"], theirs["f"]], ours);
        const rest = [value["aSfixed32"], value["aBool"], value["aString"], Buffer.from(value["someBytes"] as Uint8Array)];
        assert.deepEqual([theirs["g"], theirs["h"], theirs["i"], Buffer.from(theirs["j"] as Uint8Array)], rest);
        const back = decode(codec, peer.encode(peer.fromObject(theirs)).finish()) as Record<string, unknown>;
        assert.deepEqual([back["aDouble"], back["aFloat"], back["aString"]], [value["aDouble"], value["aFloat"], value["aString"]]);
      }),
      runs,
    );
  });
});
