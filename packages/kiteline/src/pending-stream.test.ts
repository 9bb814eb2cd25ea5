import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pendingStream } from "./pending-stream.ts";

describe("pendingStream", () => {
  it("gives out what the promised stream brings", async () => {
    const stream = pendingStream(
      Promise.resolve(
        (async function* () {
          yield 1;
          yield 2;
        })(),
      ),
    );
    assert.deepEqual(await collect(stream), [1, 2]);
  });

  it("throws the promise's rejection at the first step, and nowhere before", async () => {
    const stream = pendingStream(Promise.reject(new Error("no such method")));
    await new Promise((resolve) => setImmediate(resolve));
    await assert.rejects(stream.next(), /no such method/);
  });

  it("ends the stream beneath when the loop is left", async () => {
    let ended = false;
    const source = (async function* () {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        ended = true;
      }
    })();
    for await (const value of pendingStream(Promise.resolve(source))) if (value === 2) break;
    assert.equal(ended, true);
  });
});

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of stream) values.push(value);
  return values;
}
