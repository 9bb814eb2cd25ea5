/**
 * What one connection may have of a turn of the event loop: so much work, then the others have theirs. Sessions say what they do for
 * their peer, in quarters of a microsecond or thereabouts; what is of no use is counted at several times what it takes, so that who
 * sends much of it is not the one whose turns the others wait for.
 */
import type { Loop } from "./loop.ts";

/**
 * Who uses a turn up for what is of no use waits so long for the next one: hardly a hundredth of others' calls meets such a turn then. The
 * memory it makes us use comes in portions, too.
 */
const MISDEEDS_REST_MS = 20;
/** Where more of the turn was of use, for whoever else calls there: a new method that is not everywhere yet is no attack. */
const MIXED_REST_MS = 2;
/** And so much of a turn is all of it, whatever was counted: what nobody does often is not compiled, and takes many times as long. */
const MISDEEDS_MS = 0.05;
/** Of its first turn, the opening of a connection has taken the most. */
const FIRST_PART = 1 / 4;

export class TurnWork {
  readonly #loop: Loop;
  readonly #perTurn: number;
  #turn: number;
  #left: number;
  /** How much of the turn's work was for what is of no use. */
  #misdeeds = 0;
  /** And how much for calls. */
  #useful = 0;
  /** When the first of it was done; 0 when there is none. */
  #firstMs = 0;
  #tookLong = false;

  constructor(loop: Loop, perTurn: number) {
    this.#loop = loop;
    this.#perTurn = perTurn;
    this.#turn = loop.turn;
    this.#left = perTurn * FIRST_PART;
  }

  /** Bytes come, perhaps in a new turn. */
  begin(): void {
    if (this.#turn === this.#loop.turn) return;
    this.#turn = this.#loop.turn;
    this.#left = this.#perTurn;
    this.#misdeeds = 0;
    this.#useful = 0;
    this.#firstMs = 0;
    this.#tookLong = false;
  }

  /** Whether the peer has had what one may have of a turn: go no further, and let the connection `rest` for `restMs`. */
  get spent(): boolean {
    return this.#left <= 0 || this.#tookLong;
  }

  /** How long the peer waits for its next turn; 0 when that may be the event loop's next. */
  get restMs(): number {
    if (!this.#tookLong && 2 * this.#misdeeds < this.#perTurn) return 0;
    return this.#misdeeds > this.#useful ? MISDEEDS_REST_MS : MIXED_REST_MS;
  }

  /** Honest work. It counts while others wait for theirs: to be called back turn by turn costs who is alone a twentieth of its calls. */
  serve(work: number): void {
    this.#useful += work;
    if (this.#loop.shared) this.#left -= work;
  }

  /** Work that is not for calls. */
  take(work: number): void {
    this.#left -= work;
  }

  /** Work for nothing. `before`: how much of what was counted already turns out to have been for nothing, too. */
  waste(work: number, before = 0): void {
    this.#left -= work;
    this.#misdeeds += work + before;
    this.#useful = Math.max(0, this.#useful - before);
    if (this.#misdeeds <= this.#useful) return; // the time was theirs who called
    const nowMs = this.#loop.clock.now();
    if (this.#firstMs === 0) this.#firstMs = nowMs;
    else if (nowMs - this.#firstMs >= MISDEEDS_MS) this.#tookLong = true;
  }
}
