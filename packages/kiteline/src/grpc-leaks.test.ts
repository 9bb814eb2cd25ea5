import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createClient, type Client } from "./client.ts";
import { until } from "./peer.fixture.ts";
import { createServer } from "./server.ts";
import { Streams, type StreamsClient } from "./streams.fixture.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapBytes(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Calls in rows of a hundred, so that memory is that of what is under way. */
async function repeat(times: number, call: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < times; done += 100) await Promise.all(Array.from({ length: 100 }, call));
}

async function one(client: Client<StreamsClient>): Promise<void> {
  await client.one({ number: 1 }, { timeoutMs: 60_000 });
}

/** Leaves a stream after its first message, or has it cancelled by a signal while it waits in both directions. */
async function cancelled(client: Client<StreamsClient>, by: "break" | "signal"): Promise<void> {
  if (by === "break") {
    for await (const _ of client.count({})) return;
  }
  const abort = new AbortController();
  async function* requests() {
    yield {};
    await new Promise(() => undefined);
  }
  const stream = client.talk(requests(), { signal: abort.signal })[Symbol.asyncIterator]();
  await stream.next();
  const next = stream.next();
  abort.abort();
  await assert.rejects(next, { code: "cancelled" });
}

describe("many calls over gRPC", () => {
  it("leave memory and counts where they were, answered or cancelled", async () => {
    let left = 0;
    // So many that are cancelled would be taken for an attack.
    await using server = createServer({ http2: { lostStreamBurst: 1e9 } }).add(Streams, {
      one: (request) => request,
      collect: () => ({}),
      async *count() {
        try {
          for (;;) {
            yield {};
            await new Promise((resolve) => setImmediate(resolve));
          }
        } finally {
          left++;
        }
      },
      async *talk(requests) {
        yield* requests;
      },
    });
    await using client = createClient(Streams, { target: await server.listen() });
    const round = async (): Promise<void> => {
      await repeat(20_000, () => one(client));
      await repeat(2000, () => cancelled(client, "break"));
      await repeat(2000, () => cancelled(client, "signal"));
      await until(() => server.inFlight === 0);
    };
    await round(); // what is made once and kept, and compiled code
    const before = heapBytes();
    for (let rounds = 0; rounds < 3; rounds++) await round();
    // Of three rounds together: compiled code comes and goes by a megabyte or two, but what calls leave is left by each round.
    const grown = heapBytes() - before;
    assert.ok(grown < 4_500_000, `three rounds of 24,000 more calls left ${grown} bytes`); // 62 bytes a call
    assert.equal(left, 8000);
    assert.equal(client.counters.inFlight, 0);
    assert.equal(client.counters.connectionsOpened, 1);
  });
});
