import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, it } from "node:test";
import { ManualClock } from "@kiteline/core";
import { Loop } from "@kiteline/net";
import { Background } from "./background.ts";
import { accepts, findCompression, type Compression, type CompressionName } from "./compression.ts";

const BYTES = Buffer.from("abc".repeat(1000));
const LONG = Buffer.from("abc".repeat(1_000_000));

function later(compression: Compression, bytes: Uint8Array, maxBytes: number, background = new Background(new Loop())): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    compression.inflateLater(background, bytes, maxBytes, (error, inflated) => {
      if (error === undefined) resolve(inflated);
      else reject(error);
    });
  });
}

for (const name of ["gzip", "deflate", "zstd"] as const satisfies readonly CompressionName[]) {
  describe(name, () => {
    const compression = findCompression(name) as Compression;

    it("makes less of what repeats, and all of it again", async () => {
      const compressed = compression.compress(BYTES);
      assert.ok(compressed.byteLength > 0 && compressed.byteLength < 200);
      assert.deepEqual(compression.inflate(compressed, BYTES.byteLength), BYTES);
      assert.deepEqual(await later(compression, compressed, BYTES.byteLength), BYTES);
    });

    it("does not have everybody wait for what inflates to much, whether it says so or not", async () => {
      const compressed = Buffer.from(compression.compress(LONG));
      assert.equal(compression.inflate(compressed, LONG.byteLength), undefined);
      const inflated = await later(compression, compressed, LONG.byteLength);
      assert.equal(Buffer.compare(inflated, LONG), 0);
    });

    it("compresses elsewhere what is long", async () => {
      const compressed = await new Promise<Buffer>((resolve) => {
        compression.compressLater(new Background(new Loop()), LONG, (_error, bytes) => resolve(bytes));
      });
      assert.ok(compressed.byteLength < 20_000);
      assert.equal(Buffer.compare(await later(compression, compressed, LONG.byteLength), LONG), 0);
    });

    it("makes no more than it may", async () => {
      const large = compression.compress(LONG);
      const refusal = (most: number): object => ({
        code: "resource_exhausted",
        detail: `a message of ${large.byteLength} bytes inflates to more than ${most} (maxReceivedBytes, maxMessageBytes)`,
      });
      assert.throws(() => compression.inflate(large, 10_000), refusal(10_000));
      await assert.rejects(later(compression, large, 100_000), refusal(100_000));
      await assert.rejects(later(compression, large, LONG.byteLength - 1), { code: "resource_exhausted" });
    });

    it("is refused for what it says of itself, where it can", () => {
      const large = compression.compress(Buffer.alloc(1 << 24));
      if (compression.name === "gzip") assert.throws(() => compression.inflate(large, 1 << 23), { code: "resource_exhausted" });
      else assert.equal(compression.inflate(large, 1 << 23), undefined);
    });

    it("is not done while everybody waits where few bytes become many", () => {
      const much = compression.compress(Buffer.alloc(17_000));
      assert.equal(compression.inflate(much, 100_000), undefined);
      assert.equal(compression.inflate(compression.compress(Buffer.alloc(16_000)), 100_000)?.byteLength, 16_000);
    });

    it("says what is broken, wherever it was cut or changed", async () => {
      const compressed = Buffer.from(compression.compress(BYTES));
      for (let length = 0; length < compressed.byteLength; length++) {
        assert.throws(() => compression.inflate(compressed.subarray(0, length), 10_000), { code: "internal" }, String(length));
      }
      const nothing = Buffer.from("no such thing");
      assert.throws(() => compression.inflate(nothing, 10_000), { code: "internal" });
      await assert.rejects(later(compression, nothing, 10_000), { code: "internal" });
      const long = Buffer.from(compression.compress(LONG));
      await assert.rejects(later(compression, long.subarray(0, long.byteLength - 9), LONG.byteLength), { code: "internal" });
    });
  });
}

describe("gzip of several members, whose end speaks of the last alone", () => {
  it("is inflated whole", async () => {
    const gzip = findCompression("gzip") as Compression;
    const both = Buffer.concat([gzip.compress(LONG), gzip.compress(BYTES)]);
    assert.equal(gzip.inflate(both, 10_000_000), undefined);
    assert.equal((await later(gzip, both, 10_000_000)).byteLength, LONG.byteLength + BYTES.byteLength);
  });
});

describe("Background", () => {
  it("does one thing after the other, as they came, and leaves out what was given up", async () => {
    const gzip = findCompression("gzip") as Compression;
    const background = new Background(new Loop());
    const compressed = gzip.compress(LONG);
    const done: number[] = [];
    await new Promise<void>((resolve) => {
      const jobs = [0, 1, 2, 3].map((at) =>
        gzip.inflateLater(background, compressed, LONG.byteLength, () => {
          done.push(at);
          if (at === 3) resolve();
        }),
      );
      jobs[0]?.cancel(); // under way
      jobs[2]?.cancel();
    });
    assert.deepEqual(done, [1, 3]);
    assert.equal(background.idle, true);
  });

  it("rests when it is told to, and goes on then", async () => {
    const gzip = findCompression("gzip") as Compression;
    const clock = new ManualClock();
    const background = new Background(new Loop(clock));
    const compressed = gzip.compress(LONG);
    await later(gzip, compressed, LONG.byteLength, background);
    background.rest(100);
    background.rest(5000); // it rests already
    let done = false;
    const next = later(gzip, compressed, LONG.byteLength, background).then(() => (done = true));
    clock.advance(99);
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([done, background.idle], [false, false]);
    clock.advance(1);
    await next;
    assert.equal(background.idle, true);
  });

  it("rests when what blew up has taken long together, however little each of it", () => {
    const clock = new ManualClock();
    const background = new Background(new Loop(clock));
    assert.deepEqual([background.charge(0.5), background.charge(0.5), background.resting], [0, 0, false]);
    assert.deepEqual([background.charge(0.25), background.resting], [1.25, true]);
    clock.advance(4.9);
    assert.equal(background.resting, true);
    clock.advance(0.1);
    assert.equal(background.resting, false);
    assert.deepEqual([background.charge(1), background.charge(30)], [0, 31], "it has begun anew");
  });

  it("keeps nothing of what is given up before its turn", async () => {
    const gzip = findCompression("gzip") as Compression;
    const clock = new ManualClock();
    const background = new Background(new Loop(clock));
    background.rest(100);
    const [given, fine] = [BYTES, LONG].map((bytes) => gzip.compressLater(background, bytes, () => undefined));
    given?.cancel();
    assert.equal(background.idle, false);
    fine?.cancel();
    assert.equal(background.idle, true);
    clock.advance(100);
    assert.deepEqual(await later(gzip, gzip.compress(BYTES), 10_000, background), BYTES);
  });

  it("tells of what cannot even be begun, and goes on, whether or not it was given up meanwhile", async () => {
    const gzip = findCompression("gzip") as Compression;
    const background = new Background(new Loop());
    const make = (): never => {
      throw new RangeError("no memory");
    };
    const work = { make, bytes: BYTES, expectedBytes: 0, maxBytes: 10 };
    background.add(work, () => assert.fail("it was given up")).cancel();
    const told: (string | undefined)[] = [];
    background.add(work, (error) => told.push(error?.message));
    assert.deepEqual(told, [], "nobody is told before there is a job");
    assert.deepEqual(await later(gzip, gzip.compress(BYTES), 10_000, background), BYTES);
    assert.deepEqual(told, ["no memory"]);
    assert.equal(background.idle, true);
    // And what turns out to be more than there is memory for.
    const endless = { make: () => new PassThrough(), bytes: BYTES, expectedBytes: Number.MAX_SAFE_INTEGER, maxBytes: Infinity };
    assert.match(String(await new Promise((resolve) => background.add(endless, resolve))), /RangeError/);
    assert.equal(background.idle, true);
  });

  it("does what blows up in parts, while others are busy, and does not count the time between", async () => {
    const gzip = findCompression("gzip") as Compression;
    const clock = new ManualClock();
    const loop = new Loop(clock);
    for (let each = 0; each < 2; each++) loop.isBusy({ flush: () => undefined });
    const megabyte = 1 << 20;
    const bomb = gzip.compress(Buffer.alloc(megabyte));
    let took: number | undefined;
    const done = new Promise<Buffer>((resolve) => {
      gzip.inflateLater(new Background(loop), bomb, megabyte, (_error, bytes, tookMs) => {
        took = tookMs;
        resolve(bytes);
      });
    });
    const waiting = async (): Promise<void> => {
      for (let turn = 0; turn < 5000 && loop.slowLane.size === 0 && took === undefined; turn++)
        await new Promise((resolve) => setImmediate(resolve));
    };
    await waiting();
    let parts = 1;
    for (; took === undefined && parts < 100; parts++) {
      assert.equal(loop.slowLane.size, 1);
      clock.advance(2);
      await waiting();
    }
    assert.ok(parts > 8 && parts <= 16, `${parts} parts of 64 KB, the first four of which make it one`);
    assert.deepEqual([(await done).byteLength, took], [megabyte, 0]);
  });

  it("does what does not blow up at once, and leaves the slow lane when it is given up", async () => {
    const gzip = findCompression("gzip") as Compression;
    const loop = new Loop(new ManualClock());
    for (let each = 0; each < 2; each++) loop.isBusy({ flush: () => undefined });
    const background = new Background(loop);
    const numbers = Buffer.from(Array.from({ length: 200_000 }, (_, at) => at).join());
    assert.deepEqual(await later(gzip, gzip.compress(numbers), numbers.byteLength, background), numbers);
    const bomb = gzip.compress(Buffer.alloc(1 << 24));
    const jobs = [0, 1].map(() => gzip.inflateLater(new Background(loop), bomb, 1 << 24, () => assert.fail("it was given up")));
    const end = performance.now() + 60_000; // another thread does it, when the machine lets it
    while (loop.slowLane.size === 0 && performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
    assert.ok(loop.slowLane.size > 0);
    for (const job of jobs) job.cancel();
    assert.equal(loop.slowLane.size, 0);
  });

  it("goes on behind what is broken", async () => {
    const gzip = findCompression("gzip") as Compression;
    const background = new Background(new Loop());
    const broken = later(gzip, Buffer.from("no such thing"), 10, background);
    const fine = later(gzip, gzip.compress(BYTES), 10_000, background);
    await assert.rejects(broken, { code: "internal" });
    assert.deepEqual(await fine, BYTES);
  });
});

describe("findCompression", () => {
  it("knows no other", () => {
    for (const name of [undefined, "identity", "snappy", "GZIP", ""]) assert.equal(findCompression(name), undefined);
  });
});

describe("accepts", () => {
  const gzip = findCompression("gzip");

  it("is a name in a list, with or without a weight, unless that is 0", () => {
    assert.ok(gzip !== undefined);
    for (const list of ["gzip", "deflate, gzip", "br,gzip;q=0.5", "gzip; q=1.0"]) assert.equal(accepts(list, gzip), true, list);
    for (const list of [undefined, "", "deflate", "gzipped", "gzip;q=0", "br, gzip; q=0.0"])
      assert.equal(accepts(list, gzip), false, String(list));
  });
});
