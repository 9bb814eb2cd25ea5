/** Frames by hand, for peers that tests play: no rule of the protocol is kept here unless the test keeps it. */
import { FrameType } from "./frame.ts";
import { PREFACE } from "./preface.ts";

export interface RawFrame {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly payload: Buffer;
}

export function frame(type: number, flags: number, id: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(9 + payload.byteLength);
  bytes.writeUIntBE(payload.byteLength, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(id, 5);
  bytes.set(payload, 9);
  return bytes;
}

/** The whole frames in `bytes`, which may begin with the preface. */
export function parseFrames(bytes: Buffer): RawFrame[] {
  const frames: RawFrame[] = [];
  let at = bytes.subarray(0, PREFACE.length).equals(PREFACE) ? PREFACE.length : 0;
  while (at + 9 <= bytes.byteLength) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    if (end > bytes.byteLength) break;
    frames.push({
      type: bytes[at + 3] as number,
      flags: bytes[at + 4] as number,
      id: bytes.readUInt32BE(at + 5),
      payload: bytes.subarray(at + 9, end),
    });
    at = end;
  }
  return frames;
}

export function uint32(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [at, number] of numbers.entries()) bytes.writeUInt32BE(number >>> 0, 4 * at);
  return bytes;
}

export function settings(...entries: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(6 * entries.length);
  for (const [at, [id, value]] of entries.entries()) {
    payload.writeUInt16BE(id, 6 * at);
    payload.writeUInt32BE(value, 6 * at + 2);
  }
  return frame(FrameType.SETTINGS, 0, 0, payload);
}

export const SETTINGS_ACK: Buffer = frame(FrameType.SETTINGS, 1, 0);

export function windowUpdate(id: number, increment: number): Buffer {
  return frame(FrameType.WINDOW_UPDATE, 0, id, uint32(increment));
}

export function reset(id: number, code: number): Buffer {
  return frame(FrameType.RST_STREAM, 0, id, uint32(code));
}

export function ping(number = 0): Buffer {
  return frame(FrameType.PING, 0, 0, uint32(0, number));
}

export function goAway(lastId: number, code: number, debug = ""): Buffer {
  return frame(FrameType.GOAWAY, 0, 0, Buffer.concat([uint32(lastId, code), Buffer.from(debug)]));
}

export function data(id: number, payload: Uint8Array | string, flags = 0): Buffer {
  return frame(FrameType.DATA, flags, id, Buffer.from(payload as string));
}

export type RawFields = readonly (readonly [name: string, value: string])[];

/** A header block without any table or Huffman code. */
export function block(fields: RawFields): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)]));
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "latin1");
  const length = bytes.byteLength < 127 ? [bytes.byteLength] : [127, ...septets(bytes.byteLength - 127)];
  return Buffer.concat([Buffer.from(length), bytes]);
}

function septets(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...septets(value >>> 7)];
}

/** HEADERS with END_HEADERS. */
export function headers(id: number, fields: RawFields, flags = 0): Buffer {
  return frame(FrameType.HEADERS, 4 | flags, id, block(fields));
}

export const GET: RawFields = [
  [":method", "GET"],
  [":scheme", "http"],
  [":path", "/"],
];
export const POST: RawFields = [
  [":method", "POST"],
  [":scheme", "http"],
  [":path", "/"],
  [":authority", "here"],
];
export const OK: RawFields = [[":status", "200"]];
