import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MessageQueue, RpcError } from "@kiteline/core";
import { resolveHttp2Options } from "@kiteline/http2";
import { Loop } from "@kiteline/net";
import { Background } from "./background.ts";
import { Buffered, BufferLimits } from "./buffered.ts";
import { findCompression, type Compression } from "./compression.ts";
import { Incoming, takeOneMessage, type IncomingContext, type IncomingOwner } from "./incoming.ts";

const GZIP = findCompression("gzip") as Compression;
const MOST = 2_000_000;

function connection(maxBufferedBytes: number): IncomingContext & { readonly buffered: Buffered } {
  const limits = new BufferLimits(resolveHttp2Options({ maxBufferedBytes }), MOST);
  const loop = new Loop();
  return { slabs: loop.slabs, background: new Background(loop), buffered: new Buffered(limits) };
}

/** A stream of texts, whose bytes are counted until they are said to be consumed. */
class Stream implements IncomingOwner {
  readonly context: IncomingContext;
  readonly maxReceivedBytes = MOST;
  readonly source: this = this;
  readonly queue: MessageQueue<string> | undefined;
  deaf = false;
  /** Bytes that came and were not said to be consumed: never more than a window. */
  held = 0;
  /** The only message. */
  only: string | undefined;
  /** Of the texts that wait for their reader. */
  unreadBytes = 0;
  error: Error | undefined;
  #incoming: Incoming | undefined;

  constructor(context: IncomingContext, streams: boolean) {
    this.context = context;
    this.queue = streams ? new MessageQueue<string>(this) : undefined;
  }

  receive(bytes: Buffer): void {
    if (this.deaf) return;
    this.held += bytes.byteLength;
    try {
      if (this.#incoming !== undefined || !takeOneMessage(this, bytes, 0, bytes.byteLength)) {
        (this.#incoming ??= new Incoming(this)).receive(bytes, 0, bytes.byteLength);
      }
    } catch (error) {
      this.onUnreadable(error as Error);
    }
    this.#incoming?.onReadOn();
  }

  /** Has all that was received been read? */
  get idle(): boolean {
    return this.#incoming?.backlog === undefined;
  }

  consumed(bytes: number): void {
    this.held -= bytes;
    assert.ok(this.held >= 0);
  }

  read(bytes: Buffer, start: number, end: number): string {
    this.unreadBytes += end - start;
    return bytes.toString("latin1", start, end);
  }

  inflater(): Compression {
    return GZIP;
  }

  onInflated(): void {}

  onOnly(message: unknown): void {
    this.only = message as string;
  }

  tooMany(): Error {
    return new RpcError("unimplemented", "more than one");
  }

  taken(bytes: number): void {
    if (this.#incoming === undefined) this.consumed(bytes);
    else this.#incoming.taken(bytes);
  }

  left(): void {
    this.#end();
  }

  onUnreadable(error: Error): void {
    this.error = error;
    this.queue?.fail(error);
    this.#end();
  }

  /** As when the call is cancelled, or reset. */
  abort(): void {
    this.queue?.abort(new Error("over"));
    this.#end();
  }

  #end(): void {
    this.deaf = true;
    this.#incoming?.drop();
  }

  /** What is read of it next, if anything waits. */
  async take(): Promise<string | undefined> {
    if (this.queue === undefined || this.queue.empty) return undefined;
    const { value } = await this.queue.next();
    this.unreadBytes -= value?.length ?? 0;
    return value;
  }
}

function frame(content: Uint8Array, flag: number): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(content.byteLength, 1);
  return Buffer.concat([prefix, content]);
}

/** The same numbers, from 0 to 1, for the same seed (a linear congruential generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 0x1_0000_0000;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("messages that come on the streams of a connection, cut anywhere, read now and then, and left at any time", () => {
  /** Sizes as different as they come: most are small. */
  const text = (random: () => number): string => {
    const size = Math.floor(MOST * random() ** 6);
    // What can be compressed, and what cannot.
    if (random() < 0.5) return "a".repeat(size);
    return Buffer.from(Array.from({ length: Math.min(size, 300_000) }, () => Math.floor(256 * random()))).toString("latin1");
  };

  for (let seed = 1; seed <= 12; seed++) {
    it(`are whole and in order; nothing is held that is not counted, and in the end nothing at all (${seed})`, async () => {
      const random = numbers(seed);
      const context = connection(Infinity);
      const streams = Array.from({ length: 4 }, () => {
        const texts = Array.from({ length: 1 + Math.floor(20 * random()) }, () => text(random));
        const bytes = Buffer.concat(
          texts.map((each) => {
            const content = Buffer.from(each, "latin1");
            return random() < 0.3 ? frame(GZIP.compress(content), 1) : frame(content, 0);
          }),
        );
        return { stream: new Stream(context, true), texts, bytes, at: 0, got: 0 };
      });
      const leaves = random() < 0.5;
      for (let active = [...streams]; active.length > 0; active = active.filter((each) => !each.stream.deaf)) {
        const each = active[Math.floor(random() * active.length)] as (typeof streams)[number];
        const { stream, bytes, texts } = each;
        const what = random();
        if (what < 0.6) {
          const size = Math.min(bytes.byteLength - each.at, Math.ceil(400_000 * random() ** 3), 524_288 - stream.held);
          if (size > 0) stream.receive(bytes.subarray(each.at, (each.at += size)));
        } else if (what < 0.99 || !leaves) {
          const got = await stream.take();
          if (got !== undefined) assert.ok(got === texts[each.got++], `message ${each.got}`);
          else await turn();
        } else if (what < 0.995) {
          stream.abort();
        } else {
          void stream.queue?.return();
        }
        assert.equal(stream.error, undefined);
        assert.ok(stream.held <= 524_288);
        const counted = context.buffered.bytes + streams.reduce((sum, { stream: { held } }) => sum + 2 * held, 0);
        const unread = streams.reduce((sum, { stream: { deaf, unreadBytes } }) => sum + (deaf ? 0 : unreadBytes), 0);
        assert.ok(unread <= counted + streams.length * 65_536, `${unread} bytes wait, ${counted} are counted`);
        if (each.got === texts.length) {
          assert.deepEqual([stream.held, each.at], [0, bytes.byteLength]);
          stream.abort();
        }
      }
      while (!context.background.idle) await turn();
      assert.deepEqual([context.buffered.bytes, ...streams.map(({ stream }) => stream.held)], [0, 0, 0, 0, 0]);
    });
  }
});
