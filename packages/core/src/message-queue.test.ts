import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MessageQueue } from "./message-queue.ts";

class Owner {
  held = 0;
  leftTimes = 0;
  readonly queue: MessageQueue<string> = new MessageQueue<string>(this);

  push(message: string): void {
    this.held += message.length;
    this.queue.push(message, message.length);
  }

  taken(bytes: number): void {
    this.held -= bytes;
  }

  left(): void {
    this.leftTimes++;
  }
}

describe("MessageQueue", () => {
  it("gives messages out in order, those that came before the reader and those that come while it waits", async () => {
    const owner = new Owner();
    owner.push("a");
    owner.push("b");
    const read = Array.fromAsync(owner.queue);
    await Promise.resolve();
    owner.push("c");
    owner.queue.end();
    assert.deepEqual(await read, ["a", "b", "c"]);
    assert.equal(owner.leftTimes, 0); // who read to the end has not left
  });

  it("tells its owner of what was taken when it is taken, and not before", async () => {
    const owner = new Owner();
    owner.push("four");
    owner.push("seven77");
    assert.equal(owner.held, 11);
    await owner.queue.next();
    assert.equal(owner.held, 7);
    await owner.queue.next();
    assert.equal(owner.held, 0);
    const next = owner.queue.next();
    owner.push("eight888");
    assert.equal(owner.held, 0);
    assert.deepEqual(await next, { done: false, value: "eight888" });
  });

  it("throws a failure after the messages that came before it, once", async () => {
    const owner = new Owner();
    owner.push("a");
    owner.queue.fail(new Error("broken"));
    assert.deepEqual(await owner.queue.next(), { done: false, value: "a" });
    await assert.rejects(owner.queue.next(), /broken/);
    assert.deepEqual(await owner.queue.next(), { done: true, value: undefined });
  });

  it("rejects a reader that waits when the stream fails", async () => {
    const owner = new Owner();
    const next = owner.queue.next();
    owner.queue.fail(new Error("broken"));
    await assert.rejects(next, /broken/);
  });

  it("drops what was not read when the call is aborted, even if all had come", async () => {
    for (const ended of [false, true]) {
      const owner = new Owner();
      owner.push("unread");
      if (ended) owner.queue.end();
      owner.queue.abort(new Error("too late"));
      assert.equal(owner.held, 0);
      await assert.rejects(owner.queue.next(), /too late/);
    }
  });

  it("is not failed by an abort when all has been read", async () => {
    const owner = new Owner();
    owner.queue.end();
    owner.queue.abort(new Error("too late"));
    assert.deepEqual(await owner.queue.next(), { done: true, value: undefined });
  });

  it("tells its owner that the reader left, gives back what was unread and takes nothing more", async () => {
    const owner = new Owner();
    owner.push("a");
    owner.push("b");
    for await (const message of owner.queue) if (message === "a") break;
    assert.equal(owner.leftTimes, 1);
    assert.equal(owner.held, 0);
    owner.push("c");
    assert.equal(owner.held, 0);
    assert.deepEqual(await owner.queue.next(), { done: true, value: undefined });
  });

  it("refuses a second reader", async () => {
    const owner = new Owner();
    const first = owner.queue.next();
    await assert.rejects(owner.queue.next(), /one reader/);
    owner.push("a");
    assert.deepEqual(await first, { done: false, value: "a" });
  });

  describe("forEach", () => {
    it("calls with each message as it arrives and resolves at the end", async () => {
      const owner = new Owner();
      const heard: string[] = [];
      owner.push("a");
      const done = owner.queue.forEach((message) => heard.push(message));
      assert.deepEqual(heard, ["a"]);
      owner.push("b");
      assert.deepEqual(heard, ["a", "b"]);
      assert.equal(owner.held, 0);
      owner.queue.end();
      await done;
    });

    it("rejects with the stream's failure", async () => {
      const owner = new Owner();
      const done = owner.queue.forEach(() => undefined);
      owner.queue.fail(new Error("broken"));
      await assert.rejects(done, /broken/);
    });

    it("rejects with what the listener throws, and leaves the stream", async () => {
      for (const early of [true, false]) {
        const owner = new Owner();
        if (early) owner.push("a");
        const done = owner.queue.forEach(() => {
          throw new Error("cannot use it");
        });
        if (!early) owner.push("a");
        await assert.rejects(done, /cannot use it/);
        assert.equal(owner.leftTimes, 1);
        assert.equal(owner.held, 0);
      }
    });
  });
});
