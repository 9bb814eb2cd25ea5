import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { payloadOf, protobufPayload, type GrpcPayload } from "./payload.ts";

describe("payloadOf", () => {
  const proto = protobufPayload();
  const thrift: GrpcPayload = { ...proto, name: "thrift" };

  it("knows the content types of its payloads", () => {
    for (const type of ["application/grpc", "application/grpc+proto", "application/grpc; a=b", " Application/gRPC "]) {
      assert.equal(payloadOf(type, [proto, thrift]), proto, type);
    }
    assert.equal(payloadOf("application/grpc+thrift", [proto, thrift]), thrift);
  });

  it("knows no others", () => {
    for (const type of [undefined, "", "application/grpc+json", "application/grpcs", "application/grpc-web", "text/application/grpc"]) {
      assert.equal(payloadOf(type, [proto, thrift]), undefined, String(type));
    }
  });
});
