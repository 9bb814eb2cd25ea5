/**
 * The calls of one client connection: which sequence ids wait for an answer, and what becomes of them when the
 * connection ends. A session begins with one call at a time and turns multiplexed when a reply says that the peer
 * answers in any order (or from the start, when told to).
 */
import { RpcError, textOf, type Attempt, type AttemptHolder } from "@kiteline/core";
import type { CallSession, SessionOpener, SessionOwner } from "./call-session.ts";
import type { Connection } from "./connection.ts";
import type { ConnectionSetOptions } from "./connection-set.ts";
import { describeAnswer } from "./first-bytes.ts";
import { TooLarge } from "./output.ts";
import type { Framer } from "./payload.ts";
import { refusedCertificate } from "./refused-certificate.ts";
import { ReplyFrame, type ClientWire } from "./wire.ts";

const FIRST_SLOTS = 16;
/** Calls given up whose answers may still come; a peer that owes us more than this is taken for stuck. */
const MAX_OWED = 4096;

export interface ClientSessionOptions {
  readonly multiplexed: boolean;
  /** Whether a reply may turn the session multiplexed. */
  readonly adaptive: boolean;
  /** Calls in flight on a multiplexed connection. */
  readonly maxInFlight: number;
  readonly maxFrameBytes: number;
  /** The sequence id before the first. Defaults to 0. */
  readonly seq?: number | undefined;
}

/** Speaks a wire on the connections of a set. */
export function wireSessions(wire: ClientWire, { mode, maxInFlight, maxFrameBytes }: ConnectionSetOptions): SessionOpener {
  const options = {
    multiplexed: mode === "multiplexed" && wire.canMultiplex,
    adaptive: mode === "adaptive" && wire.canMultiplex,
    maxInFlight,
    maxFrameBytes,
  };
  return (connection, owner) => new ClientSession(connection, wire, owner, options);
}

/** A sequence id whose call was given up. */
const OWED = Symbol("owed");

type Slot = Attempt | typeof OWED | undefined;

export class ClientSession implements CallSession, AttemptHolder {
  readonly connection: Connection;
  multiplexed: boolean;
  /** Whether a reply has come: then it is known whether the peer multiplexes. */
  proven = false;
  /** Peers say nothing before they are asked. */
  readonly stillborn = false;
  inFlight = 0;
  /** Whether no call may be sent any more. */
  closing = false;
  wantedBytes = 0;
  /** Calls sent since the connection was opened. */
  calls = 0;

  readonly #wire: ClientWire;
  readonly #owner: SessionOwner;
  readonly #options: ClientSessionOptions;
  readonly #frameBytes: Framer;
  readonly #frame = new ReplyFrame();
  /** Attempts by sequence id modulo its length, a power of two. */
  #slots: Slot[] = new Array<undefined>(FIRST_SLOTS).fill(undefined);
  #seqs = new Int32Array(FIRST_SLOTS);
  #mask = FIRST_SLOTS - 1;
  #used = 0;
  #owed = 0;
  #seq: number;
  #flushedSeq: number;
  #peerEnded = false;
  /** Whether anything has come at all. */
  #heard = false;

  constructor(connection: Connection, wire: ClientWire, owner: SessionOwner, options: ClientSessionOptions) {
    this.connection = connection;
    this.multiplexed = options.multiplexed;
    this.#wire = wire;
    this.#frameBytes = wire.makeFramer();
    this.#owner = owner;
    this.#options = options;
    this.#seq = this.#flushedSeq = options.seq ?? 0;
  }

  /** Whether a call can be sent now. */
  get free(): boolean {
    return !this.closing && !this.connection.blocked && this.inFlight < (this.multiplexed ? this.#options.maxInFlight : 1);
  }

  /**
   * Writes the attempt's request; it leaves when the turn ends. Fails the attempt when the request cannot be encoded;
   * the session is as free then as before.
   */
  send(attempt: Attempt): void {
    const { connection } = this;
    const { output } = connection;
    const seq = this.#nextSeq();
    attempt.seq = seq;
    output.begin();
    try {
      // Who would turn multiplexed takes answers in any order from the start: it has one call under way until it knows.
      this.#wire.write(output, attempt, this.multiplexed || this.#options.adaptive);
      output.end();
    } catch (error) {
      output.rollback();
      const code = error instanceof TooLarge ? "resource_exhausted" : "invalid_argument";
      attempt.fail(RpcError.from(error, code, { executed: "no", retriable: false }));
      return;
    }
    this.calls++;
    attempt.sentMs = connection.loop.now();
    const oneway = attempt.call.method.kind === "oneway";
    // Those without an answer may be many, too.
    connection.pace.onCall(oneway ? Infinity : this.inFlight);
    connection.scheduleFlush();
    if (oneway) {
      this.#sentOneway(attempt);
      return;
    }
    attempt.holder = this;
    const slot = seq & this.#mask;
    this.#slots[slot] = attempt;
    this.#seqs[slot] = seq;
    this.#used++;
    this.inFlight++;
  }

  /** Takes no more calls; ends when the last answer has come. */
  drain(): void {
    if (this.closing) return;
    this.closing = true;
    this.#owner.onUnusable(this);
    this.#endIfDone();
  }

  /** The caller has given up: the answer, if it comes, is for nobody. */
  release(attempt: Attempt): void {
    const slot = attempt.seq & this.#mask;
    if (this.#slots[slot] !== attempt) return;
    this.#slots[slot] = OWED;
    this.inFlight--;
    if (!this.multiplexed) {
      // A late answer would be taken for that of the next call.
      this.connection.reset(new RpcError("cancelled", "the caller gave up, and the connection can carry no other call"));
      return;
    }
    if (++this.#owed > MAX_OWED) {
      this.#fail(new RpcError("unavailable", `the peer has not answered ${MAX_OWED} calls that were given up`));
      return;
    }
    if (this.closing) this.#endIfDone();
    else this.#owner.onFree(this);
  }

  onBytes(bytes: Buffer, start: number, end: number): number {
    let at = start;
    this.#heard = true;
    this.wantedBytes = 0;
    this.connection.pace.onAnswers(this.inFlight);
    try {
      while (at < end) {
        const size = this.#frameBytes(bytes, at, end);
        if (size === 0) break;
        if (size > this.#options.maxFrameBytes) {
          throw new RpcError(
            "resource_exhausted",
            `the peer sent a frame of ${size} bytes, more than maxFrameBytes (${this.#options.maxFrameBytes})`,
          );
        }
        if (at + size > end) {
          this.wantedBytes = size;
          break;
        }
        this.#onFrame(bytes, at, at + size);
        at += size;
        if (this.connection.ended) return end;
      }
    } catch (error) {
      this.#fail(this.#explain(RpcError.from(error, "internal"), bytes, at, end));
      return end;
    }
    return at;
  }

  /** A peer whose very first answer cannot be read may speak something else. */
  #explain(error: RpcError, bytes: Buffer, start: number, end: number): RpcError {
    const answer = this.proven ? undefined : describeAnswer(bytes, start, end);
    if (answer === undefined) return error;
    return new RpcError(error.code, `${error.detail} (${answer})`, { executed: error.executed, retriable: error.retriable, cause: error });
  }

  #onFrame(bytes: Buffer, start: number, end: number): void {
    const frame = this.#frame;
    frame.thrown = false;
    frame.control = false;
    frame.exception = false;
    frame.multiplexed = false;
    frame.closing = false;
    this.#wire.open(bytes, start, end, frame);
    if (frame.closing && !this.closing) {
      this.closing = true;
      // With an exception it may be about this connection alone: Kitex says so of one whose request it could not read.
      if (!frame.exception) this.#owner.onLeaving();
      this.#owner.onUnusable(this);
    }
    if (frame.control) {
      this.#endIfDone();
      return;
    }
    const attempt = this.#takeAttempt(frame);
    this.proven = true;
    if (frame.multiplexed && this.#options.adaptive) this.multiplexed = true;
    if (attempt !== OWED) {
      let value: unknown;
      try {
        value = this.#wire.read(frame, attempt);
      } catch (error) {
        // Where the frame ends is known, so that the other calls of the connection are none the worse.
        value = new RpcError("internal", `the reply cannot be read: ${textOf(error)}`, { executed: "yes", retriable: false, cause: error });
        frame.thrown = true;
      }
      if (frame.thrown) attempt.fail(value as Error);
      else attempt.succeed(value);
    }
    if (this.closing) this.#endIfDone();
    else if (this.free) this.#owner.onFree(this);
  }

  /** Finds whom the frame answers and forgets it. Throws when it answers nobody. */
  #takeAttempt(frame: ReplyFrame): Attempt | typeof OWED {
    let slot = frame.seq & this.#mask;
    let attempt = this.#slots[slot];
    if (attempt === undefined || this.#seqs[slot] !== frame.seq) {
      // Without multiplexing there is one call that can be meant; error messages may leave their sequence id at 0.
      slot = this.#seq & this.#mask;
      attempt = this.multiplexed || !frame.exception ? undefined : this.#slots[slot];
      if (attempt === undefined) {
        throw new RpcError("internal", `the peer answered call ${frame.seq}, which was not made on this connection`);
      }
    }
    this.#slots[slot] = undefined;
    this.#used--;
    if (attempt === OWED) this.#owed--;
    else this.inFlight--;
    return attempt;
  }

  onEnd(): void {
    this.#peerEnded = true;
    this.#fail(new RpcError("unavailable", "the peer closed the connection"));
  }

  onDrain(): void {
    if (this.free) this.#owner.onFree(this);
  }

  onFlush(): void {
    this.#flushedSeq = this.#seq;
  }

  onClose(error: Error | undefined): void {
    this.closing = true;
    this.#owner.onUnusable(this);
    const refused = refusedCertificate(error);
    const said = error === undefined ? "the connection was closed" : error instanceof RpcError ? error.detail : error.message;
    const hint = this.#hint(error);
    const slots = this.#slots;
    this.#slots = [];
    this.inFlight = 0;
    this.#owner.onClosed(this, error);
    for (const attempt of slots) {
      if (attempt === undefined || attempt === OWED) continue;
      const sent = refused === undefined && ((this.#flushedSeq - attempt.seq) | 0) >= 0;
      const code = error instanceof RpcError && error.code !== "cancelled" ? error.code : "unavailable";
      attempt.fail(
        RpcError.withoutStack(code, refused ?? `${said}, ${sent ? `before the answer came${hint}` : "before the request was sent"}`, {
          executed: sent ? "maybe" : "no",
          retriable: code === "unavailable",
          peer: this.connection.peer,
          cause: error,
        }),
      );
    }
  }

  /** What to look at when the peer leaves without a word: whoever does not understand a protocol does so. */
  #hint(error: NodeJS.ErrnoException | undefined): string {
    if (this.#heard || (!this.#peerEnded && error?.code !== "ECONNRESET")) return "";
    return ` (it has answered nothing on this connection: does it speak ${this.#wire.name}, or want TLS or a certificate? see the options protocol and tls)`;
  }

  #sentOneway(attempt: Attempt): void {
    attempt.succeed(undefined);
    if (this.multiplexed) return;
    // Nothing will tell when the server has read it, so the connection is of no further use (Kitex does the same).
    this.closing = true;
    this.#owner.onUnusable(this);
    this.#endIfDone();
  }

  #endIfDone(): void {
    // Answers that nobody waits for any more are not waited for.
    if (this.inFlight === 0) this.connection.end();
  }

  #fail(error: RpcError): void {
    this.connection.destroy(error);
  }

  #nextSeq(): number {
    if (this.#used * 2 > this.#mask) this.#growSlots();
    let seq = this.#seq;
    do {
      seq = (seq + 1) | 0;
    } while (seq === 0 || this.#slots[seq & this.#mask] !== undefined);
    this.#seq = seq;
    return seq;
  }

  #growSlots(): void {
    const length = 2 * (this.#mask + 1);
    const slots: Slot[] = new Array<undefined>(length).fill(undefined);
    const seqs = new Int32Array(length);
    for (let slot = 0; slot <= this.#mask; slot++) {
      const seq = this.#seqs[slot] as number;
      if (this.#slots[slot] === undefined) continue;
      slots[seq & (length - 1)] = this.#slots[slot];
      seqs[seq & (length - 1)] = seq;
    }
    this.#slots = slots;
    this.#seqs = seqs;
    this.#mask = length - 1;
  }
}
