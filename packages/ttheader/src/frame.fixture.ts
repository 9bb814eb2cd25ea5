/** TTHeader frames as tests write and read them: apart from the code they test, so that both must agree. */
import { Output, Slabs } from "@kiteline/net";

export interface FrameParts {
  readonly flags?: number;
  readonly seq?: number;
  readonly protocolId?: number;
  readonly transforms?: readonly number[];
  /** Sections as bytes, in this order. */
  readonly sections?: readonly Buffer[];
  /** Padding before, between or after them is part of the sections; without any the header is padded as it must be. */
  readonly payload?: Buffer;
}

export function frame({
  flags = 0,
  seq = 1,
  protocolId = 0,
  transforms = [],
  sections = [],
  payload = Buffer.alloc(0),
}: FrameParts): Buffer {
  const header = Buffer.concat([Buffer.from([protocolId, transforms.length, ...transforms]), ...sections]);
  const padding = Buffer.alloc(-header.byteLength & 3);
  const fixed = Buffer.alloc(14);
  fixed.writeUInt32BE(10 + header.byteLength + padding.byteLength + payload.byteLength);
  fixed.writeUInt16BE(0x1000, 4);
  fixed.writeUInt16BE(flags, 6);
  fixed.writeInt32BE(seq, 8);
  fixed.writeUInt16BE((header.byteLength + padding.byteLength) / 4, 12);
  return Buffer.concat([fixed, header, padding, payload]);
}

export function strings(pairs: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(pairs);
  return Buffer.concat([Buffer.from([1]), u16(entries.length), ...entries.flatMap(([name, value]) => [text(name), text(value)])]);
}

export function ints(pairs: Readonly<Record<number, string>>): Buffer {
  const entries = Object.entries(pairs);
  return Buffer.concat([Buffer.from([0x10]), u16(entries.length), ...entries.flatMap(([key, value]) => [u16(Number(key)), text(value)])]);
}

export function token(value: string): Buffer {
  return Buffer.concat([Buffer.from([0x11]), text(value)]);
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u16(bytes.byteLength), bytes]);
}

export function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

export interface ReadFrame {
  readonly flags: number;
  readonly seq: number;
  readonly protocolId: number;
  readonly strings: Record<string, string>;
  readonly ints: Record<number, string>;
  readonly token: string | undefined;
  readonly payload: Buffer;
}

/** Reads a frame that is whole and right, and no more. */
export function readFrame(bytes: Buffer): ReadFrame {
  if (bytes.readUInt32BE(0) !== bytes.byteLength - 4) throw new Error("the frame's length is wrong");
  if (bytes.readUInt16BE(4) !== 0x1000) throw new Error("the magic is wrong");
  const end = 14 + 4 * bytes.readUInt16BE(12);
  const found = { strings: {} as Record<string, string>, ints: {} as Record<number, string>, token: undefined as string | undefined };
  let at = 16 + (bytes[15] as number);
  const next = (): string => {
    const length = bytes.readUInt16BE(at);
    at += 2 + length;
    if (at > end) throw new Error("a text leaves the header");
    return bytes.toString("utf8", at - length, at);
  };
  while (at < end) {
    const section = bytes[at++];
    if (section === 0x11) found.token = next();
    if (section !== 1 && section !== 0x10) continue;
    let count = bytes.readUInt16BE(at);
    at += 2;
    for (; count > 0; count--) {
      if (section === 1) found.strings[next()] = next();
      else {
        const key = bytes.readUInt16BE(at);
        at += 2;
        found.ints[key] = next();
      }
    }
  }
  return {
    flags: bytes.readUInt16BE(6),
    seq: bytes.readInt32BE(8),
    protocolId: bytes[14] as number,
    ...found,
    payload: bytes.subarray(end),
  };
}

/** What an encoder writes, in a place that moves: behind other messages, and into a new slab when it grows. */
export function written(write: (out: Output) => void, maxMessageBytes = 1 << 24): Buffer {
  const out = new Output(new Slabs(), maxMessageBytes);
  out.begin();
  out.ensure(60_000);
  out.position += 60_000;
  out.begin();
  write(out);
  out.end();
  return Buffer.concat(out.take().map((each) => each.bytes)).subarray(60_000);
}

export const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(/\s/g, ""), "hex");
