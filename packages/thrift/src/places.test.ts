/** A message is read alike wherever it lies: where sockets read to, or elsewhere, from where a room full of it at a time is brought. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DecodeError, RECEIVED, ROOM } from "@kiteline/net";
import { PROTOCOLS, writtenBy, type Protocol } from "./bytes.fixture.ts";
import { makeMapCodec } from "./generic/codecs.ts";
import { samples } from "./random-idl.fixture.ts";
import type { StructCodec, ThriftReader, ThriftWriter, UnknownFields } from "./protocol.ts";
import { DOUBLE, I32, I64, LIST, STRING, STRUCT, idOfKey } from "./wire-types.ts";

type Place = (bytes: Buffer, end: number) => readonly [Buffer, number, number];

const PLACES: Readonly<Record<string, Place>> = {
  // What is behind the end is the rest of the message, as it may be of one that came before.
  "where sockets read to": (bytes, end) => [RECEIVED, 100, (bytes.copy(RECEIVED, 100), 100 + end)],
  elsewhere: (bytes, end) => [Buffer.concat([Buffer.from([0x0c, 0, 1]), bytes]), 3, 3 + end],
};

/** A value, and before it so many bytes that it begins `before` bytes before the first room is full. */
function across<T, Init>(value: StructCodec<T, Init>, before: number): StructCodec<T | undefined, Init> {
  return {
    name: "Across",
    write(out, init) {
      out.begin();
      out.binaryField(1, Buffer.alloc(Math.max(0, ROOM.byteLength - before)));
      out.structField(2);
      value.write(out, init);
      out.end();
    },
    read(inp) {
      let read: T | undefined;
      inp.begin();
      for (let key: number; (key = inp.field()) !== 0; ) {
        if (idOfKey(key) === 1) inp.binary();
        else read = value.read(inp);
      }
      return read;
    },
  };
}

/** Keeps what it reads as it came, or lets it go. */
const unknown = (kept: UnknownFields | undefined): StructCodec<undefined, never> => ({
  name: "Unknown",
  write() {},
  read(inp) {
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) {
      if (kept === undefined) inp.skip(key);
      else inp.unknown(key, kept);
    }
    return undefined;
  },
});

for (const protocol of PROTOCOLS) {
  for (const [name, place] of Object.entries(PLACES)) {
    const read = <T>(bytes: Buffer, codec: { read(inp: ThriftReader): T }, end = bytes.byteLength): T => {
      const reader = protocol.reader();
      reader.reset(...place(bytes, end));
      const value = codec.read(reader);
      assert.equal(reader.left, 0);
      return value;
    };
    const encoded = <Init>(codec: StructCodec<unknown, Init>, value: Init): Buffer => writtenBy(protocol, (out) => codec.write(out, value));

    describe(`a message in the ${protocol.name} protocol that lies ${name}`, () => {
      it("is read, kept and skipped whatever of it reaches beyond a room", () => {
        fc.assert(
          fc.property(samples, fc.nat(), ({ struct, value }, seed) => {
            const codec = makeMapCodec(struct, {});
            const before = seed % (encoded(codec, value).byteLength + 20);
            const crossing = across(codec, before);
            const bytes = encoded(crossing, value);
            assert.deepStrictEqual(read(bytes, crossing), value);
            read(bytes, across(unknown(undefined), before));
            const [kept, far]: [UnknownFields, UnknownFields] = [[], []];
            read(bytes, across(unknown(kept), before));
            read(encoded(across(codec, 1e6), value), across(unknown(far), 1e6));
            assert.deepStrictEqual(kept, far);
          }),
          { numRuns: 400 },
        );
      });

      it("is an error when it is cut anywhere", () => {
        fc.assert(
          fc.property(samples, fc.nat(), ({ struct, value }, seed) => {
            const codec = makeMapCodec(struct, {});
            const length = encoded(codec, value).byteLength;
            const crossing = across(codec, seed % (length + 20));
            const bytes = encoded(crossing, value);
            for (let cut = 1; cut < length; cut += 1 + (cut >> 5)) {
              assert.throws(() => read(bytes, crossing, bytes.byteLength - cut), DecodeError);
              assert.throws(() => read(bytes, unknown(undefined), bytes.byteLength - cut), DecodeError);
              assert.throws(() => read(bytes, unknown([]), bytes.byteLength - cut), DecodeError);
            }
          }),
          { numRuns: 60 },
        );
      });

      it("may hold lists, texts and bytes longer than a room", () => {
        const numbers = Array.from({ length: 2000 }, (_, i) => (i * 0x1234_5679) | 0);
        const long = numbers.map((each) => BigInt(each) << 20n);
        const reals = numbers.map((each) => each / 3);
        const texts = [64, 65, 4095, 4096, 4097, 9000].map((length) => "ä".padStart(length - 1, "x"));
        const blobs = [0, 1, 63, 64, 65, 4095, 4096, 4097, 10_000].map((length) => Uint8Array.from({ length }, (_, i) => i * 7));
        const write = (out: ThriftWriter): void => {
          out.list(I32, numbers.length, numbers);
          for (const each of numbers) out.i32(each);
          out.list(I64, long.length, long);
          for (const each of long) out.i64(each);
          out.list(DOUBLE, reals.length, reals);
          for (const each of reals) out.double(each);
          for (let i = 0; i < 3; i++) {
            for (const each of texts) out.string(each);
            for (const each of blobs) out.binary(each);
          }
        };
        read(writtenBy(protocol, write), {
          read(inp) {
            assert.deepEqual(inp.i32List(), numbers);
            assert.deepEqual(inp.i64List(), long);
            assert.deepEqual(inp.doubleList(), reals);
            for (let i = 0; i < 3; i++) {
              for (const each of texts) assert.equal(inp.string(), each);
              for (const each of blobs) {
                const blob = inp.binary();
                assert.equal(Object.getPrototypeOf(blob), Uint8Array.prototype);
                assert.deepEqual(blob, each);
              }
            }
          },
        });
      });

      it("is told of by the right byte", () => {
        const bytes = writtenBy(protocol, (out) => {
          out.binary(Buffer.alloc(5000));
          out.binary(Buffer.alloc(100, 0xff));
        });
        const start = bytes.byteLength - 100;
        assert.throws(
          () => read(bytes, { read: (inp) => [inp.binary(), inp.string()] }),
          new DecodeError(`a string of 100 bytes at byte ${start} is not UTF-8; raw bytes need the type binary`),
        );
        const claims = writtenBy(protocol, (out) => out.binary(Buffer.alloc(5000)));
        assert.throws(
          () => read(claims, { read: (inp) => [inp.binary(), inp.byte()] }),
          new DecodeError(`the message ends too early: 1 bytes expected at byte ${claims.byteLength} of ${claims.byteLength}`),
        );
      });

      it("is an error where a container has elements of no type, whatever came before", () => {
        const lists = protocol.name === "binary" ? ["0f00010200000001 01", "0f000200 00000001 01"] : ["1911 01", "1910 01"];
        const maps = protocol.name === "binary" ? ["0d0001020200000001 0101", "0d00020000 00000001 0101"] : ["1b0111 0101", "1b0100 0101"];
        for (const [good, bad] of [lists, maps] as [string, string][]) {
          const bytes = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
          read(bytes(`${good}00`), unknown(undefined));
          for (const codec of [unknown(undefined), unknown([])]) {
            assert.throws(() => read(bytes(`${good}${bad}00`), codec), { name: "DecodeError", message: /^a value has stop at byte \d+$/ });
          }
        }
      });

      it("is believed no count that the bytes left cannot hold, in a room or beyond", () => {
        for (const [type, method] of [
          [I32, "i32List"],
          [I64, "i64List"],
          [DOUBLE, "doubleList"],
        ] as const) {
          const lacking = listOf(protocol, type, 3000).subarray(0, -1);
          assert.throws(() => read(lacking, { read: (inp) => inp[method]() }), DecodeError);
        }
        for (const type of [STRING, STRUCT, LIST]) {
          assert.throws(() => read(listOf(protocol, type, 3000).subarray(0, 10), { read: (inp) => inp.list(type) }), DecodeError);
        }
      });
    });
  }
}

/** A list whose elements are of so many bytes of zeros. */
function listOf(protocol: Protocol, type: number, count: number): Buffer {
  const size = type === I32 && protocol.name === "compact" ? 1 : type === I64 && protocol.name === "compact" ? 1 : type === I32 ? 4 : 8;
  return Buffer.concat([
    writtenBy(protocol, (out) =>
      out.list(
        type,
        count,
        Array.from({ length: count }, () => 0),
      ),
    ),
    Buffer.alloc(count * size),
  ]);
}
