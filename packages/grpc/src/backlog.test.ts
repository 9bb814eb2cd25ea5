import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MessageQueue } from "@kiteline/core";
import { Loop, Slabs, type Slab } from "@kiteline/net";
import { Background } from "./background.ts";
import { Backlog, receiveMessages, type BacklogReceiver } from "./backlog.ts";
import { findCompression, type Compression } from "./compression.ts";
import { MOST_SURPLUS_BYTES, TRUSTED_BYTES, type PartialMessage } from "./message-reader.ts";

const GZIP = findCompression("gzip") as Compression;

/** A stream whose messages are texts. */
class Stream implements BacklogReceiver {
  partial: PartialMessage | undefined = undefined;
  backlog: Backlog | undefined = undefined;
  readonly maxReceivedBytes = 4_000_000;
  trustedBytes = TRUSTED_BYTES;
  readonly slabs = new Slabs();
  readonly background = new Background(new Loop());
  readonly queue: MessageQueue<string> = new MessageQueue<string>(this);
  deaf = false;
  held = 0;
  decoded = 0;
  error: Error | undefined;
  #onInflated: () => void = () => undefined;

  get full(): boolean {
    return this.queue.surplus > MOST_SURPLUS_BYTES || this.backlog?.inflating === true;
  }

  receive(bytes: Buffer): void {
    this.held += bytes.byteLength;
    receiveMessages(this, bytes, 0, bytes.byteLength);
  }

  end(): void {
    if (this.backlog === undefined) this.queue.end();
    else this.backlog.whenRead(() => this.queue.end());
  }

  onMessage(bytes: Buffer, start: number, end: number, compressed: boolean, held: number, slab?: Slab): void {
    if (compressed) (this.backlog ??= new Backlog(this)).inflate(this.background, GZIP, bytes.subarray(start, end), held, slab);
    else this.#push(bytes.toString("latin1", start, end), held, held);
  }

  /** Until the next message that is inflated elsewhere has come from there. */
  get inflated(): Promise<void> {
    return new Promise((resolve) => (this.#onInflated = resolve));
  }

  onInflated(bytes: Buffer, _compressedBytes: number, held: number): void {
    this.#push(bytes.toString("latin1"), held, bytes.byteLength);
    this.#onInflated();
  }

  #push(text: string, held: number, size: number): void {
    this.decoded++;
    this.queue.push(text, held, size);
  }

  onUnreadable(error: Error): void {
    this.error = error;
    this.queue.fail(error);
  }

  onReadOn(): void {}

  taken(bytes: number): void {
    this.held -= bytes;
    if (2 * this.queue.surplus <= MOST_SURPLUS_BYTES) this.backlog?.readOn();
  }

  left(): void {}
}

function message(text: string): Buffer {
  return frame(Buffer.from(text, "latin1"), 0);
}

function compressed(text: string): Buffer {
  return frame(GZIP.compress(Buffer.from(text, "latin1")), 1);
}

function frame(content: Uint8Array, flag: number): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(content.byteLength, 1);
  return Buffer.concat([prefix, content]);
}

describe("a stream whose reader is slow", () => {
  it("holds a bounded number of messages as objects, and the others as they came", () => {
    const stream = new Stream();
    const empty = Buffer.concat(new Array<Buffer>(2000).fill(message("")));
    for (let i = 0; i < 100; i++) stream.receive(empty);
    assert.ok(stream.decoded > 50 && stream.decoded < 200, `${stream.decoded} messages`);
    assert.equal(stream.held, 100 * empty.byteLength);
    assert.equal((stream.backlog?.held ?? 0) + stream.decoded * 5, stream.held);
  });

  it("holds a million of them in hardly more memory than they have bytes", () => {
    const stream = new Stream();
    const empty = Buffer.concat(new Array<Buffer>(10_000).fill(message("")));
    const before = process.memoryUsage();
    for (let i = 0; i < 100; i++) stream.receive(empty);
    const after = process.memoryUsage();
    const grown = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
    assert.ok(grown < 2 * stream.held, `${grown} bytes for ${stream.held}`);
  });

  it("does once what is to be done when all has been read", () => {
    const stream = new Stream();
    const backlog = new Backlog(stream);
    stream.backlog = backlog;
    let times = 0;
    backlog.whenRead(() => {
      times++;
      backlog.readOn();
    });
    backlog.readOn();
    backlog.readOn();
    assert.equal(times, 1);
  });

  it("gives them out in order, whole, and then the end, however they came", async () => {
    const texts = Array.from({ length: 3000 }, (_, at) => (at % 500 === 499 ? "x".repeat(100_000) : `${at}`));
    const bytes = Buffer.concat(texts.map(message));
    for (const size of [1, 7, 16_384, bytes.byteLength]) {
      const stream = new Stream();
      const part = size === 1 ? bytes.subarray(0, 20_000) : bytes;
      for (let at = 0; at < part.byteLength; at += size) stream.receive(part.subarray(at, at + size));
      stream.end();
      assert.ok(stream.backlog !== undefined);
      const read = await Array.fromAsync(stream.queue);
      assert.deepEqual(read, texts.slice(0, read.length));
      assert.ok(size === 1 ? read.length > 400 : read.length === texts.length);
      assert.equal(stream.backlog, undefined);
      // Not of the one that the last piece has cut off.
      assert.equal(stream.held, size === 1 ? (stream.partial?.held ?? 0) : 0);
    }
  });

  it("is told of what cannot be read behind what can", async () => {
    const stream = new Stream();
    stream.receive(Buffer.concat([...new Array<Buffer>(1000).fill(message("a")), Buffer.from([9, 0, 0, 0, 0])]));
    const read: string[] = [];
    await assert.rejects(
      async () => {
        for await (const text of stream.queue) read.push(text);
      },
      { code: "internal" },
    );
    assert.equal(read.length, 1000);
  });
});

describe("a message that is inflated elsewhere", () => {
  const long = "long".repeat(200_000);

  it("is not overtaken by what comes behind it, nor by the end", async () => {
    const stream = new Stream();
    const all = Buffer.concat([message("a"), compressed(long), message("b"), compressed("c"), compressed(long), message("d")]);
    stream.receive(all.subarray(0, 100));
    stream.receive(all.subarray(100));
    stream.end();
    assert.equal(stream.decoded, 1);
    assert.deepEqual(await Array.fromAsync(stream.queue), ["a", long, "b", "c", long, "d"]);
    assert.equal(stream.held, 0);
  });

  it("waits for its reader before the next one is inflated", async () => {
    const stream = new Stream();
    for (let i = 0; i < 5; i++) stream.receive(compressed(long));
    stream.end();
    await stream.inflated;
    for (let turn = 0; turn < 10; turn++) await turnOver();
    assert.deepEqual([stream.decoded, stream.background.idle], [1, true]);
    assert.equal((await stream.queue.next()).value, long);
    await stream.inflated;
    for (let turn = 0; turn < 10; turn++) await turnOver();
    assert.deepEqual([stream.decoded, stream.background.idle], [2, true]);
    assert.equal((await Array.fromAsync(stream.queue)).length, 4);
  });

  it("may turn out to be none, which is told with the time that it took", async () => {
    const stream = new Stream();
    const broken = compressed(long);
    broken.fill(0, 400, 600);
    stream.receive(Buffer.concat([message("a"), broken, message("b")]));
    assert.equal((await stream.queue.next()).value, "a");
    await assert.rejects(stream.queue.next(), { code: "internal" });
    assert.equal(stream.decoded, 1);
  });

  it("is forgotten with its stream", async () => {
    const stream = new Stream();
    stream.receive(compressed(long));
    stream.receive(message("b"));
    const { backlog } = stream;
    assert.equal(backlog?.held, stream.held);
    stream.deaf = true;
    backlog?.drop();
    assert.deepEqual([backlog?.held, stream.background.idle], [0, true]);
    for (let turn = 0; turn < 10; turn++) await turnOver();
    assert.equal(stream.decoded, 0);
  });
});

function turnOver(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
