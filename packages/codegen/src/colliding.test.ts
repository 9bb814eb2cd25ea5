import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { ServiceDescription } from "@kiteline/core";
import { loadIdl, thriftBinary } from "@kiteline/thrift";
import { generate } from "./generate.ts";
import { Workshop } from "./workshop.fixture.ts";

const workshop = new Workshop("colliding");
after(() => workshop.remove());

describe("numbers that were chosen to collide in V8's tables", () => {
  it("cannot make a generated reader go on for minutes, and as many others are read", async () => {
    const [path] = await workshop.write(
      "tables",
      generate(await loadIdl({ "tables.thrift": "service Tables { void take(1: map<i32, bool> flags) }" }), {}),
    );
    const { Tables } = (await import(pathToFileURL(path!).href)) as { readonly Tables: ServiceDescription<unknown, unknown> };
    const format = thriftBinary();
    const read = (keys: readonly number[]): unknown => {
      const bytes = request(keys);
      const head = { kind: 0, name: "", seq: 0, thrown: false };
      format.readHead(bytes, 0, bytes.length, head);
      return format.readRequest(head, Tables.methods["take"]!);
    };
    assert.equal((read(Array.from({ length: 60_000 }, (_, i) => i * 7919)) as ReadonlyMap<number, boolean>).size, 60_000);
    assert.throws(() => read(Array.from({ length: 60_000 }, (_, i) => numberOf(i << 16))), {
      name: "DecodeError",
      message: /^reading \d+ bytes of the message took \d+ ms, as it does where numbers are chosen so that they collide/,
    });
  });
});

/** A call of `take` in the binary protocol. */
function request(keys: readonly number[]): Buffer {
  const start = Buffer.from("80010001 00000004 74616b65 00000001 0d0001 0802 00000000".replaceAll(" ", ""), "hex");
  start.writeInt32BE(keys.length, start.length - 4);
  const entries = Buffer.alloc(5 * keys.length + 1);
  for (const [i, key] of keys.entries()) entries.writeInt32BE(key, 5 * i);
  return Buffer.concat([start, entries]);
}

/** What V8's hash of integers (`ComputeUnseededHash`) makes this of. */
function numberOf(hash: number): number {
  let bits = unshifted(hash, 16);
  bits = Math.imul(bits, inverse(2057));
  bits = unshifted(bits, 4);
  bits = Math.imul(bits, inverse(5));
  bits = unshifted(bits, 12);
  return Math.imul(bits + 1, inverse(0x7fff));
}

/** What `x ^ (x >>> by)` was made of. */
function unshifted(mixed: number, by: number): number {
  let bits = mixed;
  for (let known = by; known < 32; known += by) bits = mixed ^ (bits >>> by);
  return bits;
}

/** Of an odd number, modulo 2^32. */
function inverse(odd: number): number {
  let found = odd;
  for (let i = 0; i < 5; i++) found = Math.imul(found, 2 - Math.imul(odd, found));
  return found;
}
