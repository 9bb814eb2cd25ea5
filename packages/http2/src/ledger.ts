/**
 * What a peer may ask of us. In one turn of the event loop: so much work, then the other connections have theirs. In the long run,
 * two accounts of what it asks without giving us anything, each with a burst, a refill by time, and a refill by what is of use:
 * frames that carry nothing, and streams that end before they are answered. Beside them, answers that nobody reads.
 */
import { TurnWork, type Loop } from "@kiteline/net";
import { ConnectionError } from "./connection-error.ts";
import { ErrorCode } from "./error-codes.ts";
import type { ResolvedHttp2Options } from "./options.ts";

/**
 * What things cost of `turnWork`. Calls that are answered cost about what they take, in quarters of a microsecond; what is of no use
 * costs several times as much, so that who sends much of it is not the one whose turns the others wait for.
 */
const WORK = { usefulFrame: 1, openedStream: 8, idleFrame: 16, lostStream: 64, fault: 64, lateReset: 4 } as const;
/** A header block is part of its stream's price up to a length that no token exceeds; beyond it so many bytes cost one. */
const USUAL_BLOCK_BYTES = 2048;
const BLOCK_BYTES = 16;
/** A new connection begins with this part of the burst of idle frames: whoever loses one for its misdeeds gains little by making another. */
const FIRST_PART = 1 / 4;
/** A stream that its peer broke counts as so many that it gave up: callers of good will do that, and as many at once as they have open. */
const BROKEN = 4;
/** Streams whose resets may still be under way, at most. */
const MOST_LATE_RESETS = 10_000;

/** Tokens that come back with time and with merit; never more than `burst`. */
class Account {
  readonly #burst: number;
  readonly #perMs: number;
  #tokens: number;
  #filledMs: number;

  constructor(burst: number, perSecond: number, first: number, nowMs: number) {
    this.#burst = burst;
    this.#perMs = perSecond / 1000;
    this.#tokens = Math.ceil(burst * first);
    this.#filledMs = nowMs;
  }

  /** Whether so many could be taken. Time is asked only when the rest is used up. */
  take(loop: Loop, tokens = 1): boolean {
    this.#tokens -= tokens;
    if (this.#tokens >= 0) return true;
    const nowMs = loop.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#filledMs) * this.#perMs);
    this.#filledMs = nowMs;
    return this.#tokens >= 0;
  }

  /** Whether less is left than a new connection has: more was asked than given so far. */
  get low(): boolean {
    return this.#tokens < this.#burst * FIRST_PART;
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
  readonly #lostStreamAgeMs: number;
  readonly #turn: TurnWork;
  #pendingAnswers = 0;
  /** Streams that have ended, less those that the peer has reset, which it may do once each, not knowing that they have. */
  #lateResets = 0;
  /** What the last header block cost beyond its stream. */
  #blockWork = 0;

  constructor(loop: Loop, options: ResolvedHttp2Options) {
    this.#loop = loop;
    this.#idleFrames = new Account(options.idleFrameBurst, options.idleFramesPerSecond, FIRST_PART, loop.now());
    this.#lostStreams = new Account(options.lostStreamBurst, options.lostStreamsPerSecond, 1, loop.now());
    this.#maxPendingAnswers = options.maxPendingAnswers;
    this.#lostStreamAgeMs = options.lostStreamAgeMs;
    this.#turn = new TurnWork(loop, options.turnWork);
  }

  /** Bytes come, perhaps in a new turn. */
  beginTurn(): void {
    this.#turn.begin();
  }

  /** Whether the peer has had what one may have of a turn. */
  get spent(): boolean {
    return this.#turn.spent;
  }

  /** How long the peer waits for its next turn; 0 when that may be the event loop's next. */
  get restMs(): number {
    return this.#turn.restMs;
  }

  /** A frame that carries nothing. Throws a `ConnectionError` when there were too many, as the others here do. */
  idleFrame(): void {
    const taken = this.#idleFrames.take(this.#loop);
    if (this.#idleFrames.low) this.#turn.waste(2 * WORK.idleFrame);
    else this.#turn.take(WORK.idleFrame);
    if (taken) return;
    throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "too many frames that carry nothing (idleFrameBurst, idleFramesPerSecond)");
  }

  /** A frame of use came. */
  usefulFrame(): void {
    this.#turn.serve(WORK.usefulFrame);
    this.useful(1);
  }

  /** Something of use was sent or came, which may call for `frames` frames such as WINDOW_UPDATE. */
  useful(frames: number): void {
    this.#idleFrames.earn(frames);
  }

  openedStream(): void {
    this.#turn.serve(WORK.openedStream);
    this.useful(1);
  }

  /**
   * A stream that the peer opened ended before it was answered: by its reset, or refused for there being too many. `ageMs`: how long it
   * was open. Who gives up calls that took too long means no harm, however many they are, and costs no more than who waits for them.
   */
  lostStream(ageMs = 0): void {
    if (ageMs >= this.#lostStreamAgeMs) {
      this.#turn.serve(WORK.lostStream);
      return;
    }
    this.#lose(1);
  }

  /** A stream that the peer opened ended before it was answered, by its fault, as no caller of good will has any end. */
  brokenStream(): void {
    this.#lose(BROKEN);
  }

  #lose(streams: number): void {
    this.#turn.waste(WORK.lostStream, WORK.openedStream);
    if (this.#lostStreams.take(this.#loop, streams)) return;
    throw new ConnectionError(
      ErrorCode.ENHANCE_YOUR_CALM,
      "too many streams that ended before they were answered (lostStreamBurst, lostStreamsPerSecond)",
    );
  }

  /** A stream has ended, whoever ended it. */
  endedStream(): void {
    if (this.#lateResets < MOST_LATE_RESETS) this.#lateResets++;
  }

  /** The peer has reset a stream that has ended by then. */
  resetStream(): void {
    if (this.#lateResets > 0) {
      this.#lateResets--;
      this.#turn.take(WORK.lateReset);
    } else {
      this.idleFrame();
    }
  }

  /** A header block came. */
  readFields(bytes: number): void {
    this.#blockWork = Math.max(0, bytes - USUAL_BLOCK_BYTES) / BLOCK_BYTES;
    this.#turn.take(this.#blockWork);
  }

  /** A request could not be served for what it said. It is answered, and so counts nowhere else. */
  fault(): void {
    this.#turn.waste(WORK.fault, WORK.openedStream + this.#blockWork);
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
