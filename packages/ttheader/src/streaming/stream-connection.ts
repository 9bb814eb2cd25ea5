/**
 * The streams of one connection, whichever side it is: frames in, to the stream they belong to, and whose turn it is to send.
 *
 * Kitex's streams have no windows: such a peer is held back by not reading from the connection. What came of them and was
 * not read counts for all streams of a connection together; beyond a bound nothing is read until half of it was taken.
 * One reader that stops holds up all streams of its connection, but costs no more than the bound. Streams between ends of
 * our kind have windows of their own (`flow.ts`), and count only with what lies beyond those, unless very many of them are full.
 *
 * A message that is the only one waits for no reader, but for the end of its stream, which would not come if reading stopped: who brings
 * more of those than may wait is refused.
 */
import { RpcError } from "@kiteline/core";
import { DecodeError, TurnWork, type BareFormat, type Connection, type PayloadFormat, type Session } from "@kiteline/net";
import { frameBytes, type HeaderReader } from "../header-reader.ts";
import { WINDOW_BYTES } from "./flow.ts";
import { FLAG_STREAMING, FRAME_DATA, FRAME_HEADER, FRAME_META, FRAME_RESET, FRAME_TRAILER } from "../layout.ts";

export interface StreamingOptions {
  /** The formats of messages. */
  readonly formats: readonly BareFormat[];
  /** Writes and reads exceptions. */
  readonly exceptions: PayloadFormat;
  readonly maxFrameBytes: number;
  /** Bytes of messages that may wait to be read, of all streams of a connection that have no windows. */
  readonly maxUnreadBytes: number;
  /** Bytes of only messages, of all streams of a connection, whose streams have not ended. At least one may wait. */
  readonly maxBufferedBytes: number;
  /** Streams that are open on a connection at once. */
  readonly maxInFlight: number;
  /** What one connection may have of a turn of the event loop (`TurnWork`). */
  readonly turnWork: number;
}

/** A connection, as its streams see it. */
export interface StreamHost {
  readonly connection: Connection;
  readonly options: StreamingOptions;
  /** So many bytes of messages more wait to be read, and so many beyond what their streams have windows for. */
  hold(bytes: number, beyond: number): void;
  /** So many fewer. */
  taken(bytes: number, beyond: number): void;
  /** A stream's only message has so many bytes. Throws an `RpcError` when there is no room for it. */
  keep(bytes: number): void;
  /** Its stream has ended. */
  letGo(bytes: number): void;
  /** The stream has ended: nothing that comes for it is of interest. */
  ended(id: number): void;
}

/** One stream, as its connection sees it. */
export interface FrameReceiver {
  /** The strings are those of the reader, and the payload stands behind them, up to `end`. */
  onHeader(reader: HeaderReader): void;
  onData(bytes: Buffer, start: number, end: number, frame: number): void;
  onTrailer(reader: HeaderReader, bytes: Buffer, end: number): void;
  onReset(reader: HeaderReader, bytes: Buffer, end: number): void;
  onMeta(reader: HeaderReader): void;
  /** Messages can be sent again. */
  resume(): void;
}

/** What may wait in all windows of a connection together, as in those of HTTP/2: ten thousand streams have two and a half gigabytes of them. */
const MOST_UNREAD_BYTES = 64 * WINDOW_BYTES;

/** What frames cost of a turn's work. Of streams that are not open, many may be under way when a stream ends. */
export const WORK = { open: 8, frame: 2, reset: 64, ofNoStream: 16 } as const;

export abstract class StreamConnection<Receiver extends FrameReceiver> implements Session, StreamHost {
  readonly connection: Connection;
  readonly options: StreamingOptions;
  wantedBytes = 0;
  protected readonly streams: Map<number, Receiver> = new Map();
  protected readonly work: TurnWork;
  readonly #reader: HeaderReader;
  #unread = 0;
  /** Of those, what lies beyond windows. */
  #beyond = 0;
  /** Of only messages. */
  #kept = 0;

  /** `reader` may be shared: it is used for one frame at a time. */
  constructor(connection: Connection, options: StreamingOptions, reader: HeaderReader) {
    this.connection = connection;
    this.options = options;
    this.work = new TurnWork(connection.loop, options.turnWork);
    this.#reader = reader;
  }

  get inFlight(): number {
    return this.streams.size;
  }

  /** A Header of a stream that is not open. */
  protected abstract open(id: number, reader: HeaderReader): void;
  /** The header of every frame, before what it means for its stream. */
  protected abstract look(reader: HeaderReader): void;
  /** What ending a stream costs; `undefined`: one that is not open. */
  protected countReset(_stream: Receiver | undefined): void {
    this.work.take(WORK.reset);
  }

  /** What came cannot be understood. */
  protected abstract reject(error: Error): void;
  /** Whether nothing more is to be read for now. */
  protected get full(): boolean {
    return this.#exceeds(1);
  }

  /** Whether more waits than this part of what may. */
  #exceeds(part: number): boolean {
    return this.#beyond > part * this.options.maxUnreadBytes || this.#unread > part * MOST_UNREAD_BYTES;
  }

  hold(bytes: number, beyond: number): void {
    this.#unread += bytes;
    this.#beyond += beyond;
  }

  taken(bytes: number, beyond: number): void {
    this.#unread -= bytes;
    this.#beyond -= beyond;
    if (this.connection.paused && !this.#exceeds(1 / 2)) this.resumeReading();
  }

  keep(bytes: number): void {
    const { maxBufferedBytes, maxFrameBytes } = this.options;
    const most = Math.max(maxBufferedBytes, maxFrameBytes);
    if (this.#kept + bytes > most) {
      throw RpcError.withoutStack(
        "resource_exhausted",
        `there is no room for a message of ${bytes} bytes: others of the connection that wait for the end of their streams hold ` +
          `${this.#kept} of ${most} (maxBufferedBytes); let fewer come at a time, or raise the limit where they are received`,
        { retriable: true },
      );
    }
    this.#kept += bytes;
  }

  letGo(bytes: number): void {
    this.#kept -= bytes;
  }

  protected resumeReading(): void {
    if (!this.full) this.connection.resume();
  }

  onBytes(bytes: Buffer, start: number, end: number): number {
    const { connection } = this;
    let at = start;
    this.wantedBytes = 0;
    this.work.begin();
    try {
      while (at < end) {
        if (this.work.spent) {
          connection.rest(this.work.restMs);
          break;
        }
        if (this.full) {
          connection.pause();
          // Whoever waits for credit would wait for what is not read any more.
          this.#letSend();
          if (connection.paused) break;
        }
        const size = frameBytes(bytes, at, end);
        if (size === 0) break;
        const { maxFrameBytes } = this.options;
        if (size > maxFrameBytes) {
          throw new RpcError("resource_exhausted", `the frame has ${size} bytes, more than maxFrameBytes (${maxFrameBytes})`);
        }
        if (at + size > end) {
          this.wantedBytes = size;
          break;
        }
        this.#onFrame(bytes, at, at + size);
        at += size;
        if (connection.ended) return end;
      }
    } catch (error) {
      this.reject(error as Error);
      return end;
    }
    return at;
  }

  #onFrame(bytes: Buffer, start: number, end: number): void {
    const reader = this.#reader;
    reader.read(bytes, start, end);
    if ((reader.flags & FLAG_STREAMING) === 0) throw new DecodeError("a frame that belongs to no stream came on a connection for streams");
    this.look(reader);
    const { seq, payload } = reader;
    const stream = this.streams.get(seq);
    const { frameType } = reader.sections;
    if (stream !== undefined) this.work.serve(WORK.frame);
    else if (frameType === FRAME_HEADER) this.work.serve(WORK.open);
    else this.work.take(WORK.ofNoStream);
    switch (frameType) {
      case FRAME_HEADER:
        if (stream === undefined) this.open(seq, reader);
        else stream.onHeader(reader);
        break;
      case FRAME_DATA:
        // Of streams that are not open any more, frames may still be under way.
        stream?.onData(bytes, payload, end, end - start);
        break;
      case FRAME_TRAILER:
        stream?.onTrailer(reader, bytes, end);
        break;
      case FRAME_RESET:
        this.countReset(stream);
        stream?.onReset(reader, bytes, end);
        break;
      case FRAME_META:
        stream?.onMeta(reader);
        break;
      default:
        throw new DecodeError(`expected a frame of a stream, 1 to 5, got one of kind "${frameType}"`);
    }
  }

  onDrain(): void {
    if (this.connection.paused) this.resumeReading();
    this.#letSend();
  }

  /** Lets streams send, in turns: whoever could sends last the next time. */
  #letSend(): void {
    const { connection, streams } = this;
    let left = streams.size;
    for (const [id, stream] of streams) {
      if (connection.blocked || left-- === 0) return;
      streams.delete(id);
      streams.set(id, stream);
      stream.resume();
    }
  }

  abstract ended(id: number): void;
  abstract onEnd(): void;
  abstract onFlush(): void;
  abstract onClose(error: Error | undefined): void;
}

/** The format of a method's messages; `undefined` when there is none. */
export function formatOf(formats: readonly BareFormat[], messagesFormat: string): BareFormat | undefined {
  return formats.find((each) => each.messagesFormat === messagesFormat);
}
