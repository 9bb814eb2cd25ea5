import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemClock } from "@kiteline/core";
import { DecodeError } from "@kiteline/net";
import fc from "fast-check";
import { CORPUS } from "./corpus.fixture.ts";
import { DynamicCodec } from "./dynamic/dynamic-codec.ts";
import { decode, encode } from "./encode.ts";
import { file } from "./everything.fixture.ts";
import { randomMessage, withImports } from "./random-messages.fixture.ts";
import { messagesOf } from "./schema/model.ts";
import { codecOf, linkDescriptors, schemaOf } from "./schema/schema-of.ts";

const TYPES = messagesOf(schemaOf(file));

const LINKED = linkDescriptors([...withImports(schemaOf(file))].map((each) => each.proto)).at(-1)!;

/** The generated codec of a type and the one that follows its descriptor. */
function codecsOf(name: string): readonly ReturnType<typeof codecOf>[] {
  const linked = LINKED.declared.get(name);
  assert.ok(linked?.kind === "message");
  const dynamic = codecOf(linked);
  assert.ok(dynamic instanceof DynamicCodec);
  return [codecOf(TYPES.find((each) => each.name === name)!), dynamic];
}

const anyMessage = fc.oneof(
  ...TYPES.map((type) => randomMessage(type).map((value) => ({ codec: codecOf(type), bytes: encode(codecOf(type), value) }))),
);

/** Reads, or is told that it cannot be done; anything else is a fault. */
function attempt(codec: ReturnType<typeof codecOf>, bytes: Uint8Array): unknown {
  try {
    return decode(codec, bytes);
  } catch (error) {
    assert.ok(error instanceof DecodeError, String(error));
    return undefined;
  }
}

describe("bytes that are no message", () => {
  it("cut anywhere, end in an error or a message that can be written", () => {
    fc.assert(
      fc.property(anyMessage, ({ codec, bytes }) => {
        for (let length = 0; length < Math.min(bytes.length, 400); length++) {
          const read = attempt(codec, bytes.subarray(0, length));
          if (read !== undefined) encode(codec, read);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("changed anywhere, do so too, and what is read comes back", () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(anyMessage, changes, ({ codec, bytes }, changed) => {
        if (bytes.length === 0) return;
        for (const [at, value] of changed) bytes[at % bytes.length] = value;
        const read = attempt(codec, bytes);
        if (read !== undefined) assert.deepEqual(decode(codec, encode(codec, read)), read);
      }),
      { numRuns: 3000 },
    );
  });

  it("of no message at all do so too", () => {
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), fc.uint8Array({ maxLength: 64 }), (type, bytes) => {
        attempt(codecOf(type), bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it("are told from those that are alike with and without generated code: kept messages, cut and changed in every place", () => {
    for (const [name, hex] of CORPUS) {
      const [generated, dynamic] = codecsOf(name);
      const bytes = Buffer.from(hex, "hex");
      const alike = (given: Uint8Array, where: string): void => {
        const read = attempt(generated!, given);
        assert.deepEqual(attempt(dynamic!, given), read, `${name} ${where}`);
        if (read !== undefined) assert.deepEqual(decode(generated!, encode(generated!, read)), read, `${name} ${where}`);
      };
      assert.notEqual(attempt(generated!, bytes), undefined, `${name} ${hex}`);
      for (let at = 0; at <= bytes.length; at++) alike(bytes.subarray(0, at), `cut at ${at}`);
      for (let at = 0; at < bytes.length; at++) {
        for (const change of [0x01, 0x02, 0x04, 0x08, 0x40, 0x80, 0xff]) {
          const changed = Buffer.from(bytes);
          changed[at]! ^= change;
          alike(changed, `changed by ${change} at ${at}`);
        }
      }
    }
  });

  it("with lengths beyond them, take no memory", () => {
    const codec = codecOf(TYPES[2]!);
    for (const text of [
      "7affffffff07",
      "7affffffff0f",
      "7affffffffffffffffff01",
      "7280808080808080808080",
      "1a808080800800",
      "9b01",
      "9b01a401",
      "0c",
      "06",
      "07",
      "00",
      "0100",
      "800000",
    ]) {
      assert.throws(() => decode(codec, Buffer.from(text, "hex")), DecodeError, text);
    }
  });

  it("are given up where their numbers are chosen so that they collide as keys", (t) => {
    let nowMs = 0;
    let stepMs = 0;
    t.mock.method(systemClock, "now", () => (nowMs += stepMs));
    const entries = { byInt32: new Map(Array.from({ length: 5000 }, (_, i) => [i, 0.5])) };
    for (const codec of codecsOf("everything.Maps")) {
      const bytes = encode(codec, entries);
      stepMs = 1;
      decode(codec, bytes);
      stepMs = 1000;
      assert.throws(() => decode(codec, bytes), { name: "DecodeError", message: /collide/ });
    }
  });
});
