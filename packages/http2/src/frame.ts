/**
 * The layout of frames (RFC 9113, section 4.1): 24 bits of length, 8 of type, 8 of flags, 31 of stream id behind a reserved one.
 * Writing them stands here, reading them in `frame-reader.ts`; no other place knows the layout.
 */
import type { Output } from "@kiteline/net";

export const FRAME_HEADER_BYTES = 9;

export const FrameType = {
  DATA: 0x0,
  HEADERS: 0x1,
  PRIORITY: 0x2,
  RST_STREAM: 0x3,
  SETTINGS: 0x4,
  PUSH_PROMISE: 0x5,
  PING: 0x6,
  GOAWAY: 0x7,
  WINDOW_UPDATE: 0x8,
  CONTINUATION: 0x9,
} as const;

export const Flag = {
  ACK: 0x1,
  END_STREAM: 0x1,
  END_HEADERS: 0x4,
  PADDED: 0x8,
  PRIORITY: 0x20,
} as const;

export const SETTINGS_ENTRY_BYTES = 6;
export const PING_BYTES = 8;

/** Writes a frame's header over bytes that have been reserved for it. */
export function patchFrameHeader(output: Output, at: number, length: number, type: number, flags: number, id: number): void {
  const { bytes } = output;
  bytes[at] = length >>> 16;
  bytes[at + 1] = length >>> 8;
  bytes[at + 2] = length;
  bytes[at + 3] = type;
  bytes[at + 4] = flags;
  bytes[at + 5] = id >>> 24;
  bytes[at + 6] = id >>> 16;
  bytes[at + 7] = id >>> 8;
  bytes[at + 8] = id;
}

/** Gives a frame that has been written another length, and flags besides those it has. */
export function patchFrameLength(bytes: Buffer, at: number, length: number, flags: number): void {
  bytes[at] = length >>> 16;
  bytes[at + 1] = length >>> 8;
  bytes[at + 2] = length;
  bytes[at + 4] = (bytes[at + 4] as number) | flags;
}

/** Begins a frame of a known, small size. */
function beginFrame(output: Output, length: number, type: number, flags: number, id: number): void {
  output.begin();
  output.ensure(FRAME_HEADER_BYTES + length);
  patchFrameHeader(output, output.position, length, type, flags, id);
  output.position += FRAME_HEADER_BYTES;
}

/** A frame whose payload is one number of 32 bits: RST_STREAM and WINDOW_UPDATE. */
export function writeNumberFrame(output: Output, type: number, id: number, value: number): void {
  beginFrame(output, 4, type, 0, id);
  output.view.setUint32(output.position, value);
  output.position += 4;
}

export function writeSettingsFrame(output: Output, settings: readonly (readonly [id: number, value: number])[]): void {
  beginFrame(output, settings.length * SETTINGS_ENTRY_BYTES, FrameType.SETTINGS, 0, 0);
  for (const [id, value] of settings) {
    output.view.setUint16(output.position, id);
    output.view.setUint32(output.position + 2, value);
    output.position += SETTINGS_ENTRY_BYTES;
  }
}

export function writeSettingsAck(output: Output): void {
  beginFrame(output, 0, FrameType.SETTINGS, Flag.ACK, 0);
}

/** A PING; its eight bytes are two numbers. */
export function writePing(output: Output, flags: number, high: number, low: number): void {
  beginFrame(output, PING_BYTES, FrameType.PING, flags, 0);
  output.view.setUint32(output.position, high);
  output.view.setUint32(output.position + 4, low);
  output.position += PING_BYTES;
}

export function writeGoAway(output: Output, lastId: number, code: number, debug: string): void {
  const text = Buffer.from(debug);
  beginFrame(output, 8 + text.byteLength, FrameType.GOAWAY, 0, 0);
  output.view.setUint32(output.position, lastId);
  output.view.setUint32(output.position + 4, code);
  output.bytes.set(text, output.position + 8);
  output.position += 8 + text.byteLength;
}

/**
 * Turns what stands at the end of `output` into frames of one stream: room for one frame header, then the payload. When it is more than
 * one frame may have, headers are put in between; `flags` are the first frame's, `lastFlags` are added to the last one's.
 */
export function sealFrames(
  output: Output,
  start: number,
  maxFrameBytes: number,
  frame: { readonly type: number; readonly following: number; readonly flags: number; readonly lastFlags: number; readonly id: number },
): void {
  const from = start - output.messageStart;
  const length = output.position - start - FRAME_HEADER_BYTES;
  const more = Math.max(0, Math.ceil(length / maxFrameBytes) - 1);
  if (more > 0) output.ensure(more * FRAME_HEADER_BYTES);
  const first = output.messageStart + from;
  output.position = first + FRAME_HEADER_BYTES + length + more * FRAME_HEADER_BYTES;
  // From the last piece to the first, each to its final place, so that every byte moves once.
  for (let piece = more; piece >= 0; piece--) {
    const size = piece === more ? length - more * maxFrameBytes : maxFrameBytes;
    const source = first + FRAME_HEADER_BYTES + piece * maxFrameBytes;
    const target = source + piece * FRAME_HEADER_BYTES;
    if (piece > 0) output.bytes.copyWithin(target, source, source + size);
    const flags = (piece === 0 ? frame.flags : 0) | (piece === more ? frame.lastFlags : 0);
    patchFrameHeader(output, target - FRAME_HEADER_BYTES, size, piece === 0 ? frame.type : frame.following, flags, frame.id);
  }
}
