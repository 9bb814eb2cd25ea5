/**
 * What has come of a stream and waits as it came, because its reader has enough before it or because a message is still being inflated.
 * It takes the memory that it took on the wire, which credit bounds, where each small message would be an object of some hundred bytes.
 */
import type { Slab } from "@kiteline/net";
import type { Background, Job } from "./background.ts";
import type { Compression } from "./compression.ts";
import { readMessages, type MessageReceiver } from "./message-reader.ts";

/** Pieces are at least so large, and at most, unless more comes at once. */
const LEAST_PIECE_BYTES = 256;
const MOST_PIECE_BYTES = 64 * 1024;

interface Piece {
  readonly bytes: Buffer;
  start: number;
  end: number;
  next: Piece | undefined;
}

/** Who reads what has come, if not at once. */
export interface BacklogReceiver extends MessageReceiver {
  /** What has come behind a message that takes its time, or that would be more than is to wait for the reader. */
  backlog: Backlog | undefined;
  /** A message that was inflated elsewhere, which took `tookMs`: as `onMessage`. */
  onInflated(bytes: Buffer, compressedBytes: number, held: number, tookMs: number): void;
  /** What had come cannot be read after all. `tookMs`: to find out that it cannot be inflated. */
  onUnreadable(error: Error, tookMs?: number): void;
  /** More was read of what had come. */
  onReadOn(): void;
}

/** Takes what has come: hands over the messages as far as they are taken, and keeps the rest. Throws as `readMessages` does. */
export function receiveMessages(to: BacklogReceiver, bytes: Buffer, start: number, end: number): void {
  const at = to.backlog === undefined ? readMessages(to, bytes, start, end) : start;
  if (at < end) (to.backlog ??= new Backlog(to)).add(bytes, at, end);
}

export class Backlog {
  readonly #to: BacklogReceiver;
  #first: Piece | undefined;
  #last: Piece | undefined;
  #bytes = 0;
  #job: Job | undefined;
  /** Of the message that is being inflated. */
  #inflatingBytes = 0;
  #reading = false;
  #then: (() => void) | undefined;

  constructor(to: BacklogReceiver) {
    this.#to = to;
  }

  /** Whether a message is being inflated, which others must not overtake. */
  get inflating(): boolean {
    return this.#job !== undefined;
  }

  /** Whether all that will come has come. */
  get complete(): boolean {
    return this.#then !== undefined;
  }

  /** Bytes that were received and are held here. */
  get held(): number {
    return this.#bytes + this.#inflatingBytes;
  }

  /** Keeps what has come; copied. */
  add(bytes: Buffer, start: number, end: number): void {
    const size = end - start;
    let last = this.#last;
    if (last === undefined || last.bytes.byteLength - last.end < size) {
      const grown = last === undefined ? LEAST_PIECE_BYTES : Math.min(MOST_PIECE_BYTES, 2 * last.bytes.byteLength);
      const piece = { bytes: Buffer.allocUnsafe(Math.max(size, grown)), start: 0, end: 0, next: undefined };
      if (last === undefined) this.#first = piece;
      else last.next = piece;
      this.#last = last = piece;
    }
    bytes.copy(last.bytes, last.end, start, end);
    last.end += size;
    this.#bytes += size;
  }

  /** Inflates a message elsewhere, valid only until this returns; what comes behind it waits. `held` as in `onMessage`. */
  inflate(background: Background, compression: Compression, bytes: Buffer, held: number, slab: Slab | undefined): void {
    const to = this.#to;
    if (slab !== undefined) slab.kept = true;
    const compressed = slab === undefined ? Buffer.from(bytes) : bytes;
    this.#inflatingBytes = held;
    this.#job = compression.inflateLater(background, compressed, to.maxReceivedBytes, (error, inflated, tookMs) => {
      this.#job = undefined;
      this.#inflatingBytes = 0;
      if (error !== undefined) {
        to.onUnreadable(error, tookMs);
        return;
      }
      try {
        to.onInflated(inflated, compressed.byteLength, held, tookMs);
      } catch (failure) {
        to.onUnreadable(failure as Error);
        return;
      }
      this.readOn();
    });
  }

  /** Reads on, now that there is room: as far as there is. */
  readOn(): void {
    const to = this.#to;
    if (this.#reading || this.#job !== undefined) return;
    this.#reading = true;
    try {
      for (let piece = this.#first; piece !== undefined && !to.full && !to.deaf; piece = this.#first) this.#read(piece);
    } catch (error) {
      to.onUnreadable(error as Error);
      return;
    } finally {
      this.#reading = false;
    }
    if (to.deaf) return;
    to.onReadOn();
    if (this.#first !== undefined || this.inflating) return;
    to.backlog = undefined;
    const then = this.#then;
    this.#then = undefined;
    then?.();
  }

  #read(piece: Piece): void {
    const at = readMessages(this.#to, piece.bytes, piece.start, piece.end);
    this.#bytes -= at - piece.start;
    piece.start = at;
    if (at < piece.end) return;
    this.#first = piece.next;
    if (piece.next === undefined) this.#last = undefined;
  }

  /** Nothing more will come: has something done when all has been read, unless the stream ends before. */
  whenRead(then: () => void): void {
    this.#then = then;
  }

  /** Nobody wants any of it. */
  drop(): void {
    this.#job?.cancel();
    this.#job = undefined;
    this.#first = this.#last = undefined;
    this.#bytes = this.#inflatingBytes = 0;
    this.#then = undefined;
  }
}
