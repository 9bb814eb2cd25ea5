import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Slabs } from "@kiteline/net";
import { readMessages, type MessageReceiver, type PartialMessage } from "./message-reader.ts";

class Receiver implements MessageReceiver {
  partial: PartialMessage | undefined = undefined;
  readonly maxReceivedBytes = 1_000_000;
  readonly slabs = new Slabs();
  deaf = false;
  readonly got: [text: string, compressed: boolean, held: number][] = [];

  onMessage(bytes: Buffer, start: number, end: number, compressed: boolean, held: number): void {
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
});
