/**
 * What leaves: header blocks and data, as far as the peer's windows and the socket take it. What they do not take is kept with its
 * stream, encoded, and goes on in turn. Fields are encoded when they leave, since their encoding depends on what left before.
 */
import type { Connection, Output } from "@kiteline/net";
import type { ExtraFields, PreparedFields } from "./fields.ts";
import { Flag, FRAME_HEADER_BYTES, FrameType, patchFrameHeader, sealFrames } from "./frame.ts";
import { HpackEncoder } from "./hpack/encoder.ts";
import type { Ledger } from "./ledger.ts";
import { MAX_WINDOW, type ResolvedHttp2Options } from "./options.ts";
import { OpenFrame } from "./open-frame.ts";
import { INITIAL_WINDOW, type PeerSettings } from "./settings.ts";
import { QueuedPart, type Http2Stream } from "./stream.ts";
import { StreamLine } from "./stream-line.ts";

/** Who is told what became of streams. */
export interface SenderOwner {
  /** The stream's end has left. */
  onEndSent(stream: Http2Stream): void;
  /** More waits to be sent than `maxQueuedBytes`, and this stream has just added to it. */
  onTooMuchQueued(stream: Http2Stream): void;
  /** The stream can be written to again. */
  onWritable(stream: Http2Stream): void;
  /** `hasRoom` is true again after it was false. */
  onRoom(): void;
}

/** WINDOW_UPDATEs that a peer may honestly send for a DATA frame: for the stream and for the connection, and again for each so many bytes. */
const UPDATES_PER_FRAME = 2;
const BYTES_PER_UPDATE = 4096;
/** What one stream may send before the next one has its turn. */
const TURN_BYTES = 64 * 1024;
/** Messages of a stream that leave together share frames of up to this size, where the peer takes such: about what a slab holds. */
const SHARED_FRAME_BYTES = 58 * 1024;
/** Larger messages that had to wait are sent out of the memory they were encoded in; for smaller ones a copy costs less than a piece of its own. */
const LEAST_APPENDED_BYTES = 16 * 1024;

export class Sender {
  readonly encoder: HpackEncoder;
  /** What the peer takes on all streams together. */
  window: number = INITIAL_WINDOW;
  queuedBytes = 0;
  /** Frames of streams that have left. */
  framesSent = 0;
  readonly #connection: Connection;
  readonly #peer: PeerSettings;
  readonly #owner: SenderOwner;
  readonly #ledger: Ledger;
  readonly #maxQueuedBytes: number;
  /** Streams that could go on if the peer took more on the connection. */
  readonly #forWindow = new StreamLine<Http2Stream>();
  /** Streams that could go on if the socket took more. */
  readonly #forSocket = new StreamLine<Http2Stream>();
  /** Streams that have nothing queued, and could have if others had less. */
  readonly #forRoom = new StreamLine<Http2Stream>();
  /** Whether `hasRoom` has been false since its owner was last told of room. */
  #crowded = false;
  readonly #openFrame = new OpenFrame();
  /** Of the message begun last: bytes before it for a frame's header; 0 when it goes on in the open frame. */
  #headerBytes = 0;

  constructor(connection: Connection, peer: PeerSettings, owner: SenderOwner, ledger: Ledger, options: ResolvedHttp2Options) {
    this.encoder = new HpackEncoder(options.headerTableBytes);
    this.#connection = connection;
    this.#peer = peer;
    this.#owner = owner;
    this.#ledger = ledger;
    this.#maxQueuedBytes = options.maxQueuedBytes;
  }

  isWritable(stream: Http2Stream): boolean {
    if (stream.queue !== undefined || stream.id === 0 || stream.closed) return false;
    const { blocked } = this.#connection;
    if (!blocked && this.hasRoom) return true;
    if (stream.line === undefined) (blocked ? this.#forSocket : this.#forRoom).push(stream); // asked once, it will be told
    return false;
  }

  /** Whether any message can wait for the peer's windows beside those that do. */
  get hasRoom(): boolean {
    const { queuedBytes } = this;
    return queuedBytes === 0 || queuedBytes + this.#connection.output.maxMessageBytes <= this.#maxQueuedBytes;
  }

  /** Sends or queues fields. Throws what cannot be sent, before anything has changed. */
  sendFields(stream: Http2Stream, fields: PreparedFields, extra: ExtraFields | undefined, end: boolean): void {
    if (stream.closed) return;
    refuseAfterEnd(stream);
    this.#checkSize(fields.listBytes + (extra === undefined ? 0 : this.encoder.measure(extra)));
    stream.localEnded = end;
    if (this.#mayGo(stream)) {
      this.#writeFields(stream, fields, extra, end);
    } else {
      this.#queue(stream, new QueuedPart(fields, extra, undefined, end));
    }
  }

  beginMessage(stream: Http2Stream): Output {
    const { output } = this.#connection;
    if (!this.#openFrame.precedes(output, stream.id)) return this.#beginFrame();
    output.begin();
    this.#headerBytes = 0;
    return output;
  }

  #beginFrame(): Output {
    const { output } = this.#connection;
    output.begin();
    output.ensure(FRAME_HEADER_BYTES);
    output.position += FRAME_HEADER_BYTES;
    this.#headerBytes = FRAME_HEADER_BYTES;
    return output;
  }

  /** Sends or queues what was written since `beginMessage`. Throws what cannot be sent, and forgets it. */
  endMessage(stream: Http2Stream, end: boolean): void {
    const { output } = this.#connection;
    if (stream.closed) {
      output.rollback();
      return;
    }
    try {
      output.end();
      refuseAfterEnd(stream);
    } catch (error) {
      output.rollback();
      throw error;
    }
    stream.localEnded = end;
    const length = output.position - output.messageStart - this.#headerBytes;
    const mayGo = this.#mayGo(stream);
    const room = mayGo ? Math.max(0, Math.min(stream.sendWindow, this.window)) : 0;
    if (length === 0 && !end) {
      output.rollback();
    } else if (mayGo && length <= room) {
      this.#sealData(stream, length, end);
    } else {
      const data = output.detach(output.messageStart + this.#headerBytes);
      this.#queue(stream, new QueuedPart(undefined, undefined, data, end));
      this.#goOn();
    }
  }

  /** The stream's window has grown, or it has just got its id. */
  resume(stream: Http2Stream): void {
    if (stream.queue === undefined || stream.line !== undefined) return;
    this.#takeTurn(stream);
    this.#goOn();
  }

  /** Whether the connection's window may grow so much; then streams that waited for it go on. */
  grow(increment: number): boolean {
    this.window += increment;
    if (this.window > MAX_WINDOW) return false;
    this.#goOn();
    return true;
  }

  /** The socket takes more: everybody who waited for it goes on. */
  onDrain(): void {
    for (let left = this.#forSocket.length; left > 0 && !this.#connection.blocked; left--) {
      const stream = this.#forSocket.shift();
      if (stream === undefined) break;
      if (stream.queue === undefined) this.#owner.onWritable(stream);
      else this.#takeTurn(stream);
    }
    this.#goOn();
  }

  /** There may be room again: those who wait for it go on. */
  #useRoom(): void {
    if (!this.hasRoom) return;
    if (this.#crowded) {
      this.#crowded = false;
      this.#owner.onRoom();
    }
    while (this.#forRoom.length > 0 && this.hasRoom && !this.#connection.blocked) {
      const stream = this.#forRoom.shift();
      if (stream !== undefined) this.#owner.onWritable(stream);
    }
  }

  /** What was written leaves. */
  onFlush(): void {
    this.#openFrame.close();
  }

  /** Forgets what a stream has queued. */
  drop(stream: Http2Stream): void {
    stream.line?.remove(stream);
    const { queuedBytes } = stream;
    this.queuedBytes -= queuedBytes;
    stream.queuedBytes = 0;
    stream.queue = undefined;
    if (queuedBytes > 0) this.#useRoom();
  }

  #checkSize(listBytes: number): void {
    const { maxMessageBytes } = this.#connection.output;
    if (listBytes > this.#peer.maxHeaderListBytes) {
      throw new RangeError(`the header fields count ${listBytes} bytes, but the peer takes ${this.#peer.maxHeaderListBytes}: send less`);
    }
    if (listBytes > maxMessageBytes) {
      throw new RangeError(`the header fields count ${listBytes} bytes, more than maxMessageBytes (${maxMessageBytes})`);
    }
  }

  #mayGo(stream: Http2Stream): boolean {
    return stream.queue === undefined && stream.id !== 0 && !this.#connection.blocked;
  }

  #queue(stream: Http2Stream, part: QueuedPart): void {
    (stream.queue ??= []).push(part);
    stream.queuedBytes += part.size;
    this.queuedBytes += part.size;
    this.#crowded ||= !this.hasRoom;
    if (this.queuedBytes > this.#maxQueuedBytes) this.#owner.onTooMuchQueued(stream);
    else if (stream.line === undefined && stream.id !== 0) this.#lineUp(stream);
  }

  /** Puts a stream in line for what keeps it: nothing when that is its own window. */
  #lineUp(stream: Http2Stream): void {
    const first = stream.queue?.[0];
    if (first === undefined) return;
    if (this.#connection.blocked) this.#forSocket.push(stream);
    else if (first.size > first.sent && stream.sendWindow > 0) this.#forWindow.push(stream);
  }

  /** Gives those who wait for the connection's window a turn each, as long as there is any. */
  #goOn(): void {
    while (this.window > 0 && !this.#connection.blocked) {
      const stream = this.#forWindow.shift();
      if (stream === undefined) break;
      this.#takeTurn(stream);
    }
    this.#useRoom();
  }

  /** Sends what a stream may send in one turn, and lines it up for the next. */
  #takeTurn(stream: Http2Stream): void {
    let left = TURN_BYTES;
    while (stream.queue !== undefined && !this.#connection.blocked && left > 0) {
      const part = stream.queue[0] as QueuedPart;
      const size = Math.min(part.size - part.sent, stream.sendWindow, this.window, this.#peer.maxFrameBytes, left);
      if (size <= 0 && part.size > part.sent) break;
      left -= size;
      this.#sendPart(stream, part, size);
    }
    if (stream.line === undefined) this.#lineUp(stream);
  }

  #sendPart(stream: Http2Stream, part: QueuedPart, size: number): void {
    const { queue } = stream;
    const last = part.sent + size === part.size;
    if (last) {
      queue?.shift();
      if (queue?.length === 0) stream.queue = undefined;
    }
    if (part.fields === undefined) {
      stream.queuedBytes -= size;
      this.queuedBytes -= size;
      this.#sendPiece(stream, part, size);
    } else {
      if (part.extra !== undefined) this.encoder.measure(part.extra);
      this.#writeFields(stream, part.fields, part.extra, part.end);
    }
    if (stream.queue === undefined && !stream.localEnded && !stream.closed) this.#owner.onWritable(stream);
  }

  /** Sends the next `size` bytes of a piece of data, no more than one frame may have. */
  #sendPiece(stream: Http2Stream, part: QueuedPart, size: number): void {
    const { data, sent } = part;
    const output = this.#beginFrame();
    part.sent += size;
    const last = part.sent === part.size;
    if (data === undefined || part.size < LEAST_APPENDED_BYTES) {
      output.ensure(size);
      if (data !== undefined) output.bytes.set(data.bytes.subarray(sent, part.sent), output.position);
      output.position += size;
      this.#sealData(stream, size, last && part.end);
    } else {
      patchFrameHeader(output, output.messageStart, size, FrameType.DATA, last && part.end ? Flag.END_STREAM : 0, stream.id);
      output.append(data.bytes.subarray(sent, part.sent), data, last);
      this.#sentData(stream, size, last && part.end);
    }
  }

  #sealData(stream: Http2Stream, length: number, end: boolean): void {
    const { output } = this.#connection;
    if (this.#headerBytes === 0) {
      if (this.#openFrame.length + length <= this.#sharedFrameBytes) {
        this.#openFrame.extend(output, length, end);
        this.#sentData(stream, length, end, 0);
        return;
      }
      insertHeader(output);
    }
    this.#seal(stream, output, length, FrameType.DATA, FrameType.DATA, 0, end ? Flag.END_STREAM : 0);
    if (!end && length < this.#sharedFrameBytes) this.#openFrame.open(output, output.messageStart, stream.id, length);
    this.#sentData(stream, length, end);
  }

  get #sharedFrameBytes(): number {
    return Math.min(SHARED_FRAME_BYTES, this.#peer.maxFrameBytes);
  }

  #sentData(stream: Http2Stream, length: number, end: boolean, frames = 1): void {
    stream.sendWindow -= length;
    this.window -= length;
    this.#ledger.useful(frames * UPDATES_PER_FRAME + length / BYTES_PER_UPDATE);
    this.#sent(stream, end);
  }

  #writeFields(stream: Http2Stream, fields: PreparedFields, extra: ExtraFields | undefined, end: boolean): void {
    const output = this.#beginFrame();
    this.encoder.encode(output, fields, extra);
    const length = output.position - output.messageStart - FRAME_HEADER_BYTES;
    this.#seal(stream, output, length, FrameType.HEADERS, FrameType.CONTINUATION, end ? Flag.END_STREAM : 0, Flag.END_HEADERS);
    this.#sent(stream, end);
  }

  #seal(stream: Http2Stream, output: Output, length: number, type: number, following: number, flags: number, lastFlags: number): void {
    const { maxFrameBytes } = this.#peer;
    if (length <= maxFrameBytes) patchFrameHeader(output, output.messageStart, length, type, flags | lastFlags, stream.id);
    else sealFrames(output, output.messageStart, maxFrameBytes, { type, following, flags, lastFlags, id: stream.id });
  }

  #sent(stream: Http2Stream, end: boolean): void {
    this.framesSent++;
    // A stream that ends completes a message; what comes before the end is part of one, or of a stream of them.
    this.#connection.scheduleFlush(end ? 1 : 0);
    if (end) this.#owner.onEndSent(stream);
  }
}

/** Makes room for a frame's header before the message begun last. */
function insertHeader(output: Output): void {
  output.ensure(FRAME_HEADER_BYTES);
  output.bytes.copyWithin(output.messageStart + FRAME_HEADER_BYTES, output.messageStart, output.position);
  output.position += FRAME_HEADER_BYTES;
}

function refuseAfterEnd(stream: Http2Stream): void {
  if (stream.localEnded) throw new Error(`stream ${stream.id} has been ended: nothing can be sent on it any more`);
}
