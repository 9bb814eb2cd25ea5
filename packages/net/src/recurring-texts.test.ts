import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RECEIVED } from "./received.ts";
import { LEAST_RECURRING_BYTES, MOST_RECURRING_BYTES, readRecurring } from "./recurring-texts.ts";

/** Reads bytes that lie between others, as in a message. */
function read(given: Uint8Array | string): string | undefined {
  const bytes = Buffer.from(given);
  RECEIVED.fill(0x41, 0, bytes.byteLength + 24);
  RECEIVED.set(bytes, 11);
  return readRecurring(11, 11 + bytes.byteLength);
}

describe("texts that recur", () => {
  it("are what their bytes say, the first time and later, whatever their length", () => {
    for (let round = 0; round < 4; round++) {
      for (let length = LEAST_RECURRING_BYTES; length <= MOST_RECURRING_BYTES; length++) {
        const text = Array.from({ length }, (_, i) => String.fromCharCode(97 + ((i * 7 + length) % 26))).join("");
        assert.equal(read(text), text);
      }
    }
  });

  it("are told from texts that differ in one byte, wherever that is", () => {
    for (let length = LEAST_RECURRING_BYTES; length <= MOST_RECURRING_BYTES; length++) {
      const known = "k".repeat(length);
      for (let i = 0; i < 3; i++) assert.equal(read(known), known);
      for (let at = 0; at < length; at++) {
        const other = `${known.slice(0, at)}x${known.slice(at + 1)}`;
        for (let i = 0; i < 3; i++) assert.equal(read(other), other);
        assert.equal(read(known), known);
      }
    }
  });

  it("are told from longer and shorter ones of the same letters", () => {
    for (let i = 0; i < 3; i++) {
      for (let length = LEAST_RECURRING_BYTES; length <= MOST_RECURRING_BYTES; length++)
        assert.equal(read("a".repeat(length)), "a".repeat(length));
    }
  });

  it("may be any UTF-8, and are nothing where they are none", () => {
    const invalid = Buffer.from("broken in here: \xff, in Latin-1", "latin1");
    for (let i = 0; i < 4; i++) {
      assert.equal(read("grüße aus 東京, 🚉"), "grüße aus 東京, 🚉");
      assert.equal(read("a replacement \ufffd that was sent"), "a replacement \ufffd that was sent");
      assert.equal(read(invalid), undefined);
    }
  });

  it("may begin with zeros and have signs where numbers have them", () => {
    const zeros = "\0".repeat(16);
    for (let i = 0; i < 3; i++) assert.equal(read(zeros), zeros);
    const negative = Buffer.alloc(16);
    negative[0] = 0x80;
    assert.equal(read(negative), undefined);
  });

  it("are decoded twice, however many others come between", (t) => {
    const recurring = "a text that comes again";
    for (let i = 0; i < 2; i++) read(recurring);
    for (let i = 0; i < 2000; i++) read(`number ${i} comes but once`);
    const decode = t.mock.method(Buffer.prototype as unknown as { latin1Slice(start: number, end: number): string }, "latin1Slice");
    assert.equal(read(recurring), recurring);
    assert.equal(decode.mock.callCount(), 0);
  });
});
