import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeHuffman, encodeHuffman, huffmanLength } from "./huffman.ts";

function encode(text: string): Buffer {
  const length = huffmanLength(text);
  const bytes = Buffer.alloc(length + 1, 0xaa);
  assert.equal(encodeHuffman(text, bytes, 0), length);
  assert.equal(bytes[length], 0xaa, "wrote no further than it said");
  return bytes.subarray(0, length);
}

function decode(bytes: Uint8Array): string | undefined {
  const target = Buffer.alloc(Math.ceil((bytes.byteLength * 8) / 5));
  const length = decodeHuffman(bytes, 0, bytes.byteLength, target);
  return length < 0 ? undefined : target.toString("latin1", 0, length);
}

describe("Huffman strings", () => {
  it("are those of RFC 7541, appendix C", () => {
    for (const [text, hex] of [
      ["www.example.com", "f1e3c2e5f23a6ba0ab90f4ff"],
      ["no-cache", "a8eb10649cbf"],
      ["custom-value", "25a849e95bb8e8b4bf"],
      ["Mon, 21 Oct 2013 20:13:21 GMT", "d07abe941054d444a8200595040b8166e082a62d1bff"],
      [
        "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
        "94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
      ],
    ] as const) {
      assert.equal(encode(text).toString("hex"), hex);
      assert.equal(decode(Buffer.from(hex, "hex")), text);
    }
  });

  it("give back whatever bytes they were made of", () => {
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
    assert.equal(decode(encode(all)), all);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = Buffer.from(bytes).toString("latin1");
        assert.equal(decode(encode(text)), text);
      }),
    );
  });

  it("know what cannot be encoded", () => {
    assert.equal(huffmanLength("snow ☃"), -1);
  });

  it("are refused when they are padded with anything but a few ones, or hold the end's code", () => {
    const zero = encode("a"); // 00011 and padding 111
    assert.equal(decode(Buffer.of(zero[0] as number)), "a");
    assert.equal(decode(Buffer.of((zero[0] as number) & 0xf8)), undefined, "padded with zeros");
    assert.equal(decode(Buffer.of(zero[0] as number, 0xff)), undefined, "padded with more than seven bits");
    assert.equal(decode(Buffer.of(0xff, 0xff, 0xff, 0xff)), undefined, "the end");
    assert.equal(decode(Buffer.of(0xff)), undefined);
    assert.equal(decode(Buffer.alloc(0)), "");
  });

  it("never decode to more than there is room for, whatever comes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const room = Math.ceil((bytes.byteLength * 8) / 5);
        const length = decodeHuffman(bytes, 0, bytes.byteLength, new Uint8Array(room));
        assert.ok(length <= room);
        if (length < 0) return;
        const text = decode(bytes) as string;
        assert.deepEqual(encode(text), Buffer.from(bytes), "there is one encoding only");
      }),
    );
  });
});
