/** What both protocols refuse, and how they say it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DecodeError } from "@kiteline/net";
import { BINARY, COMPACT, decode, encode, PROTOCOLS, readerOf, written, writtenBy } from "./bytes.fixture.ts";
import { resolveLimits } from "./limits.ts";
import type { StructCodec, ThriftReader, ThriftWriter } from "./protocol.ts";
import { ValueError } from "./value-error.ts";
import { BYTE, DOUBLE, I32, I64, LIST, STRING, STRUCT, fieldKey, idOfKey } from "./wire-types.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

interface Node {
  next?: Node;
}
const Node: StructCodec<Node> = {
  name: "Node",
  write(out, value) {
    out.begin("Node");
    if (value.next !== undefined) {
      out.structField(1);
      Node.write(out, value.next);
    }
    out.end();
  },
  read(inp) {
    const value: Node = {};
    inp.enter();
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) {
      if (key === 0x0c0001) value.next = Node.read(inp);
      else inp.skip(key);
    }
    inp.leave();
    return value;
  },
};

function chain(length: number): Node {
  let node: Node = {};
  for (let i = 1; i < length; i++) node = { next: node };
  return node;
}

for (const protocol of PROTOCOLS) {
  describe(`the ${protocol.name} protocol`, () => {
    const refused = (write: (out: ThriftWriter) => void, expected: RegExp): void => {
      assert.throws(
        () => writtenBy(protocol, write),
        (error) => error instanceof ValueError && expected.test(error.message),
      );
    };

    it("refuses containers of another kind before anything of them is written", () => {
      const none = undefined as never;
      refused((out) => out.listField(1, I32, none), /^field 1: expected a list \(an array\), got a value without a length$/);
      refused((out) => out.setField(2, I32, none), /^field 2: expected a Set, got a value without a size$/);
      refused((out) => out.mapField(3, I32, I32, none), /^field 3: expected a Map/);
      refused((out) => out.list(I32, none), /^expected a list/);
      refused((out) => out.set(I32, none), /^expected a Set/);
      refused((out) => out.map(I32, I32, none), /^expected a Map/);
    });

    it("refuses values that are not of the field's type, and names the field", () => {
      const wrong = (value: unknown): never => value as never;
      refused((out) => out.boolField(1, wrong(1)), /^field 1: expected a boolean, got 1$/);
      refused((out) => out.byteField(2, 128), /^field 2: expected an i8 .*, got 128$/);
      refused((out) => out.byteField(2, 0.5), /got 0\.5$/);
      refused((out) => out.i16Field(3, -32769), /expected an i16/);
      refused((out) => out.i32Field(4, 2 ** 31), /expected an i32 .*, got 2147483648$/);
      refused((out) => out.i32Field(4, NaN), /got NaN$/);
      refused((out) => out.i32Field(4, wrong("5")), /got "5"$/);
      refused((out) => out.i32Field(4, wrong(null)), /got null$/);
      refused((out) => out.i64Field(5, 2n ** 63n), /expected an i64 .*, got 9223372036854775808n$/);
      refused((out) => out.i64Field(5, wrong(5)), /got 5$/);
      refused((out) => out.i64NumberField(5, 2 ** 53), /expected an i64 \(a safe integer\), got 9007199254740992$/);
      refused((out) => out.i64StringField(5, "9223372036854775808"), /decimal text of 64 bits/);
      refused((out) => out.i64StringField(5, "0x10"), /decimal text of 64 bits/);
      refused((out) => out.doubleField(6, wrong("1")), /expected a double/);
      refused((out) => out.stringField(7, wrong(undefined)), /^field 7: expected a string, got undefined$/);
      refused((out) => out.stringField(7, "\ud800"), /no lone surrogates/);
      refused((out) => out.stringField(7, `${"é".repeat(3000)}\udfff`), /no lone surrogates/);
      refused((out) => out.binaryField(8, wrong("x")), /expected binary/);
      refused((out) => out.uuidField(9, "1234"), /expected a UUID/);
      refused((out) => out.bool(wrong(0)), /^expected a boolean/);
      refused((out) => out.byte(-129), /expected an i8/);
      refused((out) => out.i16(1.5), /expected an i16/);
      refused((out) => out.i32(wrong({})), /expected an i32/);
      refused((out) => out.i64(-(2n ** 63n) - 1n), /expected an i64/);
      refused((out) => out.i64Number(Infinity), /expected an i64/);
      refused((out) => out.i64String(wrong(7n)), /expected an i64/);
      refused((out) => out.double(wrong(7n)), /expected a double/);
      refused((out) => out.string("x\udc00y"), /no lone surrogates/);
      refused((out) => out.binary(wrong([1])), /expected binary.*got an array of 1/);
      refused((out) => out.uuid(wrong(0)), /expected a UUID/);
    });

    it("keeps every integer, at all its borders and in all its JavaScript forms", () => {
      const check = <T>(write: (out: ThriftWriter, value: T) => void, read: (inp: ThriftReader) => T, values: readonly T[]): void => {
        for (const value of values)
          assert.deepEqual(
            read(
              readerOf(
                protocol,
                writtenBy(protocol, (out) => write(out, value)),
              ),
            ),
            value,
          );
      };
      const i8 = [0, 1, -1, 127, -128];
      check(
        (out, v) => out.byte(v),
        (inp) => inp.byte(),
        i8,
      );
      const i16 = [...i8, 128, 255, 256, 32767, -32768];
      check(
        (out, v) => out.i16(v),
        (inp) => inp.i16(),
        i16,
      );
      const i32 = [...i16, 2 ** 14, 2 ** 21 - 1, 2 ** 21, 2 ** 28, 2 ** 31 - 1, -(2 ** 31)];
      check(
        (out, v) => out.i32(v),
        (inp) => inp.i32(),
        i32,
      );
      const safe = [...i32, 2 ** 32, 2 ** 32 - 1, -(2 ** 32), -(2 ** 32) - 1, 2 ** 53 - 1, -(2 ** 53) + 1];
      check(
        (out, v) => out.i64Number(v),
        (inp) => inp.i64Number(),
        safe,
      );
      const i64 = [...safe.map(BigInt), 2n ** 53n, 2n ** 62n, 2n ** 63n - 1n, -(2n ** 63n)];
      check(
        (out, v) => out.i64(v),
        (inp) => inp.i64(),
        i64,
      );
      check(
        (out, v) => out.i64String(v),
        (inp) => inp.i64String(),
        i64.map(String),
      );
      for (const unsafe of [2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n]) {
        const bytes = writtenBy(protocol, (out) => out.i64(unsafe));
        assert.throws(() => readerOf(protocol, bytes).i64Number(), new RegExp(`${unsafe} is no safe integer`));
      }
    });

    it("keeps text of every length and alphabet, also where a slab ends", () => {
      for (const unit of ["a", "é", "漢", "😀", "a😀é", "\u0000", "\ufffd"]) {
        for (const length of [0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 31, 42, 43, 100, 341, 342, 1024, 1025, 5000, 70_000]) {
          const text = unit.repeat(length);
          // Written twice, so that what is remembered of the first time is used.
          const bytes = writtenBy(protocol, (out) => (out.string(text), out.string(text)));
          const reader = readerOf(protocol, bytes);
          assert.equal(reader.string(), text);
          assert.equal(reader.string(), text);
          assert.equal(reader.left, 0);
        }
      }
      const slab = 64 * 1024;
      for (let filler = slab - 40; filler < slab; filler++) {
        const bytes = written((out) => {
          const writer = protocol.writer();
          writer.reset(out);
          writer.binary(new Uint8Array(filler));
          writer.string("é is two bytes, and this is longer than short");
          writer.i32(5);
        });
        const reader = readerOf(protocol, bytes);
        assert.equal(reader.binary().byteLength, filler);
        assert.equal(reader.string(), "é is two bytes, and this is longer than short");
        assert.equal(reader.i32(), 5);
      }
    });

    it("refuses text that is not UTF-8, of any length, and takes U+FFFD that came as such", () => {
      for (const bytes of ["ff", "c0af", "eda080", "61ff62", `${"61".repeat(20)}ff`, `${"61".repeat(5000)}c3`]) {
        const encoded = writtenBy(protocol, (out) => out.binary(hex(bytes)));
        assert.throws(() => readerOf(protocol, encoded).string(), /is not UTF-8/);
      }
      const fine = writtenBy(protocol, (out) => out.binary(hex(`efbfbd${"61".repeat(30)}`)));
      assert.equal(readerOf(protocol, fine).string(), `\ufffd${"a".repeat(30)}`);
    });

    it("gives binary out as a copy that is a plain Uint8Array, whatever the length", () => {
      for (const length of [0, 1, 64, 65, 1000, 40_000]) {
        const encoded = writtenBy(protocol, (out) => out.binary(new Uint8Array(length).fill(7)));
        const reader = protocol.reader();
        reader.reset(encoded, 0, encoded.byteLength);
        const value = reader.binary();
        encoded.fill(0);
        assert.deepEqual(value, new Uint8Array(length).fill(7));
        assert.equal(Object.getPrototypeOf(value), Uint8Array.prototype);
      }
    });

    it("keeps UUIDs", () => {
      const uuid = "0190fa3c-7d3e-7b1a-8f00-0123456789ab";
      const bytes = writtenBy(protocol, (out) => out.uuid(uuid.toUpperCase()));
      assert.equal(bytes.toString("hex"), uuid.replaceAll("-", ""));
      assert.equal(readerOf(protocol, bytes).uuid(), uuid);
    });

    it("nests as deep as allowed and no deeper, writing, reading and skipping", () => {
      const deepest = chain(64);
      const bytes = encode(protocol, Node, deepest);
      assert.deepEqual(decode(protocol, Node, bytes), deepest);
      readerOf(protocol, bytes).skip(fieldKey(0, STRUCT));
      assert.throws(() => encode(protocol, Node, chain(65)), /more than 64 deep/);
      const cyclic: Node = {};
      cyclic.next = cyclic;
      assert.throws(() => encode(protocol, Node, cyclic), /does the value contain itself/);
      assert.throws(() => decode(protocol, Node, bytes, { maxDepth: 63 }), /more than maxDepth \(63\) deep/);
      assert.throws(() => readerOf(protocol, bytes, { maxDepth: 63 }).skip(fieldKey(0, STRUCT)), /more than maxDepth \(63\) deep/);
    });

    it("does not follow lists of lists of lists", () => {
      const bomb =
        protocol === BINARY ? Buffer.concat(Array.from({ length: 10_000 }, () => hex("0f 00000001"))) : Buffer.alloc(10_000, 0x19);
      assert.throws(() => readerOf(protocol, bomb).skip(fieldKey(0, LIST)), /more than maxDepth \(64\) deep/);
      assert.throws(() => readerOf(protocol, bomb).unknown(fieldKey(0, LIST), []), /more than maxDepth \(64\) deep/);
    });

    it("believes no count that the bytes left cannot hold", () => {
      const huge = protocol === BINARY ? hex("08 7fffffff 00000000") : hex("f5 ffffffff07 00");
      assert.throws(() => readerOf(protocol, huge).list(I32), /claims 2147483647 elements, which cannot be in the \d bytes that are left/);
      assert.throws(() => readerOf(protocol, huge).skip(fieldKey(0, LIST)), /claims 2147483647 elements/);
      const map = protocol === BINARY ? hex("0b 0b 00100000 00000000") : hex("808040 88 00");
      assert.throws(() => readerOf(protocol, map).map(STRING, STRING), /claims 1048576 elements/);
      const negative = protocol === BINARY ? hex("08 ffffffff") : hex("f5 ffffffff0f");
      assert.throws(() => readerOf(protocol, negative).list(I32), /count -1/);
      const length = protocol === BINARY ? hex("ffffffff") : hex("ffffffff0f");
      assert.throws(() => readerOf(protocol, length).string(), /length -1/);
      assert.throws(() => readerOf(protocol, length).binary(), /length -1/);
      assert.throws(() => readerOf(protocol, length).skip(fieldKey(0, STRING)), /length -1/);
    });

    it("holds its limits of strings and of elements, of all containers together", () => {
      const text = writtenBy(protocol, (out) => out.string("x".repeat(101)));
      assert.equal(readerOf(protocol, text, { maxStringBytes: 101 }).string().length, 101);
      assert.throws(() => readerOf(protocol, text, { maxStringBytes: 100 }).string(), /101 bytes, more than maxStringBytes \(100\)/);
      assert.throws(() => readerOf(protocol, text, { maxStringBytes: 100 }).binary(), /more than maxStringBytes/);
      const lists = writtenBy(protocol, (out) => {
        out.list(LIST, 2);
        for (let i = 0; i < 2; i++) {
          out.list(BYTE, 50);
          for (let k = 0; k < 50; k++) out.byte(k);
        }
      });
      readerOf(protocol, lists, { maxContainerElements: 102 }).skip(fieldKey(0, LIST));
      assert.throws(
        () => readerOf(protocol, lists, { maxContainerElements: 101 }).skip(fieldKey(0, LIST)),
        /more than maxContainerElements \(101\) elements/,
      );
    });

    it("lets containers inside one another claim the same bytes no further than one of them might", () => {
      const bytes = writtenBy(protocol, (out) => {
        // Each is the first element of the one before, and says that all that is left are its elements.
        for (let depth = 0; depth < 60; depth++) {
          out.begin();
          out.listField(1, STRUCT, 1_000_000);
        }
        for (let i = 0; i < 1_010_000; i++) out.byte(0);
      });
      const inp = readerOf(protocol, bytes);
      let claimed = 0;
      const claim = (): void => {
        for (;;) {
          inp.begin();
          inp.field();
          claimed += inp.list(STRUCT);
        }
      };
      assert.throws(claim, /more than maxContainerElements \(2097152\) elements/);
      assert.ok(claimed <= 2_097_152, `${claimed} elements in ${bytes.byteLength} bytes`);
    });

    it("takes a container of other elements only when it is empty", () => {
      const bytes = writtenBy(protocol, (out) => (out.list(I32, 1), out.i32(1)));
      assert.throws(() => readerOf(protocol, bytes).list(STRING), /expected a container whose elements are string, got i32/);
      assert.equal(
        readerOf(
          protocol,
          writtenBy(protocol, (out) => out.list(I32, 0)),
        ).list(STRING),
        0,
      );
      const map = writtenBy(protocol, (out) => (out.map(I32, BYTE, 1), out.i32(1), out.byte(1)));
      assert.throws(() => readerOf(protocol, map).map(STRING, BYTE), /whose keys are string, got i32/);
      assert.throws(() => readerOf(protocol, map).map(I32, STRING), /whose values are string, got byte/);
    });

    it("reads whole lists of numbers as it reads numbers, and no list that is cut, too long or of something else", () => {
      const i32s = [0, -1, 0x7fff_ffff, -0x8000_0000];
      const i64s = [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)];
      const doubles = [0, -0, 1e300, Number.NaN, Number.NEGATIVE_INFINITY];
      const bytes = writtenBy(protocol, (out) => {
        out.list(I32, i32s.length);
        for (const each of i32s) out.i32(each);
        out.list(I64, i64s.length);
        for (const each of i64s) out.i64(each);
        out.list(DOUBLE, doubles.length);
        for (const each of doubles) out.double(each);
        out.list(BYTE, 0);
      });
      const read = (inp: ThriftReader): unknown[] => [inp.i32List(), inp.i64List(), inp.doubleList(), inp.i32List()];
      assert.deepEqual(decode(protocol, { read }, bytes), [i32s, i64s, doubles, []]);
      for (let end = 0; end < bytes.byteLength; end++)
        assert.throws(() => decode(protocol, { read }, bytes.subarray(0, end)), DecodeError, `cut at ${end}`);
      assert.throws(() => readerOf(protocol, bytes).i64List(), /expected a container whose elements are i64, got i32/);
      assert.throws(() => decode(protocol, { read }, bytes, { maxContainerElements: 12 }), /more than maxContainerElements \(12\)/);
      assert.deepEqual(decode(protocol, { read }, bytes, { maxContainerElements: 13 }), [i32s, i64s, doubles, []]);
    });

    it("reads on from buffers of any size after it let one go", () => {
      const reader = protocol.reader();
      for (const size of [10, 300_000, 10, 300_000]) {
        const bytes = writtenBy(protocol, (out) => out.string("x".repeat(size)));
        reader.reset(bytes, 0, bytes.byteLength);
        assert.equal(reader.string().length, size);
        reader.release();
      }
    });

    it("reads what lies beyond 2 GiB in its buffer", (t) => {
      let large: Buffer;
      try {
        large = Buffer.from(new ArrayBuffer(2 ** 31 + 4096));
      } catch {
        t.skip("this machine has no memory for a buffer of 2 GiB, although nothing but a few bytes of it is used");
        return;
      }
      const bytes = writtenBy(protocol, (out) => (out.string("here"), out.i64(7n), out.string("x".repeat(30)), out.i32(-5)));
      bytes.copy(large, 2 ** 31 - 10);
      const read = (inp: ThriftReader): unknown[] => [inp.string(), inp.i64(), inp.string(), inp.i32()];
      const reader = protocol.reader();
      reader.reset(large, 2 ** 31 - 10, 2 ** 31 - 10 + bytes.byteLength);
      assert.deepEqual(read(reader), ["here", 7n, "x".repeat(30), -5]);
    });

    it("starts anew after a message that broke off in the middle", () => {
      const writer = protocol.writer();
      assert.throws(() => written((out) => (writer.reset(out), Node.write(writer, chain(65)))));
      assert.deepEqual(
        written((out) => (writer.reset(out), Node.write(writer, chain(64)))),
        encode(protocol, Node, chain(64)),
      );
      const reader = protocol.reader();
      const bytes = encode(protocol, Node, chain(64));
      reader.reset(bytes, 0, bytes.byteLength - 64);
      assert.throws(() => Node.read(reader), DecodeError);
      reader.reset(bytes, 0, bytes.byteLength);
      assert.deepEqual(Node.read(reader), chain(64));
    });
  });
}

describe("the compact protocol", () => {
  it("refuses integers that are longer than their type, and ids that are no i16", () => {
    assert.throws(() => readerOf(COMPACT, hex("ffffffff10")).i32(), /more than 32 bits/);
    assert.throws(() => readerOf(COMPACT, hex("ffffffffff01")).i32(), /more than 32 bits/);
    assert.throws(() => readerOf(COMPACT, hex("ffffffffffffffffff02")).i64(), /more than 64 bits/);
    assert.throws(() => readerOf(COMPACT, hex("ffffffffffffffffffff01")).i64(), /more than 64 bits/);
    assert.throws(() => readerOf(COMPACT, hex("808004")).i16(), /an i16 has the value 32768/);
    const reader = readerOf(COMPACT, hex("01 feff03 f1"));
    reader.begin();
    assert.equal(idOfKey(reader.field()), 32767);
    assert.throws(() => reader.field(), /id 32782, more than 32767/);
  });

  it("takes bools of containers as Apache writes them and as the specification has them", () => {
    const bools = (text: string): boolean[] => {
      const reader = readerOf(COMPACT, hex(text));
      return Array.from({ length: reader.list(2) }, () => reader.bool());
    };
    assert.deepEqual(bools("31 010201"), [true, false, true]);
    assert.deepEqual(bools("32 010001"), [true, false, true]);
  });
});

describe("limits", () => {
  it("are checked when they are set", () => {
    assert.throws(() => resolveLimits({ maxDepth: 0 }), /maxDepth must be a whole number between 1 and 1024, got 0/);
    assert.throws(() => resolveLimits({ maxStringBytes: 1.5 }), /maxStringBytes/);
    assert.throws(() => resolveLimits({ maxContainerElements: -1 }), /maxContainerElements/);
  });
});
