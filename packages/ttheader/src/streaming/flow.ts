/**
 * How much of a stream may be under way: an addition of ours, for streams of which both ends are Kiteline's. Kitex's streams
 * have nothing but TCP, so that one reader that stops holds up all streams of its connection.
 *
 * A client's Header says `kiteline-window`: so many bytes of Data frames may be sent to it beyond what it has read. A server
 * that understands answers with a Meta frame that has `kiteline-credit`: so many it takes itself. Both add to that with
 * further Meta frames as messages are read. Who does not know the keys pays no attention to them, and is sent no Meta frame.
 *
 * Until a connection's first stream has had its answer, its client cannot know, and sends as to Kitex. So a connection may
 * have to stop reading nevertheless, and with it hearing of credit: while it does, credit does not count.
 */

/** What each end takes unread of a stream. */
export const WINDOW_BYTES: number = 256 * 1024;

/** The number of bytes that a string says; 0 for none. */
export function bytesIn(text: string | undefined): number {
  const bytes = Number(text ?? 0);
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : 0;
}

/** What may be sent. Without a word from the peer there is no limit. */
export class Allowance {
  #sent = 0;
  #limit = Infinity;
  /** Whether the peer itself has said something. */
  #told = false;

  /** Whether a message may be sent now: one may go beyond the limit. */
  get open(): boolean {
    return this.#sent < this.#limit;
  }

  sent(bytes: number): void {
    this.#sent += bytes;
  }

  /** The peer will say that it takes so many bytes. */
  expect(bytes: number): void {
    this.#limit = bytes;
  }

  /** The peer takes so many bytes, or so many more. */
  grant(bytes: number): void {
    this.#limit = (this.#told ? this.#limit : 0) + bytes;
    this.#told = true;
  }
}

/** What came and was not read. */
export class Unread {
  #window = 0;
  #bytes = 0;
  /** Read since the peer was last told. */
  #untold = 0;

  /** What the peer was told that we take; 0 for a peer that does not look at it. */
  get window(): number {
    return this.#window;
  }

  /** The peer looks at what it is told. Returns how many fewer bytes lie beyond the window. */
  open(window: number): number {
    const before = this.#beyond;
    this.#window = window;
    return before - this.#beyond;
  }

  /** Adds bytes that came. Returns how many more lie beyond the window now. */
  add(bytes: number): number {
    const before = this.#beyond;
    this.#bytes += bytes;
    return this.#beyond - before;
  }

  /** Takes away bytes that were read. Returns how many fewer lie beyond the window. */
  take(bytes: number): number {
    const before = this.#beyond;
    this.#bytes -= bytes;
    if (this.#window > 0) this.#untold += bytes;
    return before - this.#beyond;
  }

  /** What the peer is to be told now: nothing, until it is half of the window. */
  get credit(): number {
    return this.#untold * 2 >= this.#window ? this.#untold : 0;
  }

  /** The peer has been told. */
  credited(): void {
    this.#untold = 0;
  }

  get #beyond(): number {
    return Math.max(0, this.#bytes - this.#window);
  }
}
