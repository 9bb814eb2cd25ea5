/** Compressed messages that take long to inflate or to compress, and readers that let many messages wait: nobody else waits for them. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { CallInfo } from "@kiteline/core";
import { createClient, type Client } from "./client.ts";
import { until } from "./peer.fixture.ts";
import { createServer, type Server } from "./server.ts";
import { Streams, type Note, type StreamsClient, type StreamsHandler } from "./streams.fixture.ts";

/** Neither short nor easily compressed. */
const LONG = Array.from({ length: 100_000 }, (_, at) => Math.imul(at + 1, 0x9e37_79b1).toString(36)).join("");

interface Played {
  readonly server: Server;
  readonly client: Client<StreamsClient>;
  /** On a connection of its own. */
  readonly other: Client<StreamsClient>;
}

async function play(t: TestContext, handler: Partial<StreamsHandler>): Promise<Played> {
  const server = createServer({ exitWaitMs: 0, log: () => undefined }).add(Streams, {
    one: (request) => request,
    collect: () => ({}),
    count: () => [],
    talk: (requests) => requests,
    ...handler,
  });
  const target = await server.listen();
  const [client, other] = [createClient(Streams, { target }), createClient(Streams, { target })];
  t.after(() => Promise.all([client.close(), other.close(), server.close()]));
  return { server, client, other };
}

function idle({ server }: Played): boolean {
  return server.counters.inFlight === 0;
}

describe("long compressed messages", () => {
  for (const compression of ["gzip", "deflate", "zstd"] as const) {
    it(`arrive whole and in order, with ${compression}, in calls of all kinds`, async (t) => {
      const played = await play(t, {
        one(request, call) {
          call.compression = compression;
          call.trailers.set("said", "last");
          return request;
        },
        async collect(requests) {
          let number = 0;
          for await (const { text } of requests) number = 31 * number + text.length;
          return { number: number | 0 };
        },
        async *talk(requests, call) {
          call.compression = compression;
          for await (const { text, number } of requests) yield { text, number };
        },
      });
      const { client } = played;
      const info = new CallInfo();
      const [one, again] = await Promise.all([
        client.one({ text: LONG }, { compression, info }),
        client.one({ text: `${LONG}!` }, { compression }),
      ]);
      assert.ok(one.text === LONG && again.text === `${LONG}!`);
      assert.equal(info.trailers.get("said"), "last");
      const texts = ["", LONG, "short", LONG.slice(1), "x".repeat(1000), LONG.slice(2), LONG.slice(3), "end"];
      const collected = await client.collect(
        texts.map((text) => ({ text })),
        { compression },
      );
      assert.equal(
        collected.number,
        texts.reduce((number, { length }) => (31 * number + length) | 0, 0),
      );
      const talked = await Array.fromAsync(
        client.talk(
          texts.map((text, number) => ({ text, number })),
          { compression },
        ),
      );
      assert.deepEqual(
        talked.map(({ text, number }) => [text === texts[number], number]),
        texts.map((_, number) => [true, number]),
      );
      assert.ok(idle(played));
    });
  }

  it("have a failure follow them, and not overtake", async (t) => {
    const { client } = await play(t, {
      async *count(_request, call) {
        call.compression = "gzip";
        yield { text: LONG };
        throw new Error("that was all");
      },
    });
    const texts: string[] = [];
    await assert.rejects(async () => {
      for await (const { text } of client.count({})) texts.push(text);
    }, /that was all/);
    assert.ok(texts.length === 1 && texts[0] === LONG);
  });

  it("are not what another connection's calls wait for", async (t) => {
    const { client, other } = await play(t, {
      one({ text }, call) {
        call.compression = "gzip";
        return { text: text === "" ? LONG + LONG : "", number: text.length };
      },
    });
    await Promise.all([client.one({ text: "a" }), other.one({ text: "a" })]);
    for (const request of [{ text: LONG + LONG }, {}]) {
      let answered = false;
      const long = client.one(request, { compression: "gzip" }).then(() => (answered = true));
      let meanwhile = 0;
      while (!answered) {
        await other.one({ text: "a" });
        meanwhile++;
      }
      await long;
      // Compressed here, inflated there, or the other way round: as many calls as would fit in between, where none did.
      assert.ok(meanwhile > 20, `${meanwhile} calls`);
    }
  });

  it("are given up in the middle with their call", async (t) => {
    let calls = 0;
    const played = await play(t, {
      one(request, call) {
        calls++;
        call.compression = "gzip";
        return { text: LONG, number: request.number };
      },
      async *talk(requests, call) {
        call.compression = "gzip";
        for await (const { number } of requests) yield { text: LONG, number };
      },
    });
    const { client } = played;
    await client.one({});
    // After so many turns it is being compressed or inflated on one side or the other.
    for (let after = 0; after < 12; after++) {
      for (const request of [{ text: LONG }, {}]) {
        const abort = new AbortController();
        // It may have been answered.
        const call = client
          .one(request, { compression: "gzip", signal: abort.signal })
          .catch(({ code }) => assert.equal(code, "cancelled"));
        await turns(3 * after);
        abort.abort();
        await call;
      }
      for await (const _ of client.talk([{ text: LONG }, { text: LONG }], { compression: "gzip" })) break;
    }
    await until(() => idle(played));
    assert.ok(calls > 0);
    assert.equal((await client.one({ number: 7, text: LONG }, { compression: "gzip" })).number, 7);
  });

  it("are what Connect's callers may send and are sent, too", async (t) => {
    const { server } = await play(t, {
      one({ text, number }, call) {
        call.compression = "gzip";
        call.trailers.set("said", "last");
        return { text, number: number + 1 };
      },
    });
    const answer = await fetch(`http://127.0.0.1:${server.port}/test.Streams/One`, {
      method: "POST",
      headers: { "content-type": "application/proto", "content-encoding": "gzip", "accept-encoding": "gzip" },
      body: gzipSync(noteBytes(LONG)),
    });
    assert.deepEqual([answer.status, answer.headers.get("content-encoding"), answer.headers.get("trailer-said")], [200, "gzip", "last"]);
    const body = Buffer.from(await answer.arrayBuffer()); // which fetch has inflated
    assert.ok(body.includes(LONG));
    const refused = await fetch(`http://127.0.0.1:${server.port}/test.Streams/One`, {
      method: "POST",
      headers: { "content-type": "application/proto", "content-encoding": "gzip" },
      body: gzipSync(noteBytes(LONG)).fill(0, 1000, 2000),
    });
    assert.deepEqual([refused.status, /incorrect data check/.test(await refused.text())], [500, true]);
  });
});

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function noteBytes(text: string): Buffer {
  const length: number[] = [];
  for (let rest = text.length; rest > 0; rest >>>= 7) length.push((rest & 127) | (rest > 127 ? 128 : 0));
  return Buffer.concat([Buffer.from([10, ...length]), Buffer.from(text)]);
}

describe("a reader that lets thousands of messages wait", () => {
  const count = 50_000;

  it("has all of them in the end, and what was said behind them", async (t) => {
    const { client } = await play(t, {
      *count(_request, call) {
        for (let number = 0; number < count; number++) yield { number };
        call.trailers.set("said", "last");
      },
    });
    const info = new CallInfo();
    let next = 0;
    for await (const { number } of client.count({}, { info })) {
      assert.equal(number, next++);
      if (number % 5000 === 0) await turns(20);
    }
    assert.equal(next, count);
    assert.equal(info.trailers.get("said"), "last");
  });

  it("has the failure behind them", async (t) => {
    const { client } = await play(t, {
      *count() {
        for (let number = 0; number < count; number++) yield { number };
        throw new Error("that was all");
      },
    });
    let read = 0;
    await assert.rejects(async () => {
      for await (const _ of client.count({})) if (++read === 1) await turns(20);
    }, /that was all/);
    assert.equal(read, count);
  });

  it("may be a handler that goes without having read them", async (t) => {
    const played = await play(t, {
      async collect(requests) {
        let first: Note | undefined;
        for await (const note of requests) {
          first = note;
          break;
        }
        // What is dropped must not stop the caller from sending the rest.
        await turns(100);
        return { number: first?.number ?? 0 };
      },
    });
    function* notes(): Generator<Partial<Note>> {
      for (let number = 1; number <= count; number++) yield { number };
    }
    for (let call = 0; call < 5; call++) assert.equal((await played.client.collect(notes())).number, 1);
    assert.ok(idle(played));
  });
});
