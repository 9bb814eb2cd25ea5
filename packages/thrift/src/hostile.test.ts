/** Kitex's messages, cut everywhere and changed at random, through everything that reads messages. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Method } from "@kiteline/core";
import { DecodeError, EXCEPTION, MessageHead, REPLY, RequestFrame, type PayloadFormat } from "@kiteline/net";
import { written } from "./bytes.fixture.ts";
import { genericService, thriftBinary, thriftCompact, ThriftServerWire } from "./index.ts";
import { messageVectors, vectorIdl } from "./vectors.fixture.ts";

const CHANGES_PER_MESSAGE = 400;
const TELLING = [0, 1, 2, 0x0b, 0x0c, 0x0d, 0x0f, 0x7f, 0x80, 0x82, 0xff];

const idl = await vectorIdl();
const binary = thriftBinary();
const compact = thriftCompact();
const head = new MessageHead();
const wires = [true, false].map((framed) => new ThriftServerWire({ formats: [binary, compact], framed }));

interface Sample {
  readonly format: PayloadFormat;
  readonly method: Method;
  readonly bytes: Buffer;
}

const samples: Sample[] = [];
for (const mode of ["map", "json", "binary"] as const) {
  for (const vector of messageVectors) {
    if (vector.protocol !== "buffered") continue;
    const { methods } = await genericService(idl, vector.service, { mode });
    const method = methods[vector.method] as Method;
    const bytes = Buffer.from(vector.hex, "hex");
    samples.push({ format: binary, method, bytes }, { format: compact, method, bytes: asCompact(method, bytes) });
  }
}

/** The same message in the compact protocol. */
function asCompact(method: Method, bytes: Buffer): Buffer {
  const value = read(binary, method, bytes);
  const { kind, name, seq, thrown } = head;
  return written((out) => {
    if (thrown) compact.writeError(out, method, name, seq, value as Error);
    else if (kind === REPLY) compact.writeReply(out, method, seq, value);
    else compact.writeRequest(out, method, seq, value);
  });
}

function read(format: PayloadFormat, method: Method, bytes: Buffer): unknown {
  format.readHead(bytes, 0, bytes.byteLength, head);
  return head.kind === REPLY || head.kind === EXCEPTION ? format.readReply(head, method) : format.readRequest(head, method);
}

describe("a message of Kitex", () => {
  it("that is cut anywhere is an error, and known to be unfinished", () => {
    for (const { format, method, bytes } of samples) {
      assert.equal(format.makeFramer()(bytes, 0, bytes.byteLength), bytes.byteLength);
      const framer = format.makeFramer();
      for (let end = 0; end < bytes.byteLength; end++) {
        const cut = bytes.subarray(0, end);
        assert.throws(() => read(format, method, cut), DecodeError);
        const length = framer(bytes, 0, end);
        assert.ok(length > end && length <= bytes.byteLength, `${length} for ${end} of ${bytes.byteLength}`);
      }
    }
  });

  it("that is changed at random is read or refused, by a DecodeError, whoever reads it", () => {
    const random = lcg(20_261);
    const frame = new RequestFrame();
    let refused = 0;
    for (const { format, method, bytes } of samples) {
      for (let i = 0; i < CHANGES_PER_MESSAGE; i++) {
        const changed = Buffer.from(bytes);
        for (let k = random(3); k >= 0; k--)
          changed[random(changed.byteLength)] = random(2) === 0 ? (TELLING[random(TELLING.length)] as number) : random(256);
        refused += attempt(() => read(format, method, changed));
        attempt(() => format.makeFramer()(changed, 0, changed.byteLength));
        for (const wire of wires) {
          attempt(() => {
            if (wire.recognise(changed, 0, changed.byteLength) !== true) return;
            const length = wire.makeFramer()(changed, 0, changed.byteLength);
            if (length === 0 || length > changed.byteLength) return;
            wire.open(changed, 0, length, frame);
            wire.read(frame, method);
          });
        }
      }
    }
    assert.ok(refused > samples.length, "changes that do no harm prove nothing");
  });
});

/** 1 when refused. */
function attempt(work: () => void): number {
  try {
    work();
    return 0;
  } catch (error) {
    if (error instanceof DecodeError) return 1;
    throw error;
  }
}

/** Numbers below a limit, the same in every run. */
function lcg(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
