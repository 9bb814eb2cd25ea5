/**
 * Bytes to frames, checked as far as a frame can be judged by itself (RFC 9113, sections 4 and 6). Data is handed on as it comes,
 * never gathered; of all other frames at most one waits here, no larger than the limits.
 */
import { ConnectionError } from "./connection-error.ts";
import { ErrorCode } from "./error-codes.ts";
import { Flag, FRAME_HEADER_BYTES, FrameType, PING_BYTES, SETTINGS_ENTRY_BYTES } from "./frame.ts";

/** Who is told of frames. What it throws as a `ConnectionError` ends the connection. */
export interface FrameSink {
  /** Asked before each frame: whether to read no further for now. */
  readonly stopped: boolean;
  /** A DATA frame begins; `size` counts against the windows, padding included, of which `padding` bytes never come by `onData`. */
  onDataFrame(id: number, size: number, padding: number, endStream: boolean): void;
  /** A part of the frame's data, perhaps empty; `last` with the frame's last part when it ends the stream. */
  onData(bytes: Buffer, start: number, end: number, last: boolean): void;
  /** A whole header block. */
  onHeaders(id: number, endStream: boolean, bytes: Buffer, start: number, end: number): void;
  onReset(id: number, code: number): void;
  onSettings(bytes: Buffer, start: number, end: number): void;
  onSettingsAck(): void;
  onPing(high: number, low: number): void;
  onPingAck(high: number, low: number): void;
  onGoAway(lastId: number, code: number, debug: string): void;
  onWindowUpdate(id: number, increment: number): void;
  /** A frame that carries nothing: a priority, a frame of an unknown type, a piece of a header block, empty data. */
  onIdleFrame(): void;
  /** A frame that is wrong in a way that concerns its stream only. */
  onStreamFault(id: number, code: number, message: string): void;
}

/** What every frame may have at least (RFC 9113, section 4.2). */
const MIN_FRAME_BYTES = 16_384;
/** No honest SETTINGS is longer, nor what is said in a GOAWAY. */
const MAX_CONTROL_BYTES = 16_384;
/** Pieces of one header block beyond which it is an attack; the block's size is limited besides. */
const MAX_CONTINUATIONS = 64;
/** A list that is a little too large costs its stream only; for that it must be decoded. */
const BLOCK_SLACK = 4;
const NO_BYTES = Buffer.alloc(0);

export class FrameReader {
  /** Bytes that must be there before `read` can go on. */
  wantedBytes = 0;
  /** Of every frame. */
  maxFrameBytes: number = MIN_FRAME_BYTES;
  readonly #sink: FrameSink;
  readonly #maxFieldsFrame: number;
  readonly #maxBlockBytes: number;
  /** Of the DATA frame under way. */
  #data = 0;
  #padding = 0;
  #dataEnds = false;
  /** Of a frame that nobody wants to see. */
  #skipped = 0;
  #settled = false;
  /** Of the header block under way: its stream, or 0 when there is none. */
  #blockId = 0;
  #blockEnds = false;
  #block: Buffer = NO_BYTES;
  #blockBytes = 0;
  #continuations = 0;

  constructor(sink: FrameSink, maxHeaderListBytes: number) {
    this.#sink = sink;
    this.#maxFieldsFrame = Math.max(MIN_FRAME_BYTES, maxHeaderListBytes);
    this.#maxBlockBytes = BLOCK_SLACK * this.#maxFieldsFrame;
  }

  /** Bytes of the DATA frame under way that have not come. */
  get dataLeft(): number {
    return this.#data;
  }

  /** Reads what it can and returns where it stopped. Throws `ConnectionError`s. */
  read(bytes: Buffer, start: number, end: number): number {
    let at = start;
    this.wantedBytes = 0;
    while (at < end && !this.#sink.stopped) {
      if (this.#data > 0) {
        at = this.#passData(bytes, at, end);
        continue;
      }
      if (this.#skipped > 0) {
        const passed = Math.min(this.#skipped, end - at);
        this.#skipped -= passed;
        at += passed;
        continue;
      }
      if (end - at < FRAME_HEADER_BYTES) {
        this.wantedBytes = FRAME_HEADER_BYTES;
        return at;
      }
      const length = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
      const type = bytes[at + 3] as number;
      const flags = bytes[at + 4] as number;
      const id = uint32(bytes, at + 5) & 0x7fff_ffff;
      this.#judge(length, type, flags, id);
      const payload = at + FRAME_HEADER_BYTES;
      if (type === FrameType.DATA) {
        const padded = (flags & Flag.PADDED) !== 0;
        if (padded && payload >= end && length > 0) {
          this.wantedBytes = FRAME_HEADER_BYTES + 1;
          return at;
        }
        this.#beginData(length, flags, id, padded ? (bytes[payload] ?? 0) : -1);
        at = padded ? payload + 1 : payload;
        continue;
      }
      if (type > FrameType.CONTINUATION) {
        this.#sink.onIdleFrame();
        this.#skipped = length;
        at = payload;
        continue;
      }
      if (payload + length > end) {
        this.wantedBytes = FRAME_HEADER_BYTES + length;
        return at;
      }
      this.#onFrame(type, flags, id, bytes, payload, payload + length);
      at = payload + length;
    }
    return at;
  }

  /** What a frame's header tells. */
  #judge(length: number, type: number, flags: number, id: number): void {
    if (!this.#settled && (type !== FrameType.SETTINGS || (flags & Flag.ACK) !== 0))
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `the first frame must be SETTINGS, got type ${type}`);
    this.#settled = true;
    if (length > this.maxFrameBytes)
      throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `a frame of ${length} bytes, more than ${this.maxFrameBytes} (maxFrameBytes)`);
    if (this.#blockId !== 0 ? type !== FrameType.CONTINUATION || id !== this.#blockId : type === FrameType.CONTINUATION)
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `a frame of type ${type} that interrupts a header block, or continues none`);
    switch (type) {
      case FrameType.HEADERS:
      case FrameType.CONTINUATION:
        if (length > this.#maxFieldsFrame)
          throw new ConnectionError(
            ErrorCode.FRAME_SIZE_ERROR,
            `a frame with ${length} bytes of header fields, more than ${this.#maxFieldsFrame} (maxHeaderListBytes)`,
          );
        if (length + this.#blockBytes > this.#maxBlockBytes)
          throw new ConnectionError(
            ErrorCode.ENHANCE_YOUR_CALM,
            `a header block of more than ${this.#maxBlockBytes} bytes (maxHeaderListBytes)`,
          );
        break;
      case FrameType.SETTINGS:
      case FrameType.GOAWAY:
      case FrameType.PRIORITY:
        if (length > MAX_CONTROL_BYTES)
          throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, `a frame of type ${type} with ${length} bytes`);
        break;
      case FrameType.PUSH_PROMISE:
        throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a pushed stream, which was not allowed");
      case FrameType.PING:
        if (length !== PING_BYTES) throw wrongSize("PING", length);
        break;
      case FrameType.RST_STREAM:
      case FrameType.WINDOW_UPDATE:
        if (length !== 4) throw wrongSize(type === FrameType.RST_STREAM ? "RST_STREAM" : "WINDOW_UPDATE", length);
        break;
      default:
    }
    const ofStream = type <= FrameType.RST_STREAM || type === FrameType.CONTINUATION;
    const ofConnection = type === FrameType.SETTINGS || type === FrameType.PING || type === FrameType.GOAWAY;
    if ((ofStream && id === 0) || (ofConnection && id !== 0))
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `a frame of type ${type} on stream ${id}`);
  }

  #beginData(length: number, flags: number, id: number, padLength: number): void {
    const overhead = padLength < 0 ? 0 : padLength + 1;
    if (overhead > length) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `${padLength} bytes of padding in a frame of ${length}`);
    this.#data = length - overhead;
    this.#padding = Math.max(padLength, 0);
    this.#dataEnds = (flags & Flag.END_STREAM) !== 0;
    this.#sink.onDataFrame(id, length, overhead, this.#dataEnds);
    if (this.#data > 0) return;
    if (!this.#dataEnds) this.#sink.onIdleFrame();
    this.#skipped = this.#padding;
    this.#sink.onData(NO_BYTES, 0, 0, this.#dataEnds);
  }

  #passData(bytes: Buffer, start: number, end: number): number {
    const stop = Math.min(end, start + this.#data);
    this.#data -= stop - start;
    if (this.#data === 0) this.#skipped = this.#padding;
    this.#sink.onData(bytes, start, stop, this.#data === 0 && this.#dataEnds);
    return stop;
  }

  /** A whole frame other than DATA. */
  #onFrame(type: number, flags: number, id: number, bytes: Buffer, start: number, end: number): void {
    const sink = this.#sink;
    switch (type) {
      case FrameType.HEADERS:
        this.#onHeaders(flags, id, bytes, start, end);
        break;
      case FrameType.CONTINUATION:
        this.#onContinuation(flags, bytes, start, end);
        break;
      case FrameType.PRIORITY:
        sink.onIdleFrame();
        if (end - start !== 5) sink.onStreamFault(id, ErrorCode.FRAME_SIZE_ERROR, `a PRIORITY of ${end - start} bytes`);
        else this.#checkPriority(id, bytes, start);
        break;
      case FrameType.RST_STREAM:
        sink.onReset(id, uint32(bytes, start));
        break;
      case FrameType.SETTINGS:
        if ((flags & Flag.ACK) === 0) {
          if ((end - start) % SETTINGS_ENTRY_BYTES !== 0) throw wrongSize("SETTINGS", end - start);
          sink.onSettings(bytes, start, end);
        } else {
          if (end > start) throw wrongSize("SETTINGS that acknowledge", end - start);
          sink.onSettingsAck();
        }
        break;
      case FrameType.PING:
        if ((flags & Flag.ACK) === 0) sink.onPing(uint32(bytes, start), uint32(bytes, start + 4));
        else sink.onPingAck(uint32(bytes, start), uint32(bytes, start + 4));
        break;
      case FrameType.GOAWAY:
        if (end - start < 8) throw wrongSize("GOAWAY", end - start);
        sink.onGoAway(uint32(bytes, start) & 0x7fff_ffff, uint32(bytes, start + 4), bytes.toString("utf8", start + 8, end));
        break;
      default: // WINDOW_UPDATE
        sink.onWindowUpdate(id, uint32(bytes, start) & 0x7fff_ffff);
    }
  }

  #onHeaders(flags: number, id: number, bytes: Buffer, start: number, end: number): void {
    const padded = (flags & Flag.PADDED) !== 0;
    const hasPriority = (flags & Flag.PRIORITY) !== 0;
    const from = start + (padded ? 1 : 0) + (hasPriority ? 5 : 0);
    const to = padded && start < end ? end - (bytes[start] as number) : end;
    if (from > to) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a HEADERS frame that its padding or priority does not fit in");
    const endStream = (flags & Flag.END_STREAM) !== 0;
    if ((flags & Flag.END_HEADERS) !== 0) {
      this.#sink.onHeaders(id, endStream, bytes, from, to);
    } else {
      this.#blockId = id;
      this.#blockEnds = endStream;
      this.#keepBlock(bytes, from, to);
    }
    // After the block, which the other fields' table depends on whatever becomes of the stream.
    if (hasPriority) this.#checkPriority(id, bytes, from - 5);
  }

  #onContinuation(flags: number, bytes: Buffer, start: number, end: number): void {
    this.#sink.onIdleFrame();
    if (++this.#continuations > MAX_CONTINUATIONS)
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, `a header block in more than ${MAX_CONTINUATIONS} frames`);
    this.#keepBlock(bytes, start, end);
    if ((flags & Flag.END_HEADERS) === 0) return;
    const id = this.#blockId;
    const block = this.#block;
    const length = this.#blockBytes;
    this.#blockId = 0;
    this.#block = NO_BYTES;
    this.#blockBytes = 0;
    this.#continuations = 0;
    this.#sink.onHeaders(id, this.#blockEnds, block, 0, length);
  }

  #keepBlock(bytes: Buffer, start: number, end: number): void {
    const length = this.#blockBytes + end - start;
    if (length > this.#block.byteLength) {
      const block = Buffer.allocUnsafe(Math.min(this.#maxBlockBytes, 2 * length));
      this.#block.copy(block, 0, 0, this.#blockBytes);
      this.#block = block;
    }
    bytes.copy(this.#block, this.#blockBytes, start, end);
    this.#blockBytes = length;
  }

  /** Priorities mean nothing any more (RFC 9113, section 5.3), but one that is nonsense still is. */
  #checkPriority(id: number, bytes: Buffer, at: number): void {
    if ((uint32(bytes, at) & 0x7fff_ffff) === id) this.#sink.onStreamFault(id, ErrorCode.PROTOCOL_ERROR, "a stream that depends on itself");
  }
}

function uint32(bytes: Buffer, at: number): number {
  return (
    (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0
  );
}

function wrongSize(what: string, length: number): ConnectionError {
  return new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `a ${what} of ${length} bytes`);
}
