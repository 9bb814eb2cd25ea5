import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DecodeError } from "@kiteline/net";
import { frame, hex, ints, strings, text, token, u16, type FrameParts } from "./frame.fixture.ts";
import { frameBytes, HeaderReader } from "./header-reader.ts";

interface Vector {
  readonly name: string;
  readonly hex: string;
  readonly flags: number;
  readonly seqId: number;
  readonly strings: Readonly<Record<string, string>>;
  readonly integers: Readonly<Record<string, string>>;
  readonly payload: string;
}

/** Headers that Kitex wrote. */
const vectors = (
  JSON.parse(readFileSync(join(import.meta.dirname, "../../thrift/test/kitex-vectors.json"), "utf8")) as { headers: readonly Vector[] }
).headers;

/** Everything that was read, to compare. */
function seen(reader: HeaderReader): object {
  const { flags, seq, payload, timeoutMs, sections } = reader;
  const { service, caller, metadata } = sections;
  return { flags, seq, payload, timeoutMs, service, caller, metadata: metadata?.entries, strings: sections.strings };
}

function read(bytes: Buffer): HeaderReader {
  const reader = new HeaderReader();
  reader.read(bytes, 0, bytes.byteLength);
  return reader;
}

const entry = (name: string, value: string, scope = "transient") => ({ key: name.toLowerCase(), name, value, scope });

describe("a header that Kitex wrote", () => {
  assert.ok(vectors.length >= 16);
  for (const vector of vectors) {
    it(`is read: ${vector.name}`, () => {
      const bytes = hex(vector.hex);
      assert.equal(frameBytes(bytes, 0, bytes.byteLength), bytes.byteLength);
      const reader = read(bytes);
      assert.deepEqual([reader.flags, reader.seq], [vector.flags, vector.seqId]);
      assert.equal(bytes.toString("hex", reader.payload), vector.payload);
      const { strings: pairs } = reader.sections;
      const token = vector.strings["RPC_TRANSIT_gdpr-token"];
      const { "RPC_TRANSIT_gdpr-token": _, isn, ...rest } = vector.strings;
      assert.deepEqual(Object.fromEntries(pairs ?? []), { ...rest, ...(isn === undefined ? {} : { isn }) });
      assert.equal(reader.sections.service, isn);
      assert.equal(reader.timeoutMs, Number(vector.integers["12"] ?? Infinity));
      const expected = Object.entries(rest).filter(([, value]) => value !== "");
      if (token !== undefined && token !== "") expected.unshift(["gdpr-token", token]);
      assert.deepEqual(
        (reader.sections.metadata?.entries ?? []).map(({ name, value }) => [name, value]),
        expected,
      );
    });
  }
});

describe("a header", () => {
  it("may have its sections in any order, more than once, with padding between", () => {
    const sections = [
      ints({ 3: "caller" }),
      Buffer.alloc(3),
      strings({ a: "1" }),
      token("secret"),
      ints({ 12: "250" }),
      strings({ isn: "Echo" }),
    ];
    const reader = read(frame({ sections }));
    assert.deepEqual([reader.sections.service, reader.sections.caller, reader.timeoutMs], ["Echo", "caller", 250]);
    assert.deepEqual(reader.sections.metadata?.entries, [entry("a", "1"), entry("gdpr-token", "secret")]);
  });

  it("may name transforms, which are passed over", () => {
    assert.equal(read(frame({ transforms: [1, 2, 3], sections: [strings({ isn: "Echo" })] })).sections.service, "Echo");
  });

  it("may have no sections at all", () => {
    const bytes = frame({ payload: Buffer.from("payload") });
    const reader = read(bytes);
    assert.equal(bytes.toString("utf8", reader.payload), "payload");
    assert.equal(reader.sections.metadata, undefined);
  });

  it("may have as much in it as its size allows", () => {
    const value = "x".repeat(65_535);
    const sections = [strings({ a: value, b: value, c: value }), strings({ d: "y".repeat(65_000) })];
    const reader = read(frame({ sections }));
    assert.deepEqual(
      reader.sections.metadata?.entries.map((each) => (each.value as string).length),
      [65_535, 65_535, 65_535, 65_000],
    );
  });

  it("is read of any protocol that there is, and of no other", () => {
    for (const protocolId of [0, 2, 3, 4, 0x10, 0x11]) read(frame({ protocolId }));
    for (const protocolId of [1, 5, 0x12, 0xff]) {
      assert.throws(() => read(frame({ protocolId })), {
        name: "DecodeError",
        message: new RegExp(`protocol id 0x${protocolId.toString(16)} `),
      });
    }
  });

  it("leaves out what is empty", () => {
    const sections = [strings({ "": "x", empty: "", RPC_PERSIST_: "x", RPC_TRANSIT_: "x", "-bin": "" }), token("")];
    assert.equal(read(frame({ sections })).sections.metadata, undefined);
  });

  const timeouts: [text: string, timeoutMs: number][] = [
    ["250", 250],
    ["0", 0],
    ["-5", 0],
    ["", Infinity],
    ["soon", Infinity],
    ["Infinity", Infinity],
    ["1.5", 1.5],
  ];
  for (const [text, timeoutMs] of timeouts) {
    it(`says that ${text === "" ? "nothing" : text} is left, which is ${timeoutMs} ms`, () => {
      const reader = new HeaderReader();
      for (const _again of [1, 2, 3]) {
        const bytes = frame({ sections: [ints({ 12: text })] });
        reader.read(bytes, 0, bytes.byteLength);
        assert.equal(reader.timeoutMs, timeoutMs);
      }
    });
  }
});

describe("a header that is wrong", () => {
  const broken: [what: string, parts: FrameParts, text: RegExp][] = [
    ["an unknown section", { sections: [Buffer.from([2])] }, /unknown TTHeader section 0x2/],
    ["more pairs than there is room for", { sections: [Buffer.from([1]), u16(0xffff)] }, /announces 65535 pairs in \d+ bytes/],
    ["more integer pairs than there is room for", { sections: [Buffer.from([0x10]), u16(2), u16(1), text("")] }, /announces 2 pairs/],
    ["a section without its count", { sections: [Buffer.from([0, 1])] }, /ends before its announced length/],
    [
      "a text that leaves it",
      { sections: [Buffer.from([1]), u16(1), text("k"), u16(9), Buffer.from("v")] },
      /ends before its announced length/,
    ],
    ["a token that leaves it", { sections: [Buffer.from([0x11]), u16(9)] }, /ends before its announced length/],
    ["a key without a value", { sections: [Buffer.from([1]), u16(1), text("a key")] }, /ends before its announced length/],
    ["more transforms than there is room for", {}, /cannot name 200 transforms/],
  ];
  for (const [what, parts, message] of broken) {
    it(`because of ${what} is refused`, () => {
      const bytes = frame(parts);
      if (what.includes("transforms")) bytes[15] = 200;
      assert.throws(() => read(bytes), { name: "DecodeError", message });
    });
  }

  it("because it leaves its frame, or has no size, is refused", () => {
    const long = frame({ payload: Buffer.alloc(3) });
    long.writeUInt16BE(100, 12);
    assert.throws(() => read(long), /a TTHeader of 400 bytes does not fit its frame of 21/);
    long.writeUInt16BE(0, 12);
    assert.throws(() => read(long), /a TTHeader of 0 bytes does not fit/);
  });
});

describe("a frame's length", () => {
  it("is known from its first six bytes", () => {
    const bytes = frame({ sections: [strings({ a: "1" })] });
    for (let end = 0; end < 6; end++) assert.equal(frameBytes(bytes, 0, end), 0);
    assert.equal(frameBytes(bytes, 0, 6), bytes.byteLength);
    bytes.writeUInt32BE(0xffff_ffff);
    assert.equal(frameBytes(bytes, 0, 6), 2 ** 32 + 3);
  });

  it("is refused when no header fits it, and when the magic is another", () => {
    const bytes = frame({});
    bytes.writeUInt32BE(11);
    assert.throws(() => frameBytes(bytes, 0, 6), /a TTHeader frame of 11 bytes cannot hold its own header/);
    bytes.writeUInt16BE(0x8001, 4);
    assert.throws(() => frameBytes(bytes, 0, 6), /expected the TTHeader magic 0x1000, got 0x8001/);
  });
});

describe("a header that comes again", () => {
  it("is not read again, whatever time is left", () => {
    const reader = new HeaderReader();
    const readWith = (timeout: string | undefined): unknown => {
      const sections = [strings({ isn: "Echo", RPC_PERSIST_user: "7" }), ints({ 3: "caller" })];
      if (timeout !== undefined) sections.push(ints({ 12: timeout }));
      const bytes = frame({ sections });
      reader.read(bytes, 0, bytes.byteLength);
      assert.equal(reader.timeoutMs, Number(timeout ?? Infinity));
      return reader.sections;
    };
    const first = readWith("250");
    readWith(undefined);
    for (const timeout of ["250", "249", "7", "12345", "250"]) assert.equal(readWith(timeout), first, `with ${timeout}`);
  });

  it("by turns with others is not read again either", () => {
    const reader = new HeaderReader();
    const read = (method: string): unknown => {
      const bytes = frame({ sections: [strings({ isn: "A service with a name" }), ints({ 9: method, 3: "caller" })] });
      reader.read(bytes, 0, bytes.byteLength);
      return reader.sections;
    };
    const methods = ["reviewsForProduct", "productDetails", "ratings"];
    const first = methods.map(read);
    assert.deepEqual(
      methods.map((method, index) => read(method) === first[index]),
      [true, true, true],
    );
  });

  it("in a buffer that holds other bytes meanwhile is told apart from what was there", () => {
    const reader = new HeaderReader();
    const bytes = frame({ sections: [strings({ isn: "AAAA" })] });
    reader.read(bytes, 0, bytes.byteLength);
    bytes.write("BBBB", bytes.indexOf("AAAA"));
    reader.read(bytes, 0, bytes.byteLength);
    assert.equal(reader.sections.service, "BBBB");
  });

  it("down to its last byte is told from one that differs in any", () => {
    const whole = frame({ sections: [strings({ isn: "Echo", RPC_PERSIST_user: "7" }), ints({ 3: "caller" }), ints({ 12: "250" })] });
    const reader = new HeaderReader();
    const outcome = (reader: HeaderReader, bytes: Buffer): unknown => {
      try {
        reader.read(bytes, 0, bytes.byteLength);
        return seen(reader);
      } catch (error) {
        return (error as Error).message;
      }
    };
    for (let at = 14; at < whole.byteLength; at++) {
      for (const _again of [1, 2, 3]) outcome(reader, whole);
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] as number) ^ 1;
      assert.deepEqual(outcome(reader, changed), outcome(new HeaderReader(), changed), `byte ${at}`);
    }
  });

  it("says what it would say to somebody who has seen no other", () => {
    const words = fc.constantFrom("", "a", "b", "isn", "RPC_PERSIST_a", "RPC_TRANSIT_b", "\x10\0\x01\0\x0c\0\x0112", "0\0\0\0");
    const section = fc.oneof(
      fc.dictionary(words, words, { maxKeys: 3 }).map(strings),
      fc
        .dictionary(fc.constantFrom(3, 9, 12), fc.oneof(words, fc.nat(3000).map(String)), { maxKeys: 2 })
        .map((pairs) => ints(pairs as Record<number, string>)),
      words.map(token),
      fc.nat(5).map((size) => Buffer.alloc(size)),
      fc.oneof(fc.nat(3000).map(String), words).map((value) => ints({ 12: value })),
    );
    const header = fc.record({
      sections: fc.array(section, { maxLength: 5 }),
      transforms: fc.array(fc.constantFrom(0, 1, 16), { maxLength: 2 }),
    });
    const one = new HeaderReader();
    const shared = Buffer.alloc(100_000); // as the system's reads all come in one buffer
    fc.assert(
      fc.property(fc.array(header, { minLength: 1, maxLength: 20, size: "max" }), (headers) => {
        for (const parts of headers) {
          const end = frame(parts).copy(shared);
          const fresh = new HeaderReader();
          fresh.read(shared, 0, end);
          for (const _again of [1, 2]) {
            one.read(shared, 0, end);
            assert.deepEqual(seen(one), seen(fresh));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("a header cut or changed anywhere", () => {
  it("is read or refused, never by what stands around it", () => {
    const whole = frame({
      seq: 7,
      transforms: [9],
      sections: [
        token("secret"),
        strings({ isn: "Echo", RPC_PERSIST_a: "1", k: "v" }),
        ints({ 3: "caller", 12: "250" }),
        ints({ 12: "7" }),
      ],
      payload: Buffer.from("payload"),
    });
    const outcome = (bytes: Buffer, around: number): unknown => {
      const padded = Buffer.concat([Buffer.alloc(9, around), bytes, Buffer.alloc(70_000, around)]);
      const reader = new HeaderReader();
      try {
        reader.read(padded, 9, 9 + bytes.byteLength);
        return seen(reader);
      } catch (error) {
        assert.ok(error instanceof DecodeError, String(error));
        return error.message;
      }
    };
    const same = (bytes: Buffer): void => assert.deepEqual(outcome(bytes, 0), outcome(bytes, 0x11));
    for (let cut = 16; cut < whole.byteLength; cut++) same(whole.subarray(0, cut));
    for (let at = 4; at < whole.byteLength; at++) {
      for (const value of [0, 1, 0x10, 0x11, 0x7f, 0xff]) {
        const changed = Buffer.from(whole);
        changed[at] = value;
        same(changed);
      }
    }
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(whole.byteLength - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), (changes) => {
        const changed = Buffer.from(whole);
        for (const [at, value] of changes) changed[at] = value;
        same(changed);
      }),
      { numRuns: 1000 },
    );
  });
});
