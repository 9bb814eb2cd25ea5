import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CALL, DecodeError } from "@kiteline/net";
import { BinaryScanner } from "./binary-scanner.ts";
import { BINARY, COMPACT, writtenBy, type Protocol } from "./bytes.fixture.ts";
import { CompactScanner } from "./compact-scanner.ts";
import type { ThriftWriter } from "./protocol.ts";
import { I32, STRUCT } from "./wire-types.ts";

/** Counts how often it looks at a field's header. */
class Counting extends BinaryScanner {
  fields = 0;
  protected override fieldType(): number {
    this.fields++;
    return super.fieldType();
  }
}

function message(protocol: Protocol, body: (out: ThriftWriter) => void): Buffer {
  return writtenBy(protocol, (out) => {
    (out as ReturnType<Protocol["writer"]>).writeHead(CALL, "store", 1);
    out.begin();
    body(out);
    out.end();
  });
}

describe("a message scanner", () => {
  it("looks at every byte of 4 MB that come in pieces of 256 bytes about once", () => {
    const structs = 200_000;
    const bytes = message(BINARY, (out) => {
      out.listField(1, STRUCT, structs);
      for (let i = 0; i < structs; i++) {
        out.begin();
        out.i32Field(1, i);
        out.i64Field(2, 7n);
        out.end();
      }
    });
    assert.ok(bytes.byteLength > 3.5e6);
    const scanner = new Counting(256, true);
    let pieces = 0;
    for (let there = 0; there < bytes.byteLength; there += 256) {
      pieces++;
      assert.ok(scanner.scan(bytes, 0, there) > there);
    }
    assert.equal(scanner.scan(bytes, 0, bytes.byteLength), bytes.byteLength);
    // Three per struct (two fields and the stop), two of the arguments; each piece may end in one that is looked at again.
    assert.ok(scanner.fields <= 3 * structs + 2 + 2 * pieces, `${scanner.fields} fields`);
  });

  it("goes on where it stopped when the bytes have moved", () => {
    const bytes = message(BINARY, (out) => out.stringField(1, "x".repeat(100)));
    const scanner = new BinaryScanner(256, true);
    assert.ok(scanner.scan(bytes, 0, 60) > 60);
    const moved = Buffer.concat([Buffer.alloc(13), bytes]);
    assert.equal(scanner.scan(moved, 13, moved.byteLength), bytes.byteLength);
  });

  it("says at once how much a long value will take, so that a limit can refuse it", () => {
    for (const [protocol, scanner] of [
      [BINARY, new BinaryScanner(256, true)],
      [COMPACT, new CompactScanner(256)],
    ] as const) {
      const bytes = message(protocol, (out) => out.stringField(1, "x".repeat(1_000_000)));
      assert.ok(scanner.scan(bytes, 0, 100) >= 1_000_000);
    }
    const numbers = message(BINARY, (out) => {
      out.listField(1, I32, 250_000);
      for (let i = 0; i < 250_000; i++) out.i32(i);
    });
    assert.ok(new BinaryScanner(256, true).scan(numbers, 0, 100) >= 1_000_000);
  });

  it("follows nesting as deep as allowed and no deeper", () => {
    const nested = (depth: number): Buffer =>
      message(BINARY, (out) => {
        for (let i = 1; i < depth; i++) {
          out.structField(1);
        }
        for (let i = 1; i < depth; i++) out.end();
      });
    assert.equal(new BinaryScanner(8, true).scan(nested(8), 0, nested(8).byteLength), nested(8).byteLength);
    assert.throws(() => new BinaryScanner(8, true).scan(nested(9), 0, nested(9).byteLength), /more than 8 deep/);
  });

  it("refuses what is no message", () => {
    const refuse = (scanner: BinaryScanner | CompactScanner, hex: string, expected: RegExp): void => {
      const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
      assert.throws(
        () => scanner.scan(bytes, 0, bytes.byteLength),
        (error) => error instanceof DecodeError && expected.test(error.message),
      );
    };
    refuse(new BinaryScanner(8, true), "82210100", /version 0x8001, got 0x8221/);
    refuse(new BinaryScanner(8, true), "00000004", /begins with 0x8001/);
    refuse(new BinaryScanner(8, true), "80010001 ffffffff", /length -1/);
    const head = "80010001 00000001 61 00000001";
    refuse(new BinaryScanner(8, true), `${head} 0b0001 80000000`, /length -2147483648/);
    refuse(new BinaryScanner(8, true), `${head} 0f0001 08 ffffffff`, /count -1/);
    refuse(new BinaryScanner(8, true), `${head} 0d0001 08 00 00000001`, /values of no type/);
    refuse(new BinaryScanner(8, true), `${head} 110001 00`, /unknown type 17/);
    refuse(new CompactScanner(8), "80010001", /expected a compact Thrift message/);
    refuse(new CompactScanner(8), "8221 01 01 61 1e", /unknown compact type 14/);
    refuse(new CompactScanner(8), "8221 01 ffffffffff", /more than 31 bits/);
  });

  it("takes the old form when asked", () => {
    const bytes = Buffer.from("00000004 6563686f 01 00000001 00".replaceAll(" ", ""), "hex");
    const scanner = new BinaryScanner(8, false);
    for (let end = 0; end < bytes.byteLength; end++) assert.ok(scanner.scan(bytes, 0, end) > end);
    assert.equal(scanner.scan(bytes, 0, bytes.byteLength), bytes.byteLength);
  });
});
