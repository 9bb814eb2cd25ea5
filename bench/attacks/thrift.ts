/** What an attacker can send to a server of Thrift: many messages that cost it little. Frames are made by hand. */
import { attack, uint32, type Attack } from "./attack.ts";

/** Frames of an attack on one connection. */
const MANY = 20_000;
const [CALL, ONEWAY] = [1, 4] as const;
const STOP = Buffer.of(0);
/** A struct as the first field of another, of a kind that has none. */
const NONSENSE = Buffer.of(12, 0, 1, 99);
/** Of TTHeader. */
const [MULTIPLEXED, STREAMING] = [1, 2] as const;
const NOTHING = Buffer.alloc(0);

export const THRIFT_ATTACKS: Readonly<Record<string, () => Attack>> = {
  "oneway messages": () => flood(() => framed(message(ONEWAY, "echo", STOP))),
  "unknown methods": () => flood(() => framed(message(CALL, "x", STOP))),
  "wrong messages": () => flood(() => framed(message(CALL, "echo", NONSENSE))),
  "messages without a frame": () => flood(() => message(CALL, "echo", STOP)),
  "frames of nothing": () => flood((at) => (at === 0 ? framed(message(CALL, "echo", STOP)) : uint32(0))),
  "TTHeaders that multiplex": () => flood((at) => ttheader(MULTIPLEXED, at + 1, NOTHING, message(CALL, "x", STOP))),
  "TTHeaders of nothing": () => flood((at) => ttheader(0, at + 1, NOTHING, NOTHING)),
  "streams that are reset": () =>
    flood((at) =>
      Buffer.concat([
        ttheader(STREAMING, at + 1, frameType("2", "x"), NOTHING),
        ttheader(STREAMING, at + 1, frameType("5", "x"), message(3, "x", STOP)),
      ]),
    ),
  "frames of no stream": () => flood((at) => ttheader(STREAMING, at + 1, frameType("3", "x"), NOTHING)),
};

function flood(piece: (at: number) => Buffer): Attack {
  return attack(Array.from({ length: MANY }, (_, at) => piece(at)));
}

function framed(bytes: Buffer): Buffer {
  return Buffer.concat([uint32(bytes.byteLength), bytes]);
}

/** In the binary protocol. */
function message(kind: number, name: string, body: Buffer): Buffer {
  return Buffer.concat([uint32((0x8001_0000 | kind) >>> 0), framed(Buffer.from(name)), uint32(1), body]);
}

/** A frame of TTHeader with these sections. */
function ttheader(flags: number, seq: number, sections: Buffer, payload: Buffer): Buffer {
  const words = Math.ceil((2 + sections.byteLength) / 4);
  const header = Buffer.alloc(10 + 4 * words);
  header.writeUInt16BE(0x1000, 0);
  header.writeUInt16BE(flags, 2);
  header.writeUInt32BE(seq, 4);
  header.writeUInt16BE(words, 8);
  header.set(sections, 12);
  return framed(Buffer.concat([header, payload]));
}

/** What a stream's frame is, and its method. */
function frameType(type: string, method: string): Buffer {
  return Buffer.concat([Buffer.of(0x10, 0, 2, 0, 27), short(type), Buffer.of(0, 9), short(method)]);
}

function short(text: string): Buffer {
  return Buffer.concat([Buffer.of(0, text.length), Buffer.from(text)]);
}
