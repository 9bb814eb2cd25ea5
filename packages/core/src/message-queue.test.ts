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

  it("says by how much what waits exceeds twice what it was on the wire", async () => {
    const owner = new Owner();
    assert.equal(owner.queue.surplus, 0);
    for (let i = 0; i < 10; i++) owner.push("empty");
    const ofEmpty = owner.queue.surplus;
    assert.ok(ofEmpty >= 10 * 100, `${ofEmpty} bytes`);
    owner.queue.push("was compressed", 1000, 100_000);
    assert.ok(owner.queue.surplus - ofEmpty > 98_000);
    owner.queue.push("large", 1_000_000);
    assert.ok(owner.queue.surplus < -800_000);
    for (let i = 0; i < 11; i++) await owner.queue.next();
    assert.ok(owner.queue.surplus < -900_000);
    await owner.queue.next();
    assert.equal(owner.queue.surplus, 0);
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

  it("holds nothing that comes in the place of what an abort drops", () => {
    const owner = new Owner();
    let more = 1;
    owner.taken = (bytes) => {
      owner.held -= bytes;
      if (more-- > 0) owner.push("next");
    };
    owner.push("first");
    owner.queue.abort(new Error("too late"));
    assert.deepEqual([owner.held, owner.queue.empty], [0, true]);
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
    assert.deepEqual([owner.held, owner.queue.closed], [0, true]);
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
    it("calls with what is there and with each message that comes, and resolves at the end", async () => {
      const owner = new Owner();
      const heard: string[] = [];
      owner.push("a");
      owner.push("b");
      const done = owner.queue.forEach((message) => heard.push(message));
      await turn();
      assert.deepEqual([heard, owner.held], [["a", "b"], 0]);
      for (const message of ["c", "d", "e"]) owner.push(message);
      await turn();
      assert.deepEqual([heard, owner.held], [["a", "b", "c", "d", "e"], 0]);
      owner.push("f");
      owner.queue.end();
      await done;
      assert.deepEqual([heard.at(-1), owner.leftTimes], ["f", 0]);
    });

    it("waits for the promise that the listener returns, and takes nothing meanwhile", async () => {
      const owner = new Owner();
      const heard: string[] = [];
      let goOn: () => void = () => undefined;
      const done = owner.queue.forEach((message) => {
        heard.push(message);
        return new Promise<void>((resolve) => (goOn = resolve));
      });
      for (const message of ["a", "b", "c"]) owner.push(message);
      for (const expected of ["a", "b", "c"]) {
        await turn();
        assert.equal(heard.at(-1), expected);
        assert.equal(owner.held, 3 - heard.length);
        goOn();
      }
      owner.queue.end();
      await done;
      assert.equal(heard.length, 3);
    });

    it("rejects with the stream's failure, behind the messages that came before it", async () => {
      const owner = new Owner();
      const heard: string[] = [];
      const done = owner.queue.forEach((message) => heard.push(message));
      owner.push("a");
      owner.push("b");
      owner.queue.fail(new Error("broken"));
      await assert.rejects(done, /broken/);
      assert.deepEqual([heard, owner.leftTimes], [["a", "b"], 0]);
    });

    it("rejects with what the listener throws or its promise rejects with, and leaves the stream", async () => {
      const fails: readonly ((message: string) => unknown)[] = [
        () => {
          throw new Error("cannot use it");
        },
        () => Promise.reject(new Error("cannot use it")),
      ];
      for (const fail of fails) {
        for (const at of ["a", "b"]) {
          const owner = new Owner();
          const done = owner.queue.forEach((message) => (message === at ? fail(message) : undefined));
          for (const message of ["a", "b", "c"]) owner.push(message);
          await assert.rejects(done, /cannot use it/);
          assert.deepEqual([owner.leftTimes, owner.held], [1, 0]);
        }
      }
    });

    it("gives back the memory of a message that was borrowed when the listener is done with it, and of no other", async () => {
      const owner = new Owner();
      const told: string[] = [];
      const push = (message: string): void => owner.queue.push(message, 0, 0, { giveBack: () => told.push(`${message} back`) });
      const listen = async (message: string): Promise<void> => {
        told.push(message);
        await turn();
        if (message === "d") throw new Error("enough");
        told.push(`${message} read`);
      };
      const done = owner.queue.forEach(listen, { borrow: true });
      await turn();
      push("a"); // while the reader waits
      push("b");
      owner.push("c"); // has no memory of its own
      push("d"); // is never said to be read
      await assert.rejects(done, /enough/);
      assert.deepEqual(told, ["a", "a read", "a back", "b", "b read", "b back", "c", "c read", "d"]);
    });

    it("leaves the memory of messages that were not borrowed to who has them", async () => {
      const owner = new Owner();
      const done = owner.queue.forEach(() => undefined);
      for (const when of ["before", "after"]) {
        owner.queue.push("a", 0, 0, { giveBack: () => assert.fail(when) });
        await turn();
      }
      owner.queue.end();
      await done;
    });
  });
});

/** Until everything that waits for nothing has run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
