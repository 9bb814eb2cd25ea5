import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DecodeError, ValueError } from "@kiteline/net";
import type { MessageCodec } from "./codec.ts";
import { decode, encode } from "./encode.ts";
import {
  Answer,
  type Chosen,
  ChosenCodec,
  ExplicitCodec,
  ExplicitDefaults,
  Heat,
  ImplicitCodec,
  MapsCodec,
  NeedsCodec,
  OpenCodec,
  RepeatedCodec,
  WellKnownCodec,
} from "./everything.fixture.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const encoded = <Init>(codec: MessageCodec<unknown, Init>, value: Init): string => hex(encode(codec, value));
const decoded = <T>(codec: MessageCodec<T, never>, text: string): T => decode(codec, Buffer.from(text.replaceAll(" ", ""), "hex"));

describe("scalars", () => {
  it("have the bytes that the specification gives them", () => {
    assert.equal(encoded(ImplicitCodec, { aDouble: 1.5 }), "09000000000000f83f");
    assert.equal(encoded(ImplicitCodec, { aFloat: -2 }), "15000000c0");
    assert.equal(encoded(ImplicitCodec, { anInt32: 150 }), "189601");
    assert.equal(encoded(ImplicitCodec, { anInt32: -1 }), "18ffffffffffffffffff01");
    assert.equal(encoded(ImplicitCodec, { anInt64: -(2n ** 63n) }), "2080808080808080808001");
    assert.equal(encoded(ImplicitCodec, { aUint32: 0xffff_ffff }), "28ffffffff0f");
    assert.equal(encoded(ImplicitCodec, { aUint64: 2n ** 64n - 1n }), "30ffffffffffffffffff01");
    assert.equal(encoded(ImplicitCodec, { aSint32: -2147483648 }), "38ffffffff0f");
    assert.equal(encoded(ImplicitCodec, { aSint64: 2n ** 63n - 1n }), "40feffffffffffffffff01");
    assert.equal(encoded(ImplicitCodec, { aFixed32: 0xdead_beef }), "4defbeadde");
    assert.equal(encoded(ImplicitCodec, { aFixed64: 1n }), "510100000000000000");
    assert.equal(encoded(ImplicitCodec, { aSfixed32: -1 }), "5dffffffff");
    assert.equal(encoded(ImplicitCodec, { aSfixed64: -2n }), "61feffffffffffffff");
    assert.equal(encoded(ImplicitCodec, { aBool: true }), "6801");
    assert.equal(encoded(ImplicitCodec, { aString: "grüße" }), "72076772c3bcc39f65");
    assert.equal(encoded(ImplicitCodec, { someBytes: Uint8Array.of(0, 255) }), "7a0200ff");
    assert.equal(encoded(ImplicitCodec, { heat: Heat.BELOW }), "8001ffffffffffffffffff01");
    assert.equal(
      encoded(ImplicitCodec, { asNumber: 9007199254740991, asString: "18446744073709551615" }),
      "9001ffffffffffffff0f9801ffffffffffffffffff01",
    );
    assert.equal(encoded(ExplicitCodec, { far: "x" }), "faffffff0f0178");
  });

  it("of implicit presence are written unless they are zero, which -0 and NaN are not", () => {
    assert.equal(
      encoded(ImplicitCodec, { aDouble: 0, aString: "", aBool: false, anInt64: 0n, someBytes: new Uint8Array(), asString: "0" }),
      "",
    );
    assert.equal(encoded(ImplicitCodec, { aDouble: -0, aFloat: -0 }), "0900000000000000801500000080");
    assert.equal(decode(ImplicitCodec, encode(ImplicitCodec, { aDouble: NaN })).aDouble, NaN);
    assert.ok(Object.is(decode(ImplicitCodec, encode(ImplicitCodec, { aFloat: -0 })).aFloat, -0));
  });

  it("of explicit presence are written whenever they are there", () => {
    assert.equal(encoded(ExplicitCodec, { anInt32: 0, aString: "", aBool: false }), "1800" + "6800" + "7200");
    assert.deepEqual({ ...decoded(ExplicitCodec, "1800"), anInt32: undefined }, ExplicitCodec.empty());
    assert.equal(decoded(ExplicitCodec, "").anInt32, undefined);
    assert.equal(ExplicitDefaults.anInt32, -42);
    assert.equal(ExplicitDefaults.anInt64, 9007199254740993n);
    assert.equal(ExplicitDefaults.heat, Heat.WARM);
  });

  it("are taken from longer varints as other implementations take them", () => {
    assert.equal(decoded(ImplicitCodec, "18ffffffff1f").anInt32, -1);
    assert.equal(decoded(ImplicitCodec, "28ffffffffffffffffff01").aUint32, 0xffff_ffff);
    assert.equal(decoded(ImplicitCodec, "688002").aBool, true);
    assert.equal(decoded(ImplicitCodec, "6880808080808080808001").aBool, true);
    assert.equal(decoded(ImplicitCodec, "18 80808000").anInt32, 0);
    assert.equal(decoded(ImplicitCodec, "18 ffff03").anInt32, 65535);
  });

  it("that are wrong are refused, with the field", () => {
    const wrong: [value: object, message: RegExp][] = [
      [{ anInt32: 2 ** 31 }, /^everything\.Implicit: anInt32: expected an int32 .*, got 2147483648$/],
      [{ aUint32: -1 }, /aUint32: expected a uint32 .*, got -1/],
      [{ anInt64: 5 }, /anInt64: expected an int64 .*, got 5/],
      [{ aUint64: -1n }, /aUint64: expected a uint64 .*, got -1n/],
      [{ aBool: 1 }, /aBool: expected a boolean, got 1/],
      [{ aString: 5 }, /aString: expected a string, got 5/],
      [{ aString: "\ud800" }, /aString: expected a string of well-formed Unicode/],
      [{ aString: `${"x".repeat(200)}\ud800` }, /aString: expected a string of well-formed Unicode/],
      [{ someBytes: "text" }, /someBytes: expected bytes/],
      [{ aDouble: "1" }, /aDouble: expected a number, got "1"/],
      [{ asNumber: 2 ** 53 }, /Implicit: asNumber: expected a 64-bit integer \(a safe integer\), got 9007199254740992/],
      [{ asString: "1.5" }, /Implicit: asString: expected a 64-bit integer \(decimal text\), got "1.5"/],
    ];
    for (const [value, message] of wrong)
      assert.throws(
        () => encode(ImplicitCodec, value),
        (error) => error instanceof ValueError && message.test(error.message),
      );
    assert.throws(
      () => encode(ExplicitCodec, { message: { anInt32: 0.5 } }),
      /^ValueError: everything\.Explicit: message\.anInt32: expected an int32/,
    );
    assert.throws(() => encode(RepeatedCodec, { int32s: [1, 2.5] }), /everything\.Repeated: int32s\[1\]: expected an int32/);
    assert.throws(() => encode(RepeatedCodec, { strings: 5 as never }), ValueError);
    assert.throws(
      () => encode(ImplicitCodec, undefined as never),
      /^ValueError: everything\.Implicit: expected a message \(an object\), got undefined$/,
    );
    assert.throws(() => decoded(ImplicitCodec, "9001ffffffffffffffff7f"), /is no safe integer/);
  });

  it("are text only where they are UTF-8, unless the features say otherwise", () => {
    assert.throws(() => decoded(ImplicitCodec, "7202c328"), /a string of 2 bytes at byte 2 is not UTF-8/);
    assert.equal(decoded(ImplicitCodec, "8a0102c328").loose, "\ufffd(");
  });
});

describe("what is repeated", () => {
  it("is written packed or not as the schema says, and read in both ways, also mixed", () => {
    assert.equal(
      encoded(RepeatedCodec, { int32s: [1, 300], expanded: [1, 2], strings: ["a", ""], bools: [true] }),
      "1a0301ac02" + "6a0101" + "720161" + "7200" + "a00101a00102",
    );
    assert.deepEqual(decoded(RepeatedCodec, "1801 1a020203 1804").int32s, [1, 2, 3, 4]);
    assert.deepEqual(decoded(RepeatedCodec, "a201020506").expanded, [5, 6]);
    assert.deepEqual(decoded(RepeatedCodec, "0a10000000000000f03f0000000000000040").doubles, [1, 2]);
    assert.deepEqual(decoded(RepeatedCodec, "1a00").int32s, []);
    assert.equal(encoded(RepeatedCodec, { int32s: [] }), "");
  });

  it("ends where it says", () => {
    assert.throws(() => decoded(RepeatedCodec, "1a01ac02"), DecodeError);
    assert.throws(() => decoded(RepeatedCodec, "0a0700000000000000"), DecodeError);
    assert.throws(() => decoded(RepeatedCodec, "3201ff01"), /packed values end in the middle of one/);
  });

  it("may be groups", () => {
    assert.equal(encoded(RepeatedCodec, { groups: [{ anInt32: 1 }, {}] }), "9b0118019c01" + "9b019c01");
    assert.deepEqual(
      decoded(RepeatedCodec, "9b0118019c019b019c01").groups.map((each) => each.anInt32),
      [1, undefined],
    );
  });
});

describe("a map", () => {
  it("has entries with both fields, whatever they are", () => {
    assert.equal(
      encoded(MapsCodec, { texts: new Map([["", ""]]), byInt32: new Map([[1, 0]]) }),
      "0a040a001200" + "120b0801110000000000000000",
    );
  });

  it("takes the last of several entries of one key, and of several fields in an entry", () => {
    assert.deepEqual(decoded(MapsCodec, "0a060a0161120162 0a060a0161120163").texts, new Map([["a", "c"]]));
    assert.deepEqual(decoded(MapsCodec, "0a0c 0a0161 0a0162 120163 120164").texts, new Map([["b", "d"]]));
    assert.deepEqual(decoded(MapsCodec, "0a00").texts, new Map([["", ""]]));
    assert.deepEqual(decoded(MapsCodec, "0a04 2001 1801").texts, new Map([["", ""]]), "fields that an entry does not have");
    assert.equal(decoded(MapsCodec, "5200").bySfixed32.get(0)?.anInt32, undefined);
  });

  it("has every kind of key", () => {
    const value = { byBool: new Map([[true, { byUint64: new Map([[2n ** 64n - 1n, true]]) }]]), bySint64: new Map([[-5n, 6n]]) };
    const read = decode(MapsCodec, encode(MapsCodec, value));
    assert.equal(read.byBool.get(true)?.byUint64.get(2n ** 64n - 1n), true);
    assert.deepEqual(read.bySint64, new Map([[-5n, 6n]]));
  });
});

describe("a oneof", () => {
  it("writes the case that is set, also at its default, and reads the last", () => {
    assert.equal(encoded(ChosenCodec, { choice: { case: "number", value: 0 }, other: { case: "off", value: false } }), "0800" + "6800");
    assert.deepEqual(decoded(ChosenCodec, "0805 120161 0807").choice, { case: "number", value: 7 });
    assert.deepEqual(decoded(ChosenCodec, "").choice, { case: undefined });
    assert.throws(
      () => encode(ChosenCodec, { choice: { case: "numbr", value: 1 } as never }),
      /expected a case of the oneof everything\.Chosen\.choice, got "numbr": did you mean "number"\? There are number, text, /,
    );
  });

  it("merges a message into itself, but not into another case", () => {
    assert.equal((decoded(ChosenCodec, "3203 5a0161 3202 0805").choice.value as Chosen).beside, "a");
    assert.equal((decoded(ChosenCodec, "3203 5a0161 0801 3202 0805").choice.value as Chosen).beside, undefined);
  });
});

describe("merging", () => {
  it("replaces scalars, merges messages and groups, and appends to lists and maps", () => {
    const first = { message: { anInt32: 1, aString: "a" }, group: { anInt32: 3 } };
    const second = { message: { anInt32: 2 }, group: { aBool: true } };
    const both = Buffer.concat([encode(ExplicitCodec, first), encode(ExplicitCodec, second)]);
    const read = decode(ExplicitCodec, both);
    assert.deepEqual([read.message?.anInt32, read.message?.aString], [2, "a"]);
    assert.deepEqual([read.group?.anInt32, read.group?.aBool], [3, true]);
    const lists = Buffer.concat([encode(RepeatedCodec, { int32s: [1] }), encode(RepeatedCodec, { int32s: [2] })]);
    assert.deepEqual(decode(RepeatedCodec, lists).int32s, [1, 2]);
  });

  it("of anything is what reading one behind the other is", () => {
    const one = encode(WellKnownCodec, { text: { value: "a" }, values: [{ kind: { case: "boolValue", value: true } }] });
    const two = encode(WellKnownCodec, { text: { value: "" }, values: [{}] });
    assert.equal(decode(WellKnownCodec, Buffer.concat([one, two])).values.length, 2);
  });
});

describe("a closed enum", () => {
  it("keeps numbers that it does not have among the unknown fields, in the order they came", () => {
    const read = decoded(ExplicitCodec, "880107");
    assert.equal(read.answer, undefined);
    assert.equal(encoded(ExplicitCodec, read), "880107");
    const list = decoded(RepeatedCodec, "8a0105010702ff01");
    assert.deepEqual(list.answers, [Answer.YES, Answer.NO]);
    assert.equal(encoded(RepeatedCodec, list), "8a01020102" + "880107" + "8801ff01");
    assert.equal(hex(decoded(RepeatedCodec, "8801ffffffffffffffffff01").$unknown![0]!.bytes), "ffffffffffffffffff01");
    assert.deepEqual(decoded(ChosenCodec, "2809").choice, { case: undefined });
  });

  it("keeps a map's entry whole", () => {
    const read = decoded(MapsCodec, "4a0b09010000000000000010074a0b0902000000000000001001");
    assert.deepEqual(read.byFixed64, new Map([[2n, Answer.YES]]));
    assert.equal(encoded(MapsCodec, read), "4a0b0902000000000000001001" + "4a0b0901000000000000001007");
  });

  it("is unlike an open one", () => {
    assert.equal(decoded(ExplicitCodec, "800107").heat, 7);
  });
});

describe("a required field", () => {
  it("must be there, at every depth", () => {
    assert.throws(() => decoded(NeedsCodec, ""), /everything\.Needs lacks its required field 1: name/);
    assert.throws(() => decoded(NeedsCodec, "0a0161 1200"), DecodeError);
    assert.equal(decoded(NeedsCodec, "0a0161 1200 12030a0162").inner?.name, "b", "in a later part of the message");
    assert.throws(() => encode(NeedsCodec, {} as never), /Needs: name: expected a string, got undefined/);
    assert.equal(encoded(NeedsCodec, { name: "" }), "0a00");
  });
});

describe("a message without limits", () => {
  it("is refused when it is too deep, going in and coming out", () => {
    const nested = (depth: number): Buffer => {
      let bytes = Buffer.alloc(0);
      for (let i = 0; i < depth; i++) bytes = Buffer.concat([Buffer.from("9b01", "hex"), bytes, Buffer.from("9c01", "hex")]);
      return bytes;
    };
    assert.throws(() => decode(OpenCodec, nested(101)), /messages are nested more than maxDepth \(100\) deep/);
    assert.equal(decode(OpenCodec, nested(100)).$unknown?.length, 1);
    assert.throws(() => decode(OpenCodec, nested(10), { maxDepth: 9 }), DecodeError);
    const self: { choice?: unknown } = {};
    self.choice = { case: "self", value: self };
    assert.throws(() => encode(ChosenCodec, self as never), /nested more than 1000 deep; does the value contain itself\?/);
  });

  it("is refused when it would make too much of little", () => {
    const many = Buffer.alloc(200, Buffer.from("9201" + "00", "hex").subarray(0, 3));
    assert.throws(() => decode(RepeatedCodec, many.subarray(0, 198), { maxMessages: 50 }), /more than maxMessages \(50\)/);
    assert.throws(() => decode(OpenCodec, Buffer.alloc(100, "2801", "hex"), { maxMessages: 10 }), /more than maxMessages/);
    assert.throws(() => decode(OpenCodec, Buffer.alloc(0), { maxDepth: 0 }), RangeError);
  });
});

describe("bytes", () => {
  it("are copies", () => {
    for (const length of [3, 200]) {
      const source = Buffer.from(encode(ImplicitCodec, { someBytes: new Uint8Array(length).fill(7) }));
      const read = decode(ImplicitCodec, source);
      source.fill(0);
      assert.deepEqual(read.someBytes, new Uint8Array(length).fill(7));
      assert.equal(Buffer.isBuffer(read.someBytes), false);
    }
  });
});
