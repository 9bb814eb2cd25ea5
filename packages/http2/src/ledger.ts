/**
 * What a peer may ask of us without giving us anything. Two accounts, each with a burst, a refill by time, and a refill by what
 * is of use: frames that carry nothing, and streams that end before they are answered. Beside them, answers that nobody reads.
 */
import type { Loop } from "@kiteline/net";
import { ConnectionError } from "./connection-error.ts";
import { ErrorCode } from "./error-codes.ts";
import type { ResolvedHttp2Options } from "./options.ts";

/** Tokens that come back with time and with merit; never more than `burst`. */
class Account {
  readonly #burst: number;
  readonly #perMs: number;
  #tokens: number;
  #filledMs: number;

  constructor(burst: number, perSecond: number, nowMs: number) {
    this.#burst = burst;
    this.#perMs = perSecond / 1000;
    this.#tokens = burst;
    this.#filledMs = nowMs;
  }

  /** Whether one could be taken. Time is asked only when the rest is used up. */
  take(loop: Loop): boolean {
    if (--this.#tokens >= 0) return true;
    const nowMs = loop.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#filledMs) * this.#perMs);
    this.#filledMs = nowMs;
    return this.#tokens >= 0;
  }

  earn(tokens: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + tokens);
  }
}

export class Ledger {
  readonly #loop: Loop;
  readonly #idleFrames: Account;
  readonly #lostStreams: Account;
  readonly #maxPendingAnswers: number;
  #pendingAnswers = 0;

  constructor(loop: Loop, options: ResolvedHttp2Options) {
    this.#loop = loop;
    this.#idleFrames = new Account(options.idleFrameBurst, options.idleFramesPerSecond, loop.now());
    this.#lostStreams = new Account(options.lostStreamBurst, options.lostStreamsPerSecond, loop.now());
    this.#maxPendingAnswers = options.maxPendingAnswers;
  }

  /** A frame that carries nothing. Throws a `ConnectionError` when there were too many, as the others here do. */
  idleFrame(): void {
    if (this.#idleFrames.take(this.#loop)) return;
    throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "too many frames that carry nothing (idleFrameBurst, idleFramesPerSecond)");
  }

  /** Something of use was sent or came, which may call for `frames` frames such as WINDOW_UPDATE. */
  useful(frames: number): void {
    this.#idleFrames.earn(frames);
  }

  /** A stream that the peer opened ended before it was answered, by its reset or through its fault. */
  lostStream(): void {
    if (this.#lostStreams.take(this.#loop)) return;
    throw new ConnectionError(
      ErrorCode.ENHANCE_YOUR_CALM,
      "too many streams that ended before they were answered (lostStreamBurst, lostStreamsPerSecond)",
    );
  }

  /** A stream that is answered for its fault alone: as lost, although the answer will earn one. */
  refusedStream(): void {
    this.lostStream();
    this.lostStream();
  }

  answeredStream(): void {
    this.#lostStreams.earn(1);
  }

  /** An answer to a control frame is written; `blocked`: the peer has not read what was written before. */
  answer(blocked: boolean): void {
    if (!blocked) this.#pendingAnswers = 0;
    else if (++this.#pendingAnswers > this.#maxPendingAnswers)
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "the peer asks and does not read the answers (maxPendingAnswers)");
  }
}
