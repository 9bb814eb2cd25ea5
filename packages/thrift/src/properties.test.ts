/** What must hold for every IDL and every value. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { CALL, DecodeError } from "@kiteline/net";
import { BinaryScanner } from "./binary-scanner.ts";
import { BINARY, COMPACT, decode, encode, PROTOCOLS, readerOf, writtenBy, type Protocol } from "./bytes.fixture.ts";
import { CompactScanner } from "./compact-scanner.ts";
import { copyStruct } from "./copy-value.ts";
import { makeJsonCodec, makeMapCodec } from "./generic/codecs.ts";
import { samples, type Sample } from "./random-idl.fixture.ts";
import type { StructCodec, UnknownFields } from "./protocol.ts";

const RUNS = { numRuns: 300 };

/** A struct of an IDL that has none of the fields. */
const stranger: StructCodec<UnknownFields> = {
  name: "Stranger",
  write(out, fields) {
    out.begin();
    out.unknown(fields);
    out.end();
  },
  read(inp) {
    const fields: UnknownFields = [];
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) inp.unknown(key, fields);
    return fields;
  },
};

const forgetful: StructCodec<undefined> = {
  name: "Forgetful",
  write() {},
  read(inp) {
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) inp.skip(key);
    return undefined;
  },
};

for (const protocol of PROTOCOLS) {
  describe(`any value in the ${protocol.name} protocol`, () => {
    it("comes back equal", () => {
      fc.assert(
        fc.property(samples, ({ struct, value }) => {
          const codec = makeMapCodec(struct, {});
          assert.deepStrictEqual(decode(protocol, codec, encode(protocol, codec, value)), value);
        }),
        RUNS,
      );
    });

    it("comes back equal from JSON, with 64-bit integers as numbers and as text", () => {
      fc.assert(
        fc.property(samples, fc.constantFrom("number" as const, "string" as const), ({ struct, value }, i64) => {
          const codec = makeMapCodec(struct, {});
          const json = makeJsonCodec(struct, { i64 });
          const text = decode(protocol, json, encode(protocol, codec, value));
          assert.deepStrictEqual(decode(protocol, codec, encode(protocol, json, text)), value);
        }),
        RUNS,
      );
    });

    it("can be skipped, kept and copied by those who do not know it", () => {
      fc.assert(
        fc.property(samples, ({ struct, value }) => {
          const bytes = encode(protocol, makeMapCodec(struct, {}), value);
          decode(protocol, forgetful, bytes);
          const kept = decode(protocol, stranger, bytes);
          assert.deepStrictEqual(encode(protocol, stranger, kept), bytes);
          assert.deepStrictEqual(
            writtenBy(protocol, (out) => copyStruct(readerOf(protocol, bytes), out)),
            bytes,
          );
        }),
        RUNS,
      );
    });

    it("has an end that is found in pieces of any size, and not before it has come", () => {
      fc.assert(
        fc.property(samples, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), ({ struct, value }, pieces) => {
          const message = messageOf(protocol, { struct, value });
          const bytes = Buffer.concat([Buffer.from([7, 7]), message, Buffer.from([7, 7, 7])]);
          const scanner = protocol === BINARY ? new BinaryScanner(256, true) : new CompactScanner(256);
          let there = 0;
          for (let i = 0; there < message.byteLength; i++) {
            const length = scanner.scan(bytes, 2, 2 + there);
            assert.ok(length > there && length <= message.byteLength, `${length} of ${message.byteLength}, ${there} there`);
            there = Math.min(message.byteLength, there + (pieces[i % pieces.length] as number));
          }
          assert.equal(scanner.scan(bytes, 2, bytes.byteLength), message.byteLength);
          // And again for the next message.
          assert.equal(scanner.scan(bytes, 2, bytes.byteLength), message.byteLength);
        }),
        RUNS,
      );
    });

    it("is an error, never another value, when it is cut anywhere", () => {
      fc.assert(
        fc.property(samples, ({ struct, value }) => {
          const codec = makeMapCodec(struct, {});
          const bytes = encode(protocol, codec, value);
          for (let end = 0; end < bytes.byteLength; end += 1 + (end >> 5)) {
            assert.throws(() => decode(protocol, codec, bytes.subarray(0, end)), DecodeError);
            assert.throws(() => decode(protocol, forgetful, bytes.subarray(0, end)), DecodeError);
          }
        }),
        { numRuns: 100 },
      );
    });

    it("is a value or an error, and never much work, whatever its bytes turn into", () => {
      const change = fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.integer({ min: 0, max: 255 })));
      fc.assert(
        fc.property(samples, fc.array(change, { minLength: 1, maxLength: 4 }), ({ struct, value }, changes) => {
          const codec = makeMapCodec(struct, {});
          const bytes = messageOf(protocol, { struct, value });
          const head = bytes.byteLength - encode(protocol, codec, value).byteLength;
          for (const [at, byte] of changes) bytes[at % bytes.byteLength] = byte;
          const scanner = protocol === BINARY ? new BinaryScanner(256, true) : new CompactScanner(256);
          for (const read of [
            () => decode(protocol, codec, bytes.subarray(head)),
            () => decode(protocol, forgetful, bytes.subarray(head)),
            () => decode(protocol, stranger, bytes.subarray(head)),
            () => scanner.scan(bytes, 0, bytes.byteLength),
          ]) {
            try {
              read();
            } catch (error) {
              if (!(error instanceof DecodeError) && !/^\d+ bytes left$/.test((error as Error).message)) throw error;
            }
          }
        }),
        { numRuns: 2000 },
      );
    });
  });
}

describe("the two protocols", () => {
  it("hold the same values", () => {
    fc.assert(
      fc.property(samples, ({ struct, value }) => {
        const codec = makeMapCodec(struct, {});
        const binary = encode(BINARY, codec, value);
        const compact = writtenBy(COMPACT, (out) => copyStruct(readerOf(BINARY, binary), out));
        assert.deepStrictEqual(compact, encode(COMPACT, codec, value));
        assert.deepStrictEqual(decode(COMPACT, codec, compact), value);
      }),
      RUNS,
    );
  });
});

function messageOf(protocol: Protocol, { struct, value }: Sample): Buffer {
  return writtenBy(protocol, (out) => {
    (out as ReturnType<Protocol["writer"]>).writeHead(CALL, "method", -7);
    makeMapCodec(struct, {}).write(out, value);
  });
}
