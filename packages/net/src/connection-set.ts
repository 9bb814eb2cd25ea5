/**
 * The connections to one endpoint: which one a call goes out on, when another is opened, and who waits meanwhile.
 *
 * A connection carries one call at a time until it is multiplexed; then it carries all it may, and further ones are
 * opened only when it is full. Calls that find no free connection wait, in order, up to a bound.
 */
import { RpcError, runOutsideCall, type Attempt, type AttemptHolder, type Counters, type Timer } from "@kiteline/core";
import { formatAddress, type Address } from "./address.ts";
import { Backoff, type BackoffOptions } from "./backoff.ts";
import type { CallSession, SessionOpener, SessionOwner } from "./call-session.ts";
import { Connection } from "./connection.ts";
import { nobodyListens, type Dialed, type Dialer, type DialTimes } from "./dial.ts";
import type { Loop } from "./loop.ts";
import { Sweep, type SweepOptions } from "./sweep.ts";
import { WaitingLine } from "./waiting-line.ts";

/**
 * How connections are used. `adaptive`: one call at a time, until a reply on the connection says that the server
 * multiplexes. `pooled`: one call at a time, always. `multiplexed`: from the first call on. `short`: a connection per call.
 */
export type ConnectionMode = "adaptive" | "pooled" | "multiplexed" | "short";

export interface ConnectionSetOptions extends BackoffOptions, SweepOptions {
  readonly mode: ConnectionMode;
  /** Multiplexed connections per endpoint. */
  readonly multiplexedConnections: number;
  /** Connections per endpoint in all. */
  readonly maxConnections: number;
  /** Calls in flight on one multiplexed connection. */
  readonly maxInFlight: number;
  /** Calls waiting for a connection. */
  readonly maxWaiting: number;
  /** Connections being opened at once. */
  readonly maxDials: number;
  readonly maxFrameBytes: number;
  readonly maxMessageBytes: number;
  readonly writeBufferBytes: number;
}

export interface ConnectionSetContext {
  readonly loop: Loop;
  readonly dial: Dialer;
  /** Begins to speak on a connection that stands. */
  readonly open: SessionOpener;
  /** Whether a connection that begins with one call at a time may turn multiplexed. */
  readonly canMultiplex: boolean;
  readonly counters: Counters;
  readonly options: ConnectionSetOptions;
  readonly random: () => number;
  /** Told when dialling failed and when it succeeded, for ejection and for resolving names anew. */
  readonly onDial?: ((address: Address, error: RpcError | undefined) => void) | undefined;
}

/** A server that has not answered any call by then is taken for one that takes one at a time, until it shows otherwise. */
const PROOF_MS = 50;
/** Servers that leave close what is idle; Kitex's do 100 ms after they began. */
const LEAVING_IDLE_MS = 50;

export class ConnectionSet implements SessionOwner, AttemptHolder {
  readonly address: Address;
  readonly #context: ConnectionSetContext;
  #sessions: CallSession[] = [];
  /** Those of them that take calls, now or when they are free again. */
  readonly #usable = new Set<CallSession>();
  /** Idle connections that carry one call at a time; the last used is used first. */
  #idle: CallSession[] = [];
  #multiplexed: CallSession[] = [];
  #nextMultiplexed = 0;
  #dialing = 0;
  readonly #waiting = new WaitingLine();
  readonly #backoff: Backoff;
  /** Whether the connection opened last has turned out to be of use. */
  #standing = false;
  /** Whether the server has been said to leave, or nobody listened there, since a connection was last made. */
  #leaving = false;
  #lastDial: { readonly endedMs: number; readonly times: DialTimes } | undefined;
  /** When the first of the connections that stand was opened. */
  #openedMs = 0;
  #nextDial: Timer | undefined;
  readonly #sweep: Sweep;
  #closed = false;
  /** Whether no connection is kept that has nothing to do. */
  #retired = false;
  #whenGone: (() => void)[] = [];

  constructor(address: Address, context: ConnectionSetContext) {
    this.address = address;
    this.#context = context;
    const { loop, options, random } = context;
    this.#backoff = new Backoff(options, random);
    this.#sweep = new Sweep(loop, options, random, () => this.#sessions);
  }

  /** When the connection that was opened last stood, by the turn's clock, and how long that took; `undefined` before the first. */
  get lastDial(): { readonly endedMs: number; readonly times: DialTimes } | undefined {
    return this.#lastDial;
  }

  /** Connections that stand. */
  get size(): number {
    return this.#sessions.length;
  }

  /** Sends the attempt on a connection, at once or when one is free; fails it when none can be had. */
  send(attempt: Attempt): void {
    const session = this.#free();
    if (session === undefined) {
      this.#wait(attempt);
      return;
    }
    session.send(attempt);
    // The request could not be written: the connection is not used after all.
    if (!session.multiplexed && session.free) this.onFree(session);
  }

  /** Opens the first connection. Resolves when one stands; rejects with the error of the dial. */
  async warm(): Promise<void> {
    if (this.#usable.size > 0) return;
    if (this.#closed) throw this.#wasClosed();
    await this.#dial();
  }

  /** A waiting attempt's call is over. */
  release(_attempt: Attempt): void {
    this.#waiting.left();
    if (this.#waiting.size > 0) return;
    this.#nextDial?.cancel();
    this.#nextDial = undefined;
    this.#tellGone();
  }

  /**
   * Keeps no connection any longer than it has calls. Who waits for one gets one, and so does who comes later, with a route from before.
   * Resolves when nobody waits and no connection stands or is being opened.
   */
  retire(): Promise<void> {
    this.#retired = true;
    if (this.#waiting.size === 0) for (const session of this.#sessions.slice()) session.drain();
    return this.#untilGone();
  }

  /** Takes no more calls. Resolves when those in flight have ended and no connection stands or is being opened. */
  close(): Promise<void> {
    this.#closed = true;
    this.#sweep.stop();
    this.#nextDial?.cancel();
    this.#failWaiting(this.#wasClosed());
    for (const session of this.#sessions.slice()) session.drain();
    return this.#untilGone();
  }

  /** Ends the connections that stand, so that their servers see that nobody waits any more; their calls fail with this. */
  cut(error: RpcError): void {
    for (const session of this.#sessions.slice()) session.connection.reset(error);
  }

  /** Ends everything now. */
  destroy(error: RpcError): void {
    this.#closed = true;
    this.#sweep.stop();
    this.#nextDial?.cancel();
    this.#failWaiting(error);
    for (const session of this.#sessions.slice()) session.connection.destroy(error);
  }

  get #gone(): boolean {
    return this.#sessions.length === 0 && this.#dialing === 0 && this.#waiting.size === 0;
  }

  #untilGone(): Promise<void> {
    return this.#gone ? Promise.resolve() : new Promise((resolve) => this.#whenGone.push(resolve));
  }

  #tellGone(): void {
    if (this.#gone) for (const resolve of this.#whenGone.splice(0)) resolve();
  }

  #wasClosed(): RpcError {
    return new RpcError("cancelled", "the client was closed", { executed: "no", retriable: false });
  }

  onFree(session: CallSession): void {
    if (!this.#standing && !session.stillborn) this.#succeeded();
    if (this.#context.options.mode === "short" && session.calls > 0) {
      session.drain();
      return;
    }
    while (this.#waiting.size > 0 && session.free) session.send(this.#waiting.shift() as Attempt);
    if (this.#retired && this.#waiting.size === 0) {
      session.drain();
      return;
    }
    if (session.multiplexed) {
      if (!this.#multiplexed.includes(session)) this.#multiplexed.push(session);
    } else if (session.free && !this.#idle.includes(session)) {
      this.#idle.push(session);
    }
    if (this.#waiting.size > 0) this.#dialForWaiting();
  }

  onUnusable(session: CallSession): void {
    this.#usable.delete(session);
    remove(this.#idle, session);
    remove(this.#multiplexed, session);
    // Another in its place, where somebody waits for one. What has come to nothing has its pause first, once it is closed.
    if (this.#waiting.size > 0 && !session.stillborn) this.#dialForWaiting();
  }

  onLeaving(): void {
    this.#leaving = true;
  }

  onClosed(session: CallSession, error: Error | undefined): void {
    remove(this.#sessions, session);
    this.#context.counters.connectionsClosed++;
    if (session.stillborn && !this.#closed) {
      const reason =
        error ??
        new Error(
          "the peer closed the connection before it had said anything (does it want TLS, or another protocol? see the options tls and protocol)",
        );
      this.#failed(RpcError.from(reason, "unavailable", { executed: "no", retriable: true }));
    }
    this.#tellGone();
    this.#dialForWaiting();
  }

  #free(): CallSession | undefined {
    const multiplexed = this.#multiplexed;
    if (multiplexed.length > 0) {
      for (let tries = multiplexed.length; tries > 0; tries--) {
        const wanted = this.#context.options.multiplexedConnections;
        if (wanted > 1) this.#nextMultiplexed++;
        // One connection carries all it can, since many calls in one write are cheap; more are asked for by option.
        const session = multiplexed[
          (this.#nextMultiplexed + (wanted > 1 ? 0 : multiplexed.length - tries)) % multiplexed.length
        ] as CallSession;
        if (session.free) {
          if (wanted > multiplexed.length) this.#growMultiplexed();
          return session;
        }
      }
    }
    for (let session = this.#idle.pop(); session !== undefined; session = this.#idle.pop()) {
      if (!session.free) continue; // it comes back when it is
      if (!this.#mayBeClosing(session)) return session;
      session.drain();
    }
    return undefined;
  }

  /** Whether a call on it might meet the server closing it, which nobody could tell from a call that was lost on its way back. */
  #mayBeClosing({ connection }: CallSession): boolean {
    return this.#leaving && this.#context.loop.now() - connection.lastReadMs >= LEAVING_IDLE_MS;
  }

  #growMultiplexed(): void {
    if (this.#usable.size + this.#dialing < this.#context.options.multiplexedConnections) this.#dialQuietly();
  }

  #wait(attempt: Attempt): void {
    const { options, loop } = this.#context;
    if (this.#closed) {
      attempt.fail(this.#wasClosed());
      return;
    }
    const hopeless = this.#usable.size === 0 && this.#dialing === 0;
    const refusal = hopeless ? this.#backoff.refusal(loop.clock.now()) : undefined;
    if (refusal !== undefined) {
      attempt.fail(refusal);
      return;
    }
    if (this.#waiting.size >= options.maxWaiting) {
      attempt.fail(
        new RpcError(
          "resource_exhausted",
          `${this.#waiting.size} calls already wait for one of ${this.#sessions.length} connections to ${formatAddress(this.address)} (maxWaiting, maxConnections)`,
          { executed: "no", retriable: true }, // another endpoint may be less busy
        ),
      );
      return;
    }
    attempt.holder = this;
    this.#waiting.push(attempt);
    this.#dialForWaiting();
  }

  /** Opens what those who wait could use, within the bounds. */
  #dialForWaiting(): void {
    const { options, loop, canMultiplex } = this.#context;
    const adaptive = options.mode === "adaptive" && canMultiplex;
    while (this.#dialing < Math.min(this.#waiting.size, options.maxDials)) {
      const count = this.#usable.size + this.#dialing;
      if (count >= this.#wantedConnections() || (this.#backoff.lastError !== undefined && this.#dialing > 0)) return;
      const now = loop.clock.now();
      const { untilMs, lastError } = this.#backoff;
      if (now < untilMs) {
        if (count === 0 && lastError !== undefined) {
          this.#failWaiting(lastError);
          this.#tellGone();
        } else {
          this.#dialAt(untilMs);
        }
        return;
      }
      // Whether more connections are of any use shows when the server has answered on one.
      if (adaptive && count >= options.maxDials && !this.#sessions.some((session) => session.proven)) {
        const knownMs = this.#openedMs + PROOF_MS;
        if (now < knownMs) {
          this.#dialAt(knownMs);
          return;
        }
      }
      this.#dialQuietly();
    }
  }

  /** Looks again at whether to dial. */
  #dialAt(timeMs: number): void {
    const { clock } = this.#context.loop;
    const look = (): void => {
      this.#nextDial = undefined;
      this.#dialForWaiting();
    };
    this.#nextDial ??= clock.after(timeMs - clock.now(), look, true); // callers wait
  }

  #wantedConnections(): number {
    const { mode, multiplexedConnections, maxConnections } = this.#context.options;
    if (mode === "multiplexed" || this.#multiplexed.length > 0) return Math.min(maxConnections, Math.max(1, multiplexedConnections));
    return maxConnections;
  }

  #dialQuietly(): void {
    this.#dial().catch(() => {
      // Those who wait have been told, and the counters too.
    });
  }

  #dial(): Promise<void> {
    // Outside of the call that happens to need it, which the connection outlives.
    return runOutsideCall(() => this.#connect());
  }

  async #connect(): Promise<void> {
    const { loop, dial } = this.#context;
    this.#dialing++;
    let dialed: Dialed;
    try {
      dialed = await dial(this.address, loop);
    } catch (reason) {
      this.#dialing--;
      const error = RpcError.from(reason, "unavailable", { executed: "no" });
      if (error.cause instanceof Error && nobodyListens(error.cause)) this.#leaving = true;
      this.#failed(error);
      if (this.#usable.size + this.#dialing === 0) this.#failWaiting(error);
      else this.#dialForWaiting();
      this.#tellGone();
      throw error;
    }
    this.#dialing--;
    this.#standing = false;
    if (dialed.times !== undefined) this.#lastDial = { endedMs: loop.now(), times: dialed.times };
    this.#open(dialed);
  }

  /** The next dial waits. */
  #failed(error: RpcError): void {
    const { loop, counters, onDial } = this.#context;
    counters.connectFailures++;
    this.#backoff.failed(error, loop.clock.now());
    onDial?.(this.address, error);
  }

  /** The connection opened last is of use. */
  #succeeded(): void {
    this.#standing = true;
    this.#leaving = false;
    this.#backoff.succeeded();
    this.#context.onDial?.(this.address, undefined);
  }

  #open(dialed: Dialed): void {
    const { loop, open, counters, options } = this.#context;
    counters.connectionsOpened++;
    let session: CallSession | undefined;
    const connection = new Connection(
      loop,
      dialed.socket,
      formatAddress(this.address),
      (self) => (session = open(self, this)),
      counters,
      options,
    );
    dialed.onChunk = (chunk, length) => {
      connection.onChunk(chunk, length);
    };
    dialed.nextBuffer = () => connection.nextBuffer();
    if (!dialed.readsItself) {
      dialed.socket.on("data", (chunk: Buffer) => {
        connection.onChunk(chunk, chunk.byteLength);
      });
    }
    if (session === undefined) return;
    if (this.#usable.size === 0) this.#openedMs = loop.clock.now();
    this.#sessions.push(session);
    this.#usable.add(session);
    if (dialed.socket.destroyed) {
      connection.destroy();
      return;
    }
    if (this.#closed) {
      session.drain();
      return;
    }
    this.#sweep.start();
    this.onFree(session);
  }

  #failWaiting(error: RpcError): void {
    const { code, detail, executed, retriable, cause } = error;
    for (let attempt = this.#waiting.shift(); attempt !== undefined; attempt = this.#waiting.shift()) {
      // One error each: what is noted on it, such as the time it took, differs from call to call.
      attempt.fail(RpcError.withoutStack(code, detail, { executed, retriable, cause }));
    }
  }
}

function remove<T>(list: T[], item: T): void {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}
