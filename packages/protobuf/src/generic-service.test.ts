import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Output, Slabs, ValueError } from "@kiteline/net";
import { genericService } from "./generic-service.ts";
import { linkDescriptors } from "./schema/schema-of.ts";
import type { ProtobufMessages } from "./service.ts";

const [talk] = linkDescriptors([
  {
    name: "talk.proto",
    package: "acme",
    syntax: "proto3",
    messageType: [
      {
        name: "Line",
        field: [
          { name: "text", number: 1, type: 9, label: 1 },
          { name: "size", number: 2, type: 3, label: 1 },
        ],
      },
    ],
    service: [
      {
        name: "Talk",
        method: [
          { name: "Say", inputType: ".acme.Line", outputType: ".acme.Line", options: { idempotencyLevel: 1 } },
          { name: "Hear", inputType: ".acme.Line", outputType: ".acme.Line", serverStreaming: true },
          { name: "Tell", inputType: ".acme.Line", outputType: ".acme.Line", clientStreaming: true },
          { name: "Then", inputType: ".acme.Line", outputType: ".acme.Line", clientStreaming: true, serverStreaming: true },
        ],
      },
    ],
  },
]);

describe("genericService", () => {
  const service = genericService(talk!.services[0]!, { emitDefaults: true });
  const messages = service.methods["say"]?.messages as ProtobufMessages;

  it("describes methods of every kind, under names that clients can have", () => {
    assert.equal(service.name, "acme.Talk");
    assert.equal(service.file, talk!.source);
    assert.deepEqual(
      Object.entries(service.methods).map(([stub, { fullName, kind, idempotency }]) => [stub, fullName, kind, idempotency]),
      [
        ["say", "acme.Talk.Say", "unary", "no_side_effects"],
        ["hear", "acme.Talk.Hear", "server_stream", "unknown"],
        ["tell", "acme.Talk.Tell", "client_stream", "unknown"],
        ["then_", "acme.Talk.Then", "bidi_stream", "unknown"],
      ],
    );
  });

  it("has JSON text as messages, with every digit of a 64-bit integer", () => {
    const out = new Output(new Slabs(), 1000);
    out.begin();
    messages.encodeRequest(out, '{"text":"hi","size":9007199254740993}');
    assert.equal(messages.decodeResponse(out.bytes, out.messageStart, out.position), '{"text":"hi","size":"9007199254740993"}');
    assert.equal(messages.decodeResponse(Buffer.alloc(0), 0, 0), '{"text":"","size":"0"}');
    assert.equal(messages.request.empty(), '{"text":"","size":"0"}');
    out.rollback();
  });

  it("refuses what is no such message, and says where", () => {
    const out = new Output(new Slabs(), 1000);
    out.begin();
    assert.throws(
      () => messages.encodeRequest(out, '{"size":"many"}'),
      (error) => error instanceof ValueError && /acme\.Line: size: expected an int64/.test(error.message),
    );
    assert.throws(() => messages.encodeRequest(out, "{"), ValueError);
    out.rollback();
  });
});
