import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PendingStream } from "./pending-stream.ts";

const nothing = (): void => undefined;

describe("PendingStream", () => {
  it("gives out what the promised stream brings", async () => {
    async function* source(): AsyncGenerator<number> {
      yield 1;
      yield 2;
    }
    assert.deepEqual(await Array.fromAsync(new PendingStream(Promise.resolve(source()), nothing)), [1, 2]);
  });

  it("throws the promise's rejection at the first step, and nowhere before", async () => {
    const stream = new PendingStream(Promise.reject(new Error("no such method")), nothing);
    await new Promise((resolve) => setImmediate(resolve));
    await assert.rejects(stream.next(), /no such method/);
  });

  it("ends the stream beneath and the call when the loop is left", async () => {
    const ended: string[] = [];
    const source = (async function* () {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        ended.push("stream");
      }
    })();
    const stream = new PendingStream(Promise.resolve(source), () => ended.push("call"));
    for await (const value of stream) if (value === 2) break;
    assert.deepEqual(ended.sort(), ["call", "stream"]);
    assert.deepEqual(await stream.next(), { done: true, value: undefined });
  });

  it("ends the call when it is left before anything has come, and gives out nothing afterwards", async () => {
    let cancelled = 0;
    const stream = new PendingStream(new Promise<AsyncIterable<number>>(() => undefined), () => cancelled++);
    await stream.return();
    assert.equal(cancelled, 1);
    assert.deepEqual(await stream.next(), { done: true, value: undefined });
  });

  describe("read by calls", () => {
    it("has the stream beneath do so, or loops over one that cannot", async () => {
      const heard: number[] = [];
      const byItself = {
        async forEach(listener: (message: number) => unknown): Promise<void> {
          listener(1);
        },
        next: () => assert.fail("it was iterated"),
        [Symbol.asyncIterator]() {
          return this;
        },
      };
      await new PendingStream<number>(Promise.resolve(byItself), nothing).forEach((message) => heard.push(message));
      async function* source(): AsyncGenerator<number> {
        yield 2;
        yield 3;
      }
      await new PendingStream(Promise.resolve(source()), nothing).forEach((message) => heard.push(message));
      assert.deepEqual(heard, [1, 2, 3]);
    });

    it("ends the call when the listener throws", async () => {
      let cancelled = 0;
      async function* source(): AsyncGenerator<number> {
        for (;;) yield 1;
      }
      const done = new PendingStream(Promise.resolve(source()), () => cancelled++).forEach(() => {
        throw new Error("enough");
      });
      await assert.rejects(done, /enough/);
      assert.equal(cancelled, 1);
    });

    it("rejects as the promise does, and hears nothing once it was left", async () => {
      const failed = new PendingStream(Promise.reject(new Error("no such method")), nothing);
      await assert.rejects(failed.forEach(nothing), /no such method/);
      const left = new PendingStream(new Promise<AsyncIterable<number>>(() => undefined), nothing);
      await left.return();
      await left.forEach(() => assert.fail("heard something"));
    });
  });
});
