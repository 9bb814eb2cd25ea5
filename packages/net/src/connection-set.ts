/**
 * The connections to one endpoint: which one a call goes out on, when another is opened, and who waits meanwhile.
 *
 * A connection carries one call at a time until it is multiplexed; then it carries all it may, and further ones are
 * opened only when it is full. Calls that find no free connection wait, in order, up to a bound.
 */
import { RpcError, type Attempt, type AttemptHolder, type Counters, type Timer } from "@kiteline/core";
import { formatAddress, type Address } from "./address.ts";
import { ClientSession, type SessionOwner } from "./client-session.ts";
import { Connection } from "./connection.ts";
import type { Dialed, Dialer } from "./dial.ts";
import type { Loop } from "./loop.ts";
import type { ClientWire } from "./wire.ts";

/**
 * How connections are used. `adaptive`: one call at a time, until a reply on the connection says that the server
 * multiplexes. `pooled`: one call at a time, always. `multiplexed`: from the first call on. `short`: a connection per call.
 */
export type ConnectionMode = "adaptive" | "pooled" | "multiplexed" | "short";

export interface ConnectionSetOptions {
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
  /** Close a connection that carried nothing for this long; `Infinity` keeps it. */
  readonly idleMs: number;
  /** Drain a connection of this age, give or take a tenth, so that calls spread over new servers. */
  readonly maxAgeMs: number;
  /** Pause after the first failed dial; doubles with each, half of it random, up to `maxBackoffMs`. */
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly maxFrameBytes: number;
  readonly maxMessageBytes: number;
  readonly writeBufferBytes: number;
}

export interface ConnectionSetContext {
  readonly loop: Loop;
  readonly dial: Dialer;
  readonly wire: ClientWire;
  readonly counters: Counters;
  readonly options: ConnectionSetOptions;
  readonly random: () => number;
  /** Told when dialling failed and when it succeeded, for ejection and for resolving names anew. */
  readonly onDial?: ((address: Address, error: RpcError | undefined) => void) | undefined;
}

/** The least pause between looks at idle and old connections. */
const MIN_SWEEP_MS = 100;

export class ConnectionSet implements SessionOwner, AttemptHolder {
  readonly address: Address;
  readonly #context: ConnectionSetContext;
  #sessions: ClientSession[] = [];
  /** Idle connections that carry one call at a time; the last used is used first. */
  #idle: ClientSession[] = [];
  #multiplexed: ClientSession[] = [];
  #nextMultiplexed = 0;
  #dialing = 0;
  #waiting: Attempt[] = [];
  #failures = 0;
  #backoffUntilMs = 0;
  #lastError: RpcError | undefined;
  #sweep: Timer | undefined;
  #closed = false;
  #whenEmpty: (() => void)[] = [];

  constructor(address: Address, context: ConnectionSetContext) {
    this.address = address;
    this.#context = context;
  }

  /** Connections that stand. */
  get size(): number {
    return this.#sessions.length;
  }

  /** Sends the attempt on a connection, at once or when one is free; fails it when none can be had. */
  send(attempt: Attempt): void {
    const session = this.#free();
    if (session !== undefined) {
      session.send(attempt);
      return;
    }
    this.#wait(attempt);
  }

  /** Opens the first connection. Resolves when one stands; rejects with the error of the dial. */
  async warm(): Promise<void> {
    if (this.#sessions.length > 0) return;
    await this.#dial();
  }

  /** A waiting attempt's call is over. */
  release(attempt: Attempt): void {
    const index = this.#waiting.indexOf(attempt);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  /** Takes no more calls. Resolves when those in flight have ended; nothing waits after `destroy`. */
  close(): Promise<void> {
    this.#closed = true;
    this.#sweep?.cancel();
    this.#failWaiting(new RpcError("cancelled", "the client was closed", { executed: "no", retriable: false }));
    for (const session of this.#sessions.slice()) session.drain();
    if (this.#sessions.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  /** Ends everything now. */
  destroy(error: RpcError): void {
    this.#closed = true;
    this.#sweep?.cancel();
    this.#failWaiting(error);
    for (const session of this.#sessions.slice()) session.connection.destroy(error);
  }

  onFree(session: ClientSession): void {
    if (session.multiplexed) {
      if (this.#context.options.mode !== "short" && !this.#multiplexed.includes(session)) this.#multiplexed.push(session);
    } else if (this.#context.options.mode === "short") {
      if (session.calls > 0) session.drain();
    } else if (session.inFlight === 0 && !this.#idle.includes(session)) {
      this.#idle.push(session);
    }
    while (this.#waiting.length > 0 && session.free) {
      remove(this.#idle, session);
      session.send(this.#waiting.shift() as Attempt);
    }
  }

  onUnusable(session: ClientSession): void {
    remove(this.#idle, session);
    remove(this.#multiplexed, session);
  }

  onClosed(session: ClientSession): void {
    remove(this.#sessions, session);
    this.#context.counters.connectionsClosed++;
    if (this.#sessions.length === 0) {
      for (const resolve of this.#whenEmpty.splice(0)) resolve();
    }
    this.#dialForWaiting();
  }

  #free(): ClientSession | undefined {
    const multiplexed = this.#multiplexed;
    if (multiplexed.length > 0) {
      for (let tries = multiplexed.length; tries > 0; tries--) {
        const wanted = this.#context.options.multiplexedConnections;
        if (wanted > 1) this.#nextMultiplexed++;
        // One connection carries all it can, since many calls in one write are cheap; more are asked for by option.
        const session = multiplexed[
          (this.#nextMultiplexed + (wanted > 1 ? 0 : multiplexed.length - tries)) % multiplexed.length
        ] as ClientSession;
        if (session.free) {
          if (wanted > multiplexed.length) this.#growMultiplexed();
          return session;
        }
      }
    }
    const session = this.#idle.pop();
    return session?.free === true ? session : undefined;
  }

  #growMultiplexed(): void {
    if (this.#sessions.length + this.#dialing < this.#context.options.multiplexedConnections) this.#dialQuietly();
  }

  #wait(attempt: Attempt): void {
    const { options, loop } = this.#context;
    if (this.#closed) {
      attempt.fail(new RpcError("cancelled", "the client was closed", { executed: "no", retriable: false }));
      return;
    }
    if (this.#sessions.length === 0 && this.#dialing === 0 && loop.clock.now() < this.#backoffUntilMs && this.#lastError !== undefined) {
      const waitMs = Math.ceil(this.#backoffUntilMs - loop.clock.now());
      attempt.fail(
        new RpcError("unavailable", `${this.#lastError.detail}; the next try is in ${waitMs} ms`, {
          executed: "no",
          retriable: true,
          cause: this.#lastError.cause,
        }),
      );
      return;
    }
    if (this.#waiting.length >= options.maxWaiting) {
      attempt.fail(
        new RpcError(
          "resource_exhausted",
          `${this.#waiting.length} calls already wait for one of ${this.#sessions.length} connections to ${formatAddress(this.address)} (maxWaiting, maxConnections)`,
          { executed: "no" },
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
    const { options, loop } = this.#context;
    const wanted = this.#wantedConnections();
    while (
      !this.#closed &&
      this.#dialing < options.maxDials &&
      this.#dialing < this.#waiting.length &&
      this.#sessions.length + this.#dialing < wanted &&
      (this.#failures === 0 || this.#dialing === 0)
    ) {
      if (loop.clock.now() < this.#backoffUntilMs) {
        if (this.#sessions.length === 0 && this.#dialing === 0 && this.#lastError !== undefined) this.#failWaiting(this.#lastError);
        return;
      }
      this.#dialQuietly();
    }
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

  async #dial(): Promise<void> {
    const { loop, dial, counters, options, random, onDial } = this.#context;
    this.#dialing++;
    let dialed: Dialed;
    try {
      dialed = await dial(this.address, loop);
    } catch (reason) {
      this.#dialing--;
      const error = RpcError.from(reason, "unavailable", { executed: "no" });
      counters.connectFailures++;
      const pause = Math.min(options.maxBackoffMs, options.minBackoffMs * 2 ** this.#failures++);
      this.#backoffUntilMs = loop.clock.now() + pause * (0.5 + random() / 2);
      this.#lastError = error;
      onDial?.(this.address, error);
      if (this.#sessions.length === 0) this.#failWaiting(error);
      throw error;
    }
    this.#dialing--;
    this.#failures = 0;
    this.#backoffUntilMs = 0;
    this.#lastError = undefined;
    onDial?.(this.address, undefined);
    this.#open(dialed);
  }

  #open(dialed: Dialed): void {
    const { loop, wire, counters, options } = this.#context;
    counters.connectionsOpened++;
    let session: ClientSession | undefined;
    const connection = new Connection(
      loop,
      dialed.socket,
      formatAddress(this.address),
      (self) =>
        (session = new ClientSession(self, wire, this, {
          multiplexed: options.mode === "multiplexed" && wire.canMultiplex,
          adaptive: options.mode === "adaptive" && wire.canMultiplex,
          maxInFlight: options.maxInFlight,
          maxFrameBytes: options.maxFrameBytes,
        })),
      counters,
      options,
    );
    dialed.onChunk = (chunk, length) => {
      connection.onChunk(chunk, length);
    };
    if (!dialed.readsItself) {
      dialed.socket.on("data", (chunk: Buffer) => {
        connection.onChunk(chunk, chunk.byteLength);
      });
    }
    if (session === undefined) return;
    this.#sessions.push(session);
    if (dialed.socket.destroyed) {
      connection.destroy();
      return;
    }
    if (this.#closed) {
      session.drain();
      return;
    }
    this.#scheduleSweep();
    this.onFree(session);
  }

  #failWaiting(error: RpcError): void {
    const { code, detail, executed, retriable, cause } = error;
    // One error each: what is noted on it, such as the time it took, differs from call to call.
    for (const attempt of this.#waiting.splice(0)) attempt.fail(new RpcError(code, detail, { executed, retriable, cause }));
  }

  #scheduleSweep(): void {
    const { options, loop } = this.#context;
    const period = Math.min(options.idleMs, options.maxAgeMs);
    if (period === Infinity) return;
    this.#sweep ??= loop.clock.after(Math.max(MIN_SWEEP_MS, period / 4), () => {
      this.#sweep = undefined;
      this.#endIdleAndOld();
      if (this.#sessions.length > 0 && !this.#closed) this.#scheduleSweep();
    });
  }

  #endIdleAndOld(): void {
    const { options, loop, random } = this.#context;
    const now = loop.clock.now();
    for (const session of this.#sessions.slice()) {
      const { connection } = session;
      const idle = session.inFlight === 0 && now - connection.lastReadMs >= options.idleMs;
      // Spread by a tenth, so that connections opened together do not all go together.
      const old = now - connection.openedMs >= options.maxAgeMs * (0.9 + random() / 5);
      if (idle || old) session.drain();
    }
  }
}

function remove<T>(list: T[], item: T): void {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}
