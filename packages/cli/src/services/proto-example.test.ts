import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadProto } from "@kiteline/codegen";
import { fromJson, schema, type JsonValue } from "@kiteline/protobuf";
import { SHOP } from "../shop.fixture.ts";
import { completeMessage, exampleMessage, exampleReply } from "./proto-example.ts";

async function typesOf(text: string): Promise<(name: string) => schema.MessageType> {
  const { files } = await loadProto({ files: ["a.proto"], read: (path) => (path === "a.proto" ? text : undefined) });
  const linked = schema.linkDescriptors(files);
  return (name) => linked.flatMap((file) => file.declared.get(name) ?? [])[0] as schema.MessageType;
}

describe("exampleMessage", () => {
  it("shows all that is there anyway, messages inside, and the first field of a oneof", async () => {
    const type = (await typesOf(SHOP))("acme.v1.Order");
    const example = exampleMessage(type);
    assert.deepEqual(example, {
      id: "",
      count: "0",
      items: [],
      size: "SIZE_UNSPECIFIED",
      at: "1970-01-01T00:00:00Z",
      card: "",
      extra: {},
      nick: "",
      raw: "",
      tags: {},
      userName: "",
    });
    assert.doesNotThrow(() => fromJson(schema.codecOf(type), example as JsonValue));
  });

  it("has required fields, ends where messages hold one another, and never goes too deep", async () => {
    const chain = Array.from({ length: 9 }, (_, index) => `message M${index} { optional M${index + 1} next = 1; }`).join("\n");
    const types = await typesOf(`syntax = "proto2"; package p;
      message A { required int32 n = 1; optional int32 gone = 2 [default = 5]; optional B b = 3; }
      message B { repeated A list = 1; optional A a = 2; }
      ${chain} message M9 {}`);
    assert.deepEqual(exampleMessage(types("p.A")), { n: 0, b: { list: [] } });
    assert.deepEqual(exampleMessage(types("p.M0")), { next: { next: { next: {} } } });
  });
});

describe("exampleReply", () => {
  it("takes what the request has by the same name and of the same type", async () => {
    const types = await typesOf(SHOP);
    const request = { id: "o1", count: "3", items: [{ name: "nut" }], size: "SIZE_LARGE", userName: "me" };
    assert.deepEqual(exampleReply(types("acme.v1.Receipt"), types("acme.v1.Order"), request), {
      id: "o1",
      count: 0, // an int64 in the request
      items: [{ name: "nut" }],
      size: "SIZE_LARGE",
      first: { name: "", weight: "0" },
      userName: "me",
      currency: "",
      extra: {},
    });
    const text = types("google.protobuf.StringValue");
    assert.equal(exampleReply(text, text, "hi"), "hi");
    assert.equal(exampleReply(text, types("acme.v1.Order"), request), "");
  });
});

describe("completeMessage", () => {
  it("puts fields over the example under either name, and one of a oneof in the place of the other", async () => {
    const type = (await typesOf(SHOP))("acme.v1.Order");
    assert.deepEqual(completeMessage(type, { card: "c", userName: "a" }, { swap: { name: "n" }, user_name: "b" }), {
      swap: { name: "n" },
      userName: "b",
    });
    assert.equal(completeMessage(type, {}, "wrong"), "wrong");
  });
});
