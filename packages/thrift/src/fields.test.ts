/** Values of fields, whose size no method checks alone. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DecodeError } from "@kiteline/net";
import { PROTOCOLS, writtenBy, type Protocol } from "./bytes.fixture.ts";
import type { ThriftReader, ThriftWriter } from "./protocol.ts";
import { idOfKey } from "./wire-types.ts";

const VALUES = [true, -7, 1234, -56_789, 1_234_567_890_123n, 42, "-9", 3.25];

function write(out: ThriftWriter): void {
  out.begin();
  out.boolField(1, true);
  out.byteField(2, -7);
  out.i16Field(3, 1234);
  out.i32Field(4, -56_789);
  out.i64Field(5, 1_234_567_890_123n);
  out.i64NumberField(6, 42);
  out.i64StringField(7, "-9");
  out.doubleField(8, 3.25);
  out.end();
}

function read(inp: ThriftReader): unknown[] {
  const values: unknown[] = [];
  inp.begin();
  for (let key: number; (key = inp.field()) !== 0; ) values.push(READ[idOfKey(key) - 1]?.(inp));
  return values;
}

const READ: readonly ((inp: ThriftReader) => unknown)[] = [
  (inp) => inp.boolField(),
  (inp) => inp.byteField(),
  (inp) => inp.i16Field(),
  (inp) => inp.i32Field(),
  (inp) => inp.i64Field(),
  (inp) => inp.i64NumberField(),
  (inp) => inp.i64StringField(),
  (inp) => inp.doubleField(),
];

/** Reads what lies between other bytes: `room` of them come after it, all of which look like the end of a struct. */
function readWithin(protocol: Protocol, bytes: Uint8Array, room: number): unknown[] {
  // A buffer that ends where the array of bytes ends, as the last message of a full buffer does.
  const around = Buffer.from(new Uint8Array([0, ...bytes, ...new Uint8Array(room)]).buffer);
  const reader = protocol.reader();
  reader.reset(around, 1, 1 + bytes.byteLength);
  const values = read(reader);
  assert.equal(reader.left, 0);
  return values;
}

describe("values of fields", () => {
  for (const protocol of PROTOCOLS) {
    const bytes = writtenBy(protocol, write);
    for (const room of [0, 1, 5, 64]) {
      it(`are read with ${room} bytes behind the message (${protocol.name})`, () => {
        assert.deepEqual(readWithin(protocol, bytes, room), VALUES);
      });

      it(`that are cut anywhere are refused, ${room} bytes before the buffer's end (${protocol.name})`, () => {
        for (let end = 0; end < bytes.byteLength; end++)
          assert.throws(() => readWithin(protocol, bytes.subarray(0, end), room), DecodeError, `cut at ${end}`);
      });
    }
  }
});
