/** What streams promise, whatever carries them. */
import assert from "node:assert/strict";
import { createServer as createProxy, connect, type AddressInfo, type Socket } from "node:net";
import { describe, it, type TestContext } from "node:test";
import {
  CallInfo,
  currentCall,
  forEachMessage,
  ManualClock,
  Metadata,
  RpcError,
  type ServerCall,
  type ServiceDescription,
} from "@kiteline/core";
import { createClient, type Client } from "./client.ts";
import { until } from "./peer.fixture.ts";
import { createServer } from "./server.ts";
import type { Note, NoteInit, StreamsClient, StreamsHandler } from "./streams.fixture.ts";
import type { ClientOptions, ServerOptions } from "./suite.ts";

export interface StreamCarrier {
  readonly name: string;
  readonly service: ServiceDescription<StreamsClient, StreamsHandler>;
  /** What clients are told beside their target. */
  readonly client?: Partial<ClientOptions>;
  /** Whether clients call a server of their own process, without a socket. */
  readonly inProcess?: boolean;
  /** Whether metadata can come after the messages. */
  readonly trailers: boolean;
}

/** Both ends, closed when the test is over. */
interface Pair {
  readonly client: Client<StreamsClient>;
  /** Cuts all connections. */
  readonly cut: () => void;
}

/** The handlers that a test does not give must not be called. */
const NEVER: StreamsHandler = {
  one: () => assert.fail("one was called"),
  collect: () => assert.fail("collect was called"),
  count: () => assert.fail("count was called"),
  talk: () => assert.fail("talk was called"),
};

const numbers = (notes: Iterable<Note>): number[] => Array.from(notes, ({ number }) => number);

async function* notes(count: number): AsyncGenerator<NoteInit> {
  for (let number = 0; number < count; number++) yield { number };
}

export function testStreams(carrier: StreamCarrier): void {
  async function pair(
    t: TestContext,
    handler: Partial<StreamsHandler>,
    clientOptions: Partial<ClientOptions> = {},
    serverOptions: ServerOptions = {},
  ): Promise<Pair> {
    const server = createServer({ exitWaitMs: 0, log: () => undefined, ...serverOptions }).add(carrier.service, { ...NEVER, ...handler });
    const options = { log: () => undefined, ...carrier.client, ...clientOptions };
    if (carrier.inProcess === true) {
      const client = createClient(carrier.service, { ...options, target: server });
      t.after(() => Promise.all([client.close(), server.close()]));
      return { client, cut: () => void server.close() };
    }
    await server.listen();
    const proxy = await cuttable(server.port);
    const client = createClient(carrier.service, { ...options, target: `127.0.0.1:${proxy.port}` });
    t.after(() => Promise.all([client.close(), server.close(), proxy.close()]));
    return { client, cut: () => proxy.cut() };
  }

  describe(`streams over ${carrier.name}`, () => {
    it("carries the four kinds of calls", async (t) => {
      const { client } = await pair(t, {
        one: ({ text, number }) => ({ text: `${text}!`, number: number + 1 }),
        collect: async (requests) => ({ number: (await Array.fromAsync(requests)).length }),
        count: ({ number }) => notes(number),
        async *talk(requests) {
          for await (const { number } of requests) yield { number: 2 * number };
        },
      });
      assert.deepEqual({ ...(await client.one({ text: "a", number: 1 })) }, { text: "a!", number: 2 });
      assert.equal((await client.collect(notes(3))).number, 3);
      assert.deepEqual(numbers(await Array.fromAsync(client.count({ number: 3 }))), [0, 1, 2]);
      assert.deepEqual(numbers(await Array.fromAsync(client.talk(notes(3)))), [0, 2, 4]);
    });

    it("takes iterables that are there at once, from callers and from handlers", async (t) => {
      const { client } = await pair(t, {
        collect: async (requests) => ({ number: (await Array.fromAsync(requests)).length }),
        count: () => [{ number: 7 }, { number: 8 }],
      });
      assert.equal((await client.collect([{}, {}])).number, 2);
      assert.deepEqual(numbers(await Array.fromAsync(client.count({}))), [7, 8]);
    });

    it("refuses one message where a stream belongs, and says what to do", async (t) => {
      const { client } = await pair(t, {});
      await assert.rejects(client.collect({ text: "a" } as unknown as NoteInit[]), {
        code: "invalid_argument",
        detail: /Collect takes an iterable of messages, got an object: one message is \[message\]$/i,
      });
    });

    it("carries streams of no messages", async (t) => {
      const { client } = await pair(t, {
        collect: async (requests) => ({ number: (await Array.fromAsync(requests)).length }),
        count: () => [],
        async *talk(requests) {
          for await (const request of requests) yield request;
        },
      });
      assert.equal((await client.collect([])).number, 0);
      assert.deepEqual(await Array.fromAsync(client.count({})), []);
      assert.deepEqual(await Array.fromAsync(client.talk([])), []);
    });

    it("loses, repeats and reorders nothing of many messages, small and large", async (t) => {
      const { client } = await pair(t, {
        async *talk(requests) {
          for await (const request of requests) yield request;
        },
      });
      async function* sent(): AsyncGenerator<NoteInit> {
        for (let number = 0; number < 3000; number++) yield { number, text: "x".repeat(number % 500 === 0 ? 300_000 : number % 100) };
      }
      let next = 0;
      for await (const { number, text } of client.talk(sent())) {
        assert.equal(number, next);
        assert.equal(text.length, next % 500 === 0 ? 300_000 : next % 100);
        next++;
      }
      assert.equal(next, 3000);
    });

    it("is read by calls at both ends, as it came and no faster than they return", async (t) => {
      const { client } = await pair(t, {
        async collect(requests, call) {
          let heard = 0;
          await forEachMessage(requests, async ({ number }) => {
            assert.equal(number, heard);
            if (number % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
            assert.equal(currentCall(), call);
            heard++;
          });
          return { number: heard };
        },
        count: () => notes(100_000),
      });
      assert.equal((await client.collect(notes(1000))).number, 1000);
      let next = 0;
      const read = forEachMessage(client.count({}), ({ number }) => {
        assert.equal(number, next++);
        if (next === 500) throw new Error("enough");
      });
      await assert.rejects(read, /enough/);
      assert.equal(next, 500);
    });

    it("lets both sides talk by turns", async (t) => {
      const { client } = await pair(t, {
        async *talk(requests) {
          for await (const { number } of requests) yield { number: number + 1 };
        },
      });
      let answered: (number: number) => void = () => undefined;
      async function* questions(): AsyncGenerator<NoteInit> {
        for (let number = 0; number < 10; number = await new Promise((resolve) => (answered = resolve))) yield { number };
      }
      const seen: number[] = [];
      for await (const { number } of client.talk(questions())) {
        seen.push(number);
        answered(number);
      }
      assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    });

    describe("ended early", () => {
      it("by a caller that breaks: the handler's generator is left and its call cancelled", async (t) => {
        const { call, left, count } = endless();
        const { client } = await pair(t, { count });
        for await (const { number } of client.count({})) if (number === 2) break;
        await until(() => left.done && call.current?.cancelled !== undefined);
        assert.equal(call.current?.cancelled?.code, "cancelled");
        assert.equal(client.counters.inFlight, 0);
      });

      it("by a signal: the reader gets the reason, the request's iterable is left, the handler's reading throws", async (t) => {
        const abort = new AbortController();
        const read: number[] = [];
        let thrown: unknown;
        let left = false;
        const { client } = await pair(t, {
          async *talk(requests) {
            try {
              for await (const request of requests) yield request;
            } catch (error) {
              thrown = error;
              throw error;
            }
          },
        });
        async function* requests(): AsyncGenerator<NoteInit> {
          try {
            yield { number: 1 };
            yield await new Promise<NoteInit>(() => undefined);
          } finally {
            left = true;
          }
        }
        const source = requests();
        const reading = (async () => {
          for await (const { number } of client.talk(source, { signal: abort.signal })) {
            read.push(number);
            abort.abort(new Error("enough"));
          }
        })();
        await assert.rejects(reading, (error) => error instanceof RpcError && error.code === "cancelled" && /enough/.test(error.detail));
        await until(() => thrown !== undefined);
        assert.deepEqual(read, [1]);
        assert.equal((thrown as RpcError).code, "cancelled");
        assert.equal(left, false); // it waits for a message of its own, and is left when that comes
      });

      it("by a handler that answers before it has read everything: the caller's iterable is left", async (t) => {
        let left = false;
        const { client } = await pair(t, {
          async collect(requests) {
            for await (const { number } of requests) if (number === 3) break;
            return { number: 3 };
          },
        });
        async function* requests(): AsyncGenerator<NoteInit> {
          try {
            for (let number = 0; ; number++) {
              yield { number };
              await new Promise((resolve) => setImmediate(resolve));
            }
          } finally {
            left = true;
          }
        }
        assert.equal((await client.collect(requests())).number, 3);
        await until(() => left);
      });

      it("by a caller's iterable that throws: the call fails with that, and the handler's reading throws", async (t) => {
        let thrown: unknown;
        const { client } = await pair(t, {
          async collect(requests) {
            try {
              return { number: (await Array.fromAsync(requests)).length };
            } catch (error) {
              thrown = error;
              throw error;
            }
          },
        });
        async function* requests(): AsyncGenerator<NoteInit> {
          yield { number: 1 };
          await new Promise((resolve) => setImmediate(resolve));
          throw new Error("no more questions");
        }
        await assert.rejects(client.collect(requests()), (error) => error instanceof RpcError && /no more questions/.test(error.detail));
        await until(() => thrown !== undefined);
        assert.equal((thrown as RpcError).code, "cancelled");
      });
    });

    describe("deadlines", () => {
      it("end a stream on the caller's side, and with it the handler", async (t) => {
        const clock = new ManualClock(1000);
        const { call, left, count } = endless();
        const { client } = await pair(t, { count }, { clock });
        const stream = client.count({}, { timeoutMs: 500 })[Symbol.asyncIterator]();
        assert.equal((await stream.next()).done, false);
        clock.advance(501);
        clock.advance(10);
        await assert.rejects(drain(stream), (error) => error instanceof RpcError && error.code === "deadline_exceeded");
        await until(() => left.done);
        assert.notEqual(call.current?.cancelled, undefined);
      });
    });

    describe("errors", () => {
      it("before the first message reject the first step", async (t) => {
        const { client } = await pair(t, {
          count: () => {
            throw new RpcError("not_found", "nothing to count");
          },
          async *talk(requests) {
            yield* requests; // none
            throw new RpcError("aborted", "nothing to say");
          },
        });
        await assert.rejects(Array.fromAsync(client.count({})), { code: "not_found", detail: "nothing to count" });
        await assert.rejects(Array.fromAsync(client.talk([])), { code: "aborted", detail: "nothing to say" });
      });

      it("after some messages are thrown behind them", async (t) => {
        const { client } = await pair(t, {
          async *count() {
            yield { number: 1 };
            yield { number: 2 };
            throw new RpcError("data_loss", "the rest is gone");
          },
        });
        const seen: number[] = [];
        const reading = (async () => {
          for await (const { number } of client.count({})) seen.push(number);
        })();
        await assert.rejects(reading, { code: "data_loss", detail: "the rest is gone" });
        assert.deepEqual(seen, [1, 2]);
        assert.equal(client.counters.failures.data_loss, 1);
      });
    });

    describe("backpressure", () => {
      const text = "x".repeat(64 * 1024);
      const MOST = 1000; // 64 MB

      it("holds a handler whose caller does not read, and loses nothing when it reads on", async (t) => {
        let made = 0;
        const { client } = await pair(t, {
          *count() {
            for (; made < 5000; made++) yield { number: made, text };
          },
        });
        const stream = client.count({})[Symbol.asyncIterator]();
        await stream.next();
        const held = await settled(() => made);
        assert.ok(held < MOST, `${held} messages were made for one that was read`);
        for (let number = 1; number < 2 * held; number++) assert.equal((await stream.next()).value?.number, number);
        await stream.return?.();
      });

      it("holds a caller whose handler does not read", async (t) => {
        let made = 0;
        let read: () => void = () => undefined;
        const { client } = await pair(t, {
          async collect(requests) {
            await new Promise<void>((resolve) => (read = resolve));
            let number = 0;
            for await (const request of requests) if (request.number === number) number++;
            return { number };
          },
        });
        function* requests(): Generator<NoteInit> {
          for (; made < 2000; made++) yield { number: made, text };
        }
        const result = client.collect(requests());
        const held = await settled(() => made);
        assert.ok(held < MOST, `${held} messages were made and none was read`);
        read();
        assert.equal((await result).number, 2000);
      });
    });

    it("carries metadata both ways, and what is inherited into calls made for a stream", async (t) => {
      let came: Metadata | undefined;
      const { client } = await pair(t, {
        async *count(_request, call: ServerCall) {
          came = call.metadata;
          call.reply.set("first", "1");
          yield { number: 1 };
          call.trailers.set("last", "2");
        },
      });
      const info = new CallInfo();
      const metadata = new Metadata()
        .set("hop", "a")
        .set("far", "b", "persistent")
        .set("raw-bin", new Uint8Array([0, 255]));
      await Array.fromAsync(client.count({}, { metadata, info }));
      assert.equal(came?.get("hop"), "a");
      assert.equal(came?.get("far", "persistent"), "b");
      assert.deepEqual([...(came?.getBytes("raw-bin") ?? [])], [0, 255]);
      assert.equal(info.reply.get("first"), "1");
      assert.equal((carrier.trailers ? info.trailers : info.reply).get("last"), "2");
      assert.equal(info.attempts, 1);
      assert.ok(info.endedMs !== undefined);
    });

    it("lets middleware wrap the messages of both directions, on both sides", async (t) => {
      const plus = (stream: unknown, add: number): AsyncGenerator<NoteInit> =>
        (async function* () {
          for await (const note of stream as AsyncIterable<Note>) yield { ...note, number: note.number + add };
        })();
      const { client } = await pair(
        t,
        {
          async *talk(requests) {
            for await (const request of requests) yield request;
          },
        },
        { middleware: [(next) => async (request, call) => plus(await next(plus(request, 1), call), 10)] },
        { middleware: [(next) => async (request, call) => plus(await next(plus(request, 100), call), 1000)] },
      );
      assert.deepEqual(numbers(await Array.fromAsync(client.talk(notes(2)))), [1111, 1112]);
    });

    it("fails both sides when the connection is cut in mid-stream", async (t) => {
      const { call, left, count } = endless();
      const { client, cut } = await pair(t, { count });
      const stream = client.count({})[Symbol.asyncIterator]();
      await stream.next();
      cut();
      await assert.rejects(drain(stream), (error) => error instanceof RpcError && error.code === "unavailable");
      await until(() => left.done);
      assert.notEqual(call.current?.cancelled, undefined);
      assert.equal(client.counters.inFlight, 0);
    });

    it("leaves nothing behind: as many calls end as begin, whichever way", async (t) => {
      const { client } = await pair(t, {
        count: ({ number }) => notes(number),
        async *talk(requests) {
          for await (const request of requests) yield request;
        },
      });
      await Promise.all(
        Array.from({ length: 50 }, async (_, i) => {
          if (i % 2 === 0) {
            await Array.fromAsync(client.count({ number: i }));
          } else {
            for await (const { number } of client.talk(notes(100))) if (number === i) break;
          }
        }),
      );
      assert.equal(client.counters.started, 50);
      assert.equal(client.counters.inFlight, 0);
    });
  });
}

/** A handler that counts until it is left. */
function endless(): {
  readonly call: { current: ServerCall | undefined };
  readonly left: { done: boolean };
  readonly count: StreamsHandler["count"];
} {
  const call: { current: ServerCall | undefined } = { current: undefined };
  const left = { done: false };
  return {
    call,
    left,
    async *count(_request, theirs) {
      call.current = theirs;
      try {
        for (let number = 0; ; number++) {
          yield { number };
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        left.done = true;
      }
    },
  };
}

async function drain(stream: AsyncIterator<Note>): Promise<void> {
  for (let step = await stream.next(); step.done !== true; ) step = await stream.next();
}

/** What the value is when it has not changed for many turns of the event loop. */
async function settled(value: () => number): Promise<number> {
  let last = -1;
  for (let same = 0; same < 200; ) {
    await new Promise((resolve) => setImmediate(resolve));
    same = value() === last ? same + 1 : 0;
    last = value();
  }
  return last;
}

/** A way to a port that can be cut. */
async function cuttable(to: number): Promise<{ port: number; cut(): void; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const proxy = createProxy((near) => {
    const far = connect({ port: to, host: "127.0.0.1" });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (proxy.address() as AddressInfo).port,
    cut,
    close: () => {
      cut();
      return new Promise((resolve) => proxy.close(() => resolve()));
    },
  };
}
