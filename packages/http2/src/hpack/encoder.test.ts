import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Output, Slabs } from "@kiteline/net";
import fc from "fast-check";
import { PreparedFields, type ExtraFields } from "../fields.ts";
import { HpackDecoder } from "./decoder.ts";
import { HpackEncoder } from "./encoder.ts";

/** An encoder and the decoder at the other end. */
class Line {
  readonly encoder: HpackEncoder;
  readonly decoder = new HpackDecoder();

  constructor(maxTableBytes = 4096) {
    this.encoder = new HpackEncoder(maxTableBytes);
  }

  encode(prepared: PreparedFields, extra?: ExtraFields): Buffer {
    const output = new Output(new Slabs(), 1 << 20);
    output.begin();
    if (extra !== undefined) this.encoder.measure(extra);
    this.encoder.encode(output, prepared, extra);
    return Buffer.from(output.bytes.subarray(0, output.position));
  }

  send(prepared: PreparedFields, extra?: ExtraFields): [string, string][] {
    const bytes = this.encode(prepared, extra);
    const fields: [string, string][] = [];
    this.decoder.decode(bytes, 0, bytes.byteLength, {
      room: Infinity,
      skip: () => undefined,
      add: (name, value) => fields.push([name, value]),
    });
    return fields;
  }
}

function pairs(extra: ExtraFields): [string, string][] {
  return Array.from({ length: extra.length / 2 }, (_, at) => [extra[2 * at] as string, extra[2 * at + 1] as string]);
}

const METHOD = new PreparedFields([
  [":method", "POST"],
  [":scheme", "http"],
  [":path", "/bench.Echo/Echo"],
  [":authority", "localhost:8080"],
  ["content-type", "application/grpc"],
]);

describe("fields that are sent", () => {
  it("arrive, and take a byte each once the peer knows them", () => {
    const line = new Line();
    assert.deepEqual(line.send(METHOD), METHOD.list);
    assert.deepEqual(line.send(METHOD), METHOD.list);
    const again = line.encode(METHOD);
    assert.equal(again.byteLength, METHOD.list.length);
    assert.deepEqual(line.encode(METHOD), again);
  });

  it("do not enter the table when they vary, or are secrets", () => {
    const line = new Line();
    const secret = new PreparedFields([
      [":status", "200"],
      ["authorization", "Bearer 123"],
    ]);
    const extra = ["grpc-timeout", "1S", "trace-bin", "AAAA", "cookie", "a=b"];
    assert.deepEqual(line.send(secret, extra), [...secret.list, ...pairs(extra)]);
    assert.equal(line.decoder.table.entries, 0);
    const bytes = line.encode(new PreparedFields([[":status", "200"]]), ["cookie", "a", "grpc-timeout", "1"]);
    assert.equal(bytes[1], 0x1f, "no hop may index a cookie"); // never indexed, name of index 15 and more
    assert.equal((line.encode(secret)[1] as number) & 0xf0, 0x10);
  });

  it("stay right when the table is full, whatever else is sent", () => {
    const line = new Line();
    const all = Array.from(
      { length: 200 },
      (_, at) =>
        new PreparedFields([
          [":path", `/service.Name/Method${at}`],
          ["te", "trailers"],
        ]),
    );
    for (let round = 0; round < 3; round++) for (const each of all) assert.deepEqual(line.send(each), each.list);
    assert.ok(line.decoder.table.entries > 20);
  });

  it("follow a peer that changes the size of the table", () => {
    const line = new Line();
    line.send(METHOD);
    for (const size of [100, 0, 4096, 60, 8192]) {
      line.encoder.allow(size);
      line.decoder.allow(size);
      assert.deepEqual(line.send(METHOD), METHOD.list);
      assert.deepEqual(line.send(METHOD), METHOD.list);
      assert.equal(line.decoder.table.maxBytes, Math.min(size, 4096));
    }
    // Twice between two blocks: the smaller one counts, too.
    line.encoder.allow(0);
    line.encoder.allow(4096);
    assert.deepEqual(line.send(METHOD), METHOD.list);
    assert.deepEqual(line.send(METHOD), METHOD.list);
  });

  it("begin by shrinking the table when we want a smaller one than the protocol's", () => {
    const line = new Line(0);
    assert.deepEqual(line.send(METHOD), METHOD.list);
    assert.deepEqual([line.decoder.table.maxBytes, line.decoder.table.entries], [0, 0]);
  });

  it("are refused before anything is changed when they cannot travel", () => {
    const { encoder } = new Line();
    for (const [extra, message] of [
      [["Upper", "x"], /"Upper" cannot be the name/],
      [["sp ace", "x"], /cannot be the name/],
      [["", "x"], /cannot be the name/],
      [["a", "line\nbreak"], /"a" cannot travel/],
      [["a", "nul\0"], /cannot travel/],
      [["a", "snow ☃"], /cannot travel/],
      [["a", " x"], /cannot travel/],
      [["a", "x\t"], /cannot travel/],
    ] as [string[], RegExp][]) {
      assert.throws(
        () => encoder.measure(extra),
        (error: Error) => error instanceof TypeError && message.test(error.message),
      );
      assert.throws(() => new PreparedFields([[extra[0] as string, extra[1] as string]]), TypeError);
    }
  });

  it("are counted as the peer counts them", () => {
    assert.equal(new Line().encoder.measure(["ab", "cde", "f", ""]), 5 + 32 + 1 + 32);
    assert.equal(new PreparedFields([["ab", "cde"]]).listBytes, 37);
  });

  it("arrive, whatever they are and however the table changes", () => {
    const name = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    const value = fc.string({ unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 60 });
    const list = fc.array(fc.tuple(name, value), { maxLength: 8 });
    const step = fc.oneof(
      { weight: 9, arbitrary: fc.record({ prepared: fc.nat(5), extra: list }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 6000 }) },
    );
    fc.assert(
      fc.property(fc.array(list, { minLength: 6, maxLength: 6 }), fc.array(step, { maxLength: 60 }), (lists, steps) => {
        const line = new Line();
        const all = lists.map((each) => new PreparedFields(each));
        for (const each of steps) {
          if (typeof each === "number") {
            line.encoder.allow(each);
            line.decoder.allow(each);
            continue;
          }
          const prepared = all[each.prepared] as PreparedFields;
          assert.deepEqual(line.send(prepared, each.extra.flat()), [...prepared.list, ...each.extra]);
        }
      }),
    );
  });
});
