/** Bytes that nobody would send: cut, changed and made up. Both ends live, hold little, and end the connection properly or go on. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { FrameType } from "./frame.ts";
import { HpackDecoder, HpackError } from "./hpack/decoder.ts";
import { PlayedClient, PlayedServer, RESPONSE, TRAILERS } from "./played.fixture.ts";
import { PREFACE } from "./preface.ts";
import {
  block,
  data,
  frame,
  GET,
  goAway,
  headers,
  OK,
  ping,
  POST,
  reset,
  settings,
  SETTINGS_ACK,
  uint32,
  windowUpdate,
} from "./raw-frames.fixture.ts";
import { Setting } from "./settings.ts";

/** What honest peers send, of every kind. */
const FROM_CLIENT = [
  PREFACE,
  settings([Setting.INITIAL_WINDOW_SIZE, 1000], [Setting.HEADER_TABLE_SIZE, 100], [0x99, 1]),
  SETTINGS_ACK,
  headers(1, POST),
  data(1, "hello", 0),
  frame(FrameType.DATA, 8, 1, Buffer.concat([Buffer.of(2), Buffer.from("abc"), Buffer.alloc(2)])),
  headers(1, [["x", "y"]], 1),
  headers(3, GET, 1),
  frame(FrameType.HEADERS, 0x29, 5, Buffer.concat([Buffer.of(1), uint32(3), Buffer.of(7), block(GET).subarray(0, 9), Buffer.of(0)])),
  frame(FrameType.CONTINUATION, 4, 5, block(GET).subarray(9)),
  frame(FrameType.PRIORITY, 0, 5, Buffer.concat([uint32(3), Buffer.of(1)])),
  frame(FrameType.HEADERS, 5, 7, Buffer.from("828684418cf1e3c2e5f23a6ba0ab90f4ff400178017a", "hex")),
  ping(1),
  windowUpdate(0, 1000),
  windowUpdate(3, 1000),
  reset(5, 8),
  frame(0x42, 0, 9, Buffer.from("unknown")),
  goAway(0, 0, "bye"),
];
const FROM_SERVER = [
  settings([Setting.MAX_CONCURRENT_STREAMS, 100]),
  SETTINGS_ACK,
  headers(1, [[":status", "103"]]),
  headers(1, OK),
  data(1, "hello"),
  headers(1, [["x", "y"]], 1),
  headers(3, OK, 1),
  reset(5, 7),
  ping(1),
  windowUpdate(0, 1000),
  goAway(5, 0, "bye"),
];

function server(): PlayedServer {
  const played = new PlayedServer();
  played.onStream = (exchange, stream) => {
    try {
      stream.sendHeaders(RESPONSE, undefined, false);
      stream.sendData(Buffer.from("answer"), false);
      if (exchange.complete) stream.sendTrailers(TRAILERS, undefined);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // the peer may take no fields at all
    }
  };
  return played;
}

function client(): PlayedClient {
  const played = new PlayedClient();
  for (let opened = 0; opened < 4; opened++) played.open();
  return played;
}

type Played = PlayedServer | PlayedClient;

/** Whatever came: the end is either alive or has said goodbye, and holds no more than it may. */
function assertSane(played: Played): void {
  const frames = played.takeFrames();
  if (played.connection.ended) {
    assert.ok(frames.some((each) => each.type === FrameType.GOAWAY) || played instanceof PlayedClient, "says goodbye");
    assert.deepEqual([played.h2.inFlight, played.connection.restBytes, played.h2.queuedBytes], [0, 0, 0]);
  }
  assert.ok(played.connection.restBytes < 32_768 && played.h2.heldBytes <= 1 << 24);
  if (played instanceof PlayedServer) {
    for (const { error } of played.logged) assert.fail(`an owner was blamed: ${String(error)}`);
    for (const error of played.misbehaviour) assert.doesNotMatch(error.message, /INTERNAL_ERROR|undefined|NaN/);
  }
}

for (const [who, corpus, make] of [
  ["a server", FROM_CLIENT, server],
  ["a client", FROM_SERVER, client],
] as const) {
  describe(`${who} that is sent`, () => {
    it("honest frames cut anywhere waits for the rest", () => {
      const whole = Buffer.concat(corpus);
      for (let cut = 0; cut <= whole.byteLength; cut++) {
        const played: Played = make();
        played.give(whole.subarray(0, cut));
        assert.ok(played instanceof PlayedServer ? played.misbehaviour.length === 0 : true);
        assertSane(played);
        played.give(whole.subarray(cut));
        assertSane(played);
      }
    });

    it("changed frames does something sane", () => {
      const change = fc.record({ at: fc.nat(), to: fc.nat(255), kind: fc.constantFrom("set", "flip", "insert", "delete") });
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(1000), (changes, cut) => {
          const bytes = Array.from(Buffer.concat(corpus));
          for (const { at, to, kind } of changes) {
            const where = at % bytes.length;
            if (kind === "set") bytes[where] = to;
            else if (kind === "flip") bytes[where] = (bytes[where] as number) ^ (1 << (to & 7));
            else if (kind === "insert") bytes.splice(where, 0, to);
            else bytes.splice(where, 1 + (to & 15));
          }
          const played: Played = make();
          const all = Buffer.from(bytes);
          played.give(all.subarray(0, cut));
          played.give(all.subarray(cut));
          assertSane(played);
        }),
        { numRuns: 2000 },
      );
    });

    it("frames in any order, with any ids, does something sane", () => {
      const any = fc.oneof(
        fc.constantFrom(...corpus.filter((each) => each !== PREFACE)),
        fc
          .tuple(fc.nat(12), fc.nat(255), fc.oneof(fc.nat(9), fc.nat(0xffff_ffff)), fc.uint8Array({ maxLength: 40 }))
          .map(([type, flags, id, payload]) => frame(type, flags, id, payload)),
        fc
          .tuple(fc.nat(9), fc.uint8Array({ maxLength: 60 }), fc.nat(1))
          .map(([id, payload, end]) => frame(FrameType.HEADERS, 4 | end, id, payload)),
      );
      fc.assert(
        fc.property(fc.array(any, { maxLength: 30 }), (frames) => {
          const played: Played = make();
          if (played instanceof PlayedServer) played.give(PREFACE);
          played.give(settings(), SETTINGS_ACK, ...frames);
          assertSane(played);
        }),
        { numRuns: 2000 },
      );
    });

    it("noise does something sane", () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (noise, greeted) => {
          const played: Played = make();
          if (greeted) {
            if (played instanceof PlayedServer) played.give(PREFACE);
            played.give(settings());
          }
          played.give(noise);
          assertSane(played);
        }),
        { numRuns: 1000 },
      );
    });
  });
}

describe("a decoder of header blocks", () => {
  it("takes whatever comes or says why not, and never keeps more than it may", () => {
    const pieces = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc
        .constantFrom(
          "82",
          "be",
          "bf",
          "400161 0162",
          "4101 62",
          "20",
          "3fe11f",
          "1001610162",
          "0f2f0161",
          "408825a849e95ba97d7f8925a849e95bb8e8b4bf",
        )
        .map((hex) => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"))),
    );
    fc.assert(
      fc.property(fc.array(fc.array(pieces, { maxLength: 12 }), { maxLength: 10 }), (blocks) => {
        const decoder = new HpackDecoder();
        try {
          for (const each of blocks) {
            const bytes = Buffer.concat(each);
            decoder.decode(bytes, 0, bytes.byteLength, {
              room: Infinity,
              skip: () => undefined,
              add(name, value) {
                assert.deepEqual([typeof name, typeof value], ["string", "string"]);
              },
            });
            assert.ok(decoder.table.bytes <= 4096 && decoder.table.bytes >= 0);
          }
        } catch (error) {
          if (!(error instanceof HpackError)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});
