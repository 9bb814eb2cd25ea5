import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { describe, it } from "node:test";
import { isMessageSource, OutgoingMessages, type MessageSink } from "./outgoing-messages.ts";

/** Takes `room` messages, each of 100 bytes, and notes everything. */
class Sink implements MessageSink {
  readonly got: unknown[] = [];
  room: number;

  constructor(room = Infinity) {
    this.room = room;
  }

  get writable(): boolean {
    return this.room > 0;
  }

  send(message: unknown): number {
    this.room--;
    this.got.push(message);
    return 100;
  }

  finish(): void {
    this.got.push("end");
  }

  broke(error: unknown): void {
    this.got.push(error);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function* numbers(count: number, pulled: unknown[] = []): AsyncGenerator<number> {
  try {
    for (let i = 1; i <= count; i++) {
      pulled.push(i);
      yield i;
    }
  } finally {
    pulled.push("left");
  }
}

describe("OutgoingMessages", () => {
  it("sends everything of an iterable and of an asynchronous one, then says so", async () => {
    for (const source of [[1, 2, 3], numbers(3)]) {
      const sink = new Sink();
      new OutgoingMessages(source, 0).attach(sink);
      await turn();
      assert.deepEqual(sink.got, [1, 2, 3, "end"]);
    }
  });

  it("pulls only what the sink takes", async () => {
    const pulled: unknown[] = [];
    const sink = new Sink(2);
    const outgoing = new OutgoingMessages(numbers(5, pulled), 0);
    outgoing.attach(sink);
    await turn();
    assert.deepEqual(sink.got, [1, 2]);
    assert.deepEqual(pulled, [1, 2]);
    sink.room = 1;
    outgoing.resume();
    await turn();
    assert.deepEqual(pulled, [1, 2, 3]);
  });

  it("says the end to a sink that takes no more messages", () => {
    const outgoing = new OutgoingMessages([1], 10_000);
    outgoing.attach(new Sink());
    const sink = new Sink(1);
    outgoing.attach(sink);
    assert.deepEqual(sink.got, [1, "end"]);
  });

  it("passes on what the iterable throws, at its beginning and later", async () => {
    const error = new Error("no more");
    const sources = [
      (function* () {
        yield 1;
        throw error;
      })(),
      (async function* () {
        yield 1;
        throw error;
      })(),
    ];
    for (const source of sources) {
      const sink = new Sink();
      new OutgoingMessages(source, 0).attach(sink);
      await turn();
      assert.deepEqual(sink.got, [1, error]);
    }
    const sink = new Sink();
    new OutgoingMessages(7, 0).attach(sink);
    assert.match(String(sink.got[0]), /expected an iterable of messages, got 7/);
  });

  it("takes what no iterator may give for its failure, at once and later", async () => {
    for (const next of [() => null, () => Promise.resolve(null), () => Promise.resolve(5)]) {
      const sink = new Sink();
      new OutgoingMessages({ [Symbol.asyncIterator]: () => ({ next }) }, 0).attach(sink);
      await turn();
      assert.equal(sink.got.length, 1);
      assert.ok(sink.got[0] instanceof TypeError);
    }
  });

  it("sends everything again to the next sink, the end included", async () => {
    const [first, second] = [new Sink(2), new Sink()];
    const outgoing = new OutgoingMessages(numbers(3), 10_000);
    outgoing.attach(first);
    await turn();
    outgoing.detach();
    assert.equal(outgoing.replayable, true);
    outgoing.attach(second);
    await turn();
    const third = new Sink();
    outgoing.attach(third);
    assert.deepEqual(first.got, [1, 2]);
    assert.deepEqual(second.got, [1, 2, 3, "end"]);
    assert.deepEqual(third.got, [1, 2, 3, "end"]);
  });

  it("keeps what arrived between two sinks", async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const outgoing = new OutgoingMessages(
      (async function* () {
        yield await promise;
      })(),
      10_000,
    );
    outgoing.attach(new Sink());
    outgoing.detach();
    resolve(1);
    await turn();
    const sink = new Sink();
    outgoing.attach(sink);
    await turn();
    assert.deepEqual(sink.got, [1, "end"]);
  });

  it("sends again what it has while it waits for more, and keeps the order", async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    async function* source(): AsyncGenerator<number> {
      yield 1;
      yield 2;
      yield await promise;
    }
    const outgoing = new OutgoingMessages(source(), 10_000);
    outgoing.attach(new Sink());
    await turn();
    outgoing.detach();
    const sink = new Sink(1);
    outgoing.attach(sink);
    assert.deepEqual(sink.got, [1]);
    resolve(3); // it comes before the second could be sent again
    await turn();
    assert.deepEqual(sink.got, [1]);
    outgoing.commit(); // nor is it forgotten then
    sink.room = Infinity;
    outgoing.resume();
    await turn();
    assert.deepEqual(sink.got, [1, 2, 3, "end"]);
  });

  it("remembers no more than it may, and nothing after the commit", () => {
    const long = new OutgoingMessages([1, 2, 3, 4], 300);
    long.attach(new Sink(1));
    assert.equal(long.replayable, true);
    const sink = new Sink();
    long.attach(sink);
    assert.equal(long.replayable, false);
    assert.deepEqual(sink.got, [1, 2, 3, 4, "end"]);

    const committed = new OutgoingMessages([1], 10_000);
    committed.attach(new Sink());
    committed.commit();
    assert.equal(committed.replayable, false);
  });

  it("tells the iterable when the call is over, and takes nothing more from it", async () => {
    const pulled: unknown[] = [];
    const sink = new Sink(1);
    const outgoing = new OutgoingMessages(numbers(5, pulled), 0);
    outgoing.attach(sink);
    await turn();
    outgoing.close();
    await turn();
    assert.deepEqual(pulled, [1, "left"]);
    assert.deepEqual(sink.got, [1]);
  });

  it("swallows what an iterable throws on its way out", async () => {
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: false, value: 1 }),
        return: () => Promise.reject(new Error("cannot clean up")),
      }),
    };
    const outgoing = new OutgoingMessages(source, 0);
    outgoing.attach(new Sink(1));
    await turn();
    outgoing.close();
    await turn(); // an unhandled rejection would fail the test
  });

  it("runs the iterable in the context it was given in, whoever resumes it", async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const sink = new Sink(1);
    const outgoing = store.run("mine", () => {
      async function* source(): AsyncGenerator<number> {
        seen.push(store.getStore());
        yield 1;
        seen.push(store.getStore());
      }
      const made = new OutgoingMessages(source(), 0);
      made.attach(sink);
      return made;
    });
    await turn();
    sink.room = 1;
    outgoing.resume();
    await turn();
    assert.deepEqual(seen, ["mine", "mine"]);
  });

  it("can be told to remember its context, when it is attached elsewhere", async () => {
    const store = new AsyncLocalStorage<string>();
    let seen: unknown;
    const outgoing = store.run("mine", () => {
      function* source(): Generator<number> {
        seen = store.getStore();
        yield 1;
      }
      const made = new OutgoingMessages(source(), 0);
      assert.equal(made.begun, false);
      made.keepContext();
      return made;
    });
    outgoing.attach(new Sink());
    assert.equal(outgoing.begun, true);
    assert.equal(seen, "mine");
  });
});

describe("isMessageSource", () => {
  it("knows what can be iterated, and takes a text for one message", () => {
    for (const source of [[], new Set(), numbers(1)]) assert.equal(isMessageSource(source), true);
    for (const other of ["text", 7, {}, null, undefined]) assert.equal(isMessageSource(other), false);
  });
});
