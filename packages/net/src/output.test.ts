import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Output, TooLarge } from "./output.ts";
import { SLAB_BYTES, Slabs, type Slab } from "./slabs.ts";

/** Knows which slabs are out. */
class CountingSlabs extends Slabs {
  readonly out = new Set<Slab>();

  override borrow(): Slab {
    const slab = super.borrow();
    assert.ok(!this.out.has(slab), "a slab was lent twice");
    this.out.add(slab);
    return slab;
  }

  override borrowLarge(size: number): Slab {
    const slab = super.borrowLarge(size);
    assert.ok(!this.out.has(slab), "a slab was lent twice");
    assert.ok(slab.bytes.byteLength >= size);
    this.out.add(slab);
    return slab;
  }

  override giveBack(slab: Slab): void {
    if (slab.bytes.byteLength > 0) assert.ok(this.out.delete(slab), "a slab came back twice");
    super.giveBack(slab);
  }
}

/** Writes `bytes` in pieces, as an encoder does. */
function write(out: Output, bytes: Uint8Array, piece: number): void {
  for (let at = 0; at < bytes.byteLength; at += piece) {
    const part = bytes.subarray(at, at + piece);
    out.ensure(part.byteLength);
    out.bytes.set(part, out.position);
    out.position += part.byteLength;
  }
}

function take(out: Output, slabs: Slabs): Buffer {
  const sealed = out.take();
  const bytes = Buffer.concat(sealed.map((each) => each.bytes));
  for (const { slab } of sealed) slabs.giveBack(slab);
  return bytes;
}

function pattern(length: number, seed: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 7 + seed) & 0xff;
  return bytes;
}

describe("Output", () => {
  it("gives out all messages whole and in order, none of those rolled back, and all slabs come back", () => {
    const message = fc.record({
      length: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 3 * SLAB_BYTES })),
      piece: fc.integer({ min: 50, max: 70_000 }),
      kept: fc.boolean(),
      takenAfter: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12, size: "max" }), (messages) => {
        const slabs = new CountingSlabs();
        const out = new Output(slabs, 16 * 1024 * 1024);
        let expected = Buffer.alloc(0);
        for (const [seed, { length, piece, kept, takenAfter }] of messages.entries()) {
          const bytes = pattern(length, seed);
          out.begin();
          // A length that is patched in afterwards, where the message then stands.
          out.ensure(4);
          out.position += 4;
          write(out, bytes, piece);
          out.view.setUint32(out.messageStart, out.position - out.messageStart - 4);
          if (kept) {
            out.end();
            const head = Buffer.alloc(4);
            head.writeUInt32BE(length);
            expected = Buffer.concat([expected, head, bytes]);
          } else {
            out.rollback();
          }
          assert.equal(out.pendingBytes, expected.byteLength);
          if (!takenAfter) continue;
          assert.ok(take(out, slabs).equals(expected));
          expected = Buffer.alloc(0);
          assert.equal(slabs.out.size, 0);
        }
        assert.ok(take(out, slabs).equals(expected));
        assert.equal(slabs.out.size, 0);
        assert.equal(out.pendingBytes, 0);
      }),
    );
  });

  it("gives messages away, and takes them back in parts, between others and in order", () => {
    const message = fc.record({
      length: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 6 * SLAB_BYTES })),
      way: fc.constantFrom("kept", "kept", "detached", "rolled back", "taken"),
      parts: fc.integer({ min: 1, max: 4 }),
      later: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 14, size: "max" }), (messages) => {
        const slabs = new CountingSlabs();
        const out = new Output(slabs, 16 * 1024 * 1024);
        const expected: Buffer[] = [];
        const waiting: (() => void)[] = [];
        for (const [seed, { length, way, parts, later }] of messages.entries()) {
          const bytes = pattern(length, seed);
          out.begin();
          write(out, bytes, 40_000);
          if (way === "rolled back") {
            out.rollback();
          } else if (way === "detached") {
            const detached = out.detach(out.messageStart + 1);
            const append = (): void => {
              const size = Math.ceil((length - 1) / parts);
              for (let at = 0; at < length - 1; at += size) {
                out.begin();
                write(out, Buffer.of(0xee), 1); // a head before each part
                out.append(detached.bytes.subarray(at, at + size), detached, at + size >= length - 1);
                expected.push(Buffer.of(0xee), bytes.subarray(1 + at, 1 + at + size));
              }
              if (length === 1) slabs.giveBack(detached.slab);
            };
            if (later) waiting.push(append);
            else append();
          } else {
            expected.push(bytes);
          }
          assert.equal(
            out.pendingBytes,
            expected.reduce((sum, each) => sum + each.byteLength, 0),
          );
          if (way !== "taken") continue;
          assert.ok(take(out, slabs).equals(Buffer.concat(expected.splice(0))));
        }
        for (const append of waiting) append();
        assert.ok(take(out, slabs).equals(Buffer.concat(expected)));
        assert.equal(slabs.out.size, 0, "all slabs come back");
      }),
    );
  });

  it("owns no slab while nothing is written", () => {
    const slabs = new CountingSlabs();
    const out = new Output(slabs, 1000);
    out.begin();
    out.ensure(10);
    out.position += 10;
    assert.equal(slabs.out.size, 1);
    out.rollback();
    assert.equal(slabs.out.size, 0);
  });

  it("refuses a message of one byte too many, and one far too large before there is memory for it", () => {
    const slabs = new CountingSlabs();
    const out = new Output(slabs, 100_000);
    const whole = (length: number): void => {
      out.begin();
      write(out, pattern(length, 0), 1000);
      out.end();
    };
    whole(100_000);
    assert.throws(() => whole(100_001), { name: "TooLarge", message: /larger than 100000 bytes: raise maxMessageBytes/ });
    out.rollback();
    out.begin();
    assert.throws(() => out.ensure(1_000_000_000), TooLarge);
    out.rollback();
    whole(5); // it goes on as if nothing had been
    assert.equal(take(out, slabs).byteLength, 100_005);
    assert.equal(slabs.out.size, 0);
  });

  it("keeps the limit for messages that fit a slab, too", () => {
    const out = new Output(new Slabs(), 10);
    out.begin();
    write(out, pattern(11, 0), 11);
    assert.throws(() => out.end(), RangeError);
  });
});
