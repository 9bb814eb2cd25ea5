import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RpcError, type Method } from "@kiteline/core";
import { EXCEPTION, MessageHead } from "@kiteline/net";
import { BINARY, COMPACT, decode, encode, readerOf, written, writtenBy } from "./bytes.fixture.ts";
import { copyStruct } from "./copy-value.ts";
import { framedBytes } from "./framing.ts";
import { makeMapCodec } from "./generic/codecs.ts";
import { GenericException } from "./generic/generic-exception.ts";
import { genericService, thriftBinary } from "./index.ts";
import { plainType, type Struct } from "./idl/model.ts";
import { messageVectors, structNamed, structOf, structVectors, vectorIdl, type MessageVector } from "./vectors.fixture.ts";

const idl = await vectorIdl();
const binary = thriftBinary();

/** Maps as what reading makes of them; fields that have a default as if they had come. */
function asRead(value: unknown): unknown {
  if (value instanceof Map) {
    return Object.assign(Object.create(null), Object.fromEntries([...value].map(([k, v]) => [String(k), asRead(v)])));
  }
  if (Array.isArray(value)) return value.map(asRead);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, asRead(v)]));
}

/** With what Go says of fields that did not come: an empty struct of an old IDL is all zeros to it. */
function whole(struct: Struct, value: unknown): unknown {
  const object: Record<string, unknown> = {};
  for (const field of struct.fields) {
    const type = plainType(field.type);
    const given = (value as Record<string, unknown>)[field.name];
    if (given !== undefined) object[field.name] = type.kind === "struct" ? whole(type.definition, given) : given;
    else if (field.value?.kind === "integer") object[field.name] = Number(field.value.value);
    else if (field.requiredness === "default" && type.kind === "i32") object[field.name] = 0;
  }
  return object;
}

describe("structs that Kitex wrote", () => {
  for (const vector of structVectors) {
    it(`${vector.type}: ${vector.name}`, () => {
      const struct = structNamed(idl, vector.type);
      const codec = makeMapCodec(struct, {});
      const bytes = Buffer.from(vector.hex, "hex");
      const value = structOf(struct, vector.value);
      const expected = whole(struct, asRead(value));
      assert.deepEqual(whole(struct, decode(BINARY, codec, bytes)), expected);
      assert.deepEqual(whole(struct, decode(COMPACT, codec, encode(COMPACT, codec, value))), expected);
      const ours = encode(BINARY, codec, value);
      // The values of `Kinds` are what Go has in memory: also what it did not write.
      if (vector.type !== "Kinds") sameBytes(ours, bytes);
      assert.deepEqual(whole(struct, decode(BINARY, codec, ours)), expected);
      // Without any IDL: the same bytes to the last. (Through compact all but the types of empty maps, which it does not write.)
      assert.deepEqual(
        writtenBy(BINARY, (out) => copyStruct(readerOf(BINARY, bytes), out)),
        bytes,
      );
      const compact = writtenBy(COMPACT, (out) => copyStruct(readerOf(BINARY, bytes), out));
      const back = writtenBy(BINARY, (out) => copyStruct(readerOf(COMPACT, compact), out));
      assert.equal(back.byteLength, bytes.byteLength);
      assert.deepEqual(
        writtenBy(COMPACT, (out) => copyStruct(readerOf(BINARY, back), out)),
        compact,
      );
    });
  }
});

describe("messages that Kitex wrote", async () => {
  const services = new Map<string, Readonly<Record<string, Method>>>();
  for (const name of ["Echo", "Interop", "Missing"]) {
    services.set(name, (await genericService(idl, name, { mode: "map" })).methods);
  }

  for (const vector of messageVectors) {
    it(`${vector.protocol}: ${vector.name}`, () => {
      const bytes = Buffer.from(vector.hex, "hex");
      const start = vector.protocol === "framed" ? 4 : 0;
      if (start > 0) assert.equal(framedBytes(bytes, 0, bytes.byteLength), bytes.byteLength);
      assert.equal(binary.makeFramer()(bytes, start, bytes.byteLength), bytes.byteLength - start);
      const method = services.get(vector.service)?.[vector.method] as Method;
      const head = new MessageHead();
      binary.readHead(bytes, start, bytes.byteLength, head);
      assert.deepEqual([head.kind, head.name, head.seq], [vector.type, vector.method, vector.seqId]);
      const message = bytes.subarray(start);
      if (vector.type === 2) checkReply(vector, method, head, message);
      else if (vector.type === EXCEPTION) checkException(vector, method, head, message);
      else {
        const request = binary.readRequest(head, method);
        const names = Object.keys(vector.body ?? {});
        assert.equal(method.arity, names.length);
        sameBytes(
          written((out) => binary.writeRequest(out, method, vector.seqId, request)),
          message,
        );
      }
    });
  }
});

/** Kitex orders fields by kind, we as the IDL does: the same bytes in another order. */
function sameBytes(ours: Buffer, theirs: Buffer): void {
  assert.deepEqual(ours.toSorted(), theirs.toSorted());
}

function checkReply(vector: MessageVector, method: Method, head: MessageHead, message: Buffer): void {
  const value = binary.readReply(head, method);
  const [name] = Object.keys(vector.body ?? {});
  if (name === undefined || name === "success") {
    assert.equal(head.thrown, false);
    sameBytes(
      written((out) => binary.writeReply(out, method, vector.seqId, value)),
      message,
    );
    return;
  }
  assert.ok(head.thrown && value instanceof GenericException);
  assert.equal(value.exception.toLowerCase(), name.toLowerCase());
  assert.deepEqual(value.value, vector.body?.[name]);
  sameBytes(
    written((out) => binary.writeError(out, method, method.name, vector.seqId, value)),
    message,
  );
}

function checkException(vector: MessageVector, method: Method, head: MessageHead, message: Buffer): void {
  const error = binary.readReply(head, method);
  assert.ok(head.thrown && error instanceof RpcError && vector.exception !== undefined);
  assert.equal(error.foreignCode, `thrift ${vector.exception.type}`);
  assert.equal(error.detail, vector.exception.message);
  assert.equal(error.executed, [1, 7, 20].includes(vector.exception.type) ? "no" : "maybe");
  // Kitex's 20 is our unimplemented, which we tell as 1.
  if (vector.exception.type === 20) return;
  sameBytes(
    written((out) => binary.writeError(out, method, method.name, vector.seqId, error)),
    message,
  );
}
