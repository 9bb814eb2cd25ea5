import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Slabs, type Slab } from "@kiteline/net";
import { readMessages, TRUSTED_BYTES, type MessageReceiver, type PartialMessage } from "./message-reader.ts";

class Receiver implements MessageReceiver {
  partial: PartialMessage | undefined = undefined;
  readonly maxReceivedBytes = 1_000_000;
  trustedBytes = TRUSTED_BYTES;
  readonly slabs = new Slabs();
  full = false;
  deaf = false;
  readonly got: [text: string, compressed: boolean, held: number][] = [];

  onMessage(bytes: Buffer, start: number, end: number, compressed: boolean, held: number, _slab?: Slab): void {
    this.got.push([bytes.toString("latin1", start, end), compressed, held]);
  }

  read(...chunks: Buffer[]): void {
    // Somewhere in the middle of a buffer that is used again afterwards.
    for (const chunk of chunks) {
      const bytes = Buffer.concat([Buffer.from("<<"), chunk, Buffer.from(">>")]);
      readMessages(this, bytes, 2, 2 + chunk.byteLength);
      bytes.fill(0xee);
    }
  }
}

function message(text: string, flag = 0): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(text.length, 1);
  return Buffer.concat([prefix, Buffer.from(text, "latin1")]);
}

describe("readMessages", () => {
  it("gives back the memory of a message that cannot be read", () => {
    const receiver = new Receiver();
    receiver.onMessage = () => {
      throw new Error("no message");
    };
    const large = message("x".repeat(100_000));
    readMessages(receiver, large, 0, 10);
    assert.throws(() => readMessages(receiver, large, 10, large.byteLength), /no message/);
    const again = receiver.slabs.borrowLarge(100_000).bytes;
    assert.equal(again.toString("latin1", 5, 15), "x".repeat(10));
  });

  it("finds the messages of a chunk, empty ones too, and whether they are compressed", () => {
    const receiver = new Receiver();
    receiver.read(Buffer.concat([message("a"), message(""), message("bc", 1)]));
    assert.deepEqual(receiver.got, [
      ["a", false, 6],
      ["", false, 5],
      ["bc", true, 7],
    ]);
    assert.equal(receiver.partial, undefined);
  });

  it("finds the same however the data is cut", () => {
    const texts = ["", "one", "x".repeat(300), "", "last"];
    const bytes = Buffer.concat(texts.map((text) => message(text)));
    for (let size = 1; size < 40; size++) {
      const receiver = new Receiver();
      for (let at = 0; at < bytes.byteLength; at += size) receiver.read(bytes.subarray(at, at + size));
      assert.deepEqual(
        receiver.got.map(([text]) => text),
        texts,
      );
      assert.equal(receiver.partial, undefined);
    }
    for (let cut = 0; cut <= bytes.byteLength; cut++) {
      const receiver = new Receiver();
      receiver.read(bytes.subarray(0, cut), bytes.subarray(cut));
      assert.equal(receiver.got.length, texts.length);
    }
  });

  it("counts the bytes that it holds of a message in pieces, less what was said to be consumed", () => {
    const receiver = new Receiver();
    const bytes = message("x".repeat(1000));
    receiver.read(bytes.subarray(0, 400));
    assert.equal(receiver.partial?.held, 400);
    if (receiver.partial !== undefined) receiver.partial.held = 0;
    receiver.read(bytes.subarray(400));
    assert.equal(receiver.got[0]?.[2], 605);
  });

  it("takes large messages together, growing with what has come", () => {
    const receiver = new Receiver();
    const text = "0123456789".repeat(90_000);
    const bytes = message(text);
    for (let at = 0; at < bytes.byteLength; at += 10_000) receiver.read(bytes.subarray(at, at + 10_000));
    assert.equal(receiver.got[0]?.[0], text);
  });

  it("refuses a prefix that is none and a length over the limit, whole or in pieces", () => {
    for (const cut of [0, 1, 4, 5]) {
      const none = message("a", 2);
      assert.throws(() => new Receiver().read(none.subarray(0, cut), none.subarray(cut)), { code: "internal" });
      const large = Buffer.from([0, 0, 0x0f, 0x42, 0x41]);
      assert.throws(() => new Receiver().read(large.subarray(0, cut), large.subarray(cut)), { code: "resource_exhausted" });
    }
  });

  it("stops when nobody hears any more", () => {
    const receiver = new Receiver();
    receiver.onMessage = () => {
      receiver.deaf = true;
      receiver.got.push(["once", false, 0]);
    };
    receiver.read(Buffer.concat([message("a"), message("b"), Buffer.from([0])]));
    assert.equal(receiver.got.length, 1);
    assert.equal(receiver.partial, undefined);
  });

  it("stops before a message that is not taken now, and begins none", () => {
    const receiver = new Receiver();
    const bytes = Buffer.concat([message("a"), message("b"), message("c")]);
    receiver.onMessage = (_bytes, start) => {
      receiver.full = start > 5;
    };
    assert.equal(readMessages(receiver, bytes, 0, bytes.byteLength), 12);
    assert.equal(readMessages(receiver, bytes, 12, 15), 12);
    assert.equal(receiver.partial, undefined);
    receiver.full = false;
    assert.equal(readMessages(receiver, bytes, 12, 15), 15);
  });

  it("gathers large messages in memory that it uses again", () => {
    const receiver = new Receiver();
    const [a, b] = ["a", "b"].map((letter) => message(letter.repeat(600_000)));
    const memory = new Set<ArrayBufferLike>();
    receiver.onMessage = (bytes, start, end) => {
      memory.add(bytes.buffer);
      assert.equal(bytes.toString("latin1", start, end).length, 600_000);
    };
    for (const each of [a, b, a, b]) {
      for (let at = 0; at < 600_005; at += 60_000) receiver.read((each as Buffer).subarray(at, at + 60_000));
    }
    assert.equal(memory.size, 1);
  });

  it("says where the rest of a large message may be read to, and copies nothing that was read there", () => {
    const receiver = new Receiver();
    const text = "0123456789".repeat(60_000);
    const bytes = message(text);
    let at = 100_000;
    receiver.read(bytes.subarray(0, at));
    let direct = 0;
    while (receiver.partial !== undefined) {
      const destination = receiver.partial.destination(500_000);
      const size = Math.min(100_000, destination?.byteLength ?? 1000);
      if (destination === undefined) {
        receiver.read(bytes.subarray(at, at + size));
      } else {
        bytes.copy(destination, 0, at, at + size); // as a socket would
        readMessages(receiver, destination, 0, size);
        direct += size;
      }
      at += size;
    }
    assert.equal(receiver.got[0]?.[0], text);
    assert.ok(direct > 400_000, `${direct} bytes`);
  });

  it("gives no place for what is not worth it or not the message's own", () => {
    const receiver = new Receiver();
    receiver.read(message("x".repeat(200_000)).subarray(0, 100_000));
    const { partial } = receiver;
    assert.deepEqual(
      [10, 60_000, 1_000_000].map((most) => partial?.destination(most)?.byteLength),
      [undefined, 60_000, 100_005],
    );
  });

  it("reserves at once what an earlier message of the stream has had", () => {
    const receiver = new Receiver();
    const bytes = message("x".repeat(900_000));
    for (const expected of [212_144, 262_144]) {
      receiver.read(bytes.subarray(0, 50_000));
      assert.equal(receiver.partial?.destination(1_000_000)?.byteLength, expected);
      receiver.read(bytes.subarray(50_000));
    }
  });

  it("does not use memory again in which a part of the message was kept", () => {
    const receiver = new Receiver();
    const bytes = message("x".repeat(600_000));
    const memory = new Set<ArrayBufferLike>();
    receiver.onMessage = (whole, _start, _end, _compressed, _held, slab) => {
      memory.add(whole.buffer);
      if (slab !== undefined) slab.kept = true;
    };
    for (let time = 0; time < 3; time++) receiver.read(bytes.subarray(0, 300_000), bytes.subarray(300_000));
    assert.equal(memory.size, 3);
  });
});
