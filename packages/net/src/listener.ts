/**
 * Accepts connections and finds out what they speak from their first bytes: TLS, or one of the protocols that
 * packages registered. One port serves them all. Closing is graceful: when nobody connects any more the port is closed, then
 * each session drains.
 */
import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { RpcError, runOutsideCall, type Counters, type Log, type Timer } from "@kiteline/core";
import { adoptAccepted, type AcceptedSocket } from "./accepted-socket.ts";
import { formatAddress, namedPipeHint, type Address } from "./address.ts";
import { Connection, type Session } from "./connection.ts";
import { DialRate } from "./dial-rate.ts";
import { describeCaller, TLS_HANDSHAKE } from "./first-bytes.ts";
import type { Loop } from "./loop.ts";
import type { ServerCertificates } from "./tls.ts";

/** A session of the server's side. */
export interface AcceptedSession extends Session {
  /** Calls that have not been answered. */
  readonly inFlight: number;
  /** Tells the peer that the server is going, where the protocol can. */
  drain(): void;
  /** Whether closing the connection now, while nothing is in flight, could lose a call that the protocol promises to keep. */
  readonly owed: boolean;
  /** Ends a connection that was silent for long, with whatever the protocol says first. Without it the connection is ended at once. */
  endIdle?(): void;
}

/** What a package registers to be recognised on a port. */
export interface Protocol {
  readonly name: string;
  /** Whether these first bytes begin it; `undefined` when more are needed to know. Protocols are asked in their order. */
  recognise(bytes: Buffer, start: number, end: number): boolean | undefined;
  /** Whether `open` can be called. Absent where it always can. */
  readonly loaded?: boolean;
  /** Loads what `open` needs. */
  load?(): Promise<void>;
  open(connection: Connection): AcceptedSession;
}

export interface ListenerOptions {
  readonly maxConnections: number;
  /** Close a connection that carried nothing for this long. */
  readonly idleMs: number;
  /** Close a connection whose begun frame is not complete after this long. */
  readonly frameTimeoutMs: number;
  readonly maxMessageBytes: number;
  readonly writeBufferBytes: number;
}

export interface ListenerContext {
  readonly loop: Loop;
  readonly protocols: readonly Protocol[];
  readonly counters: Counters;
  readonly log: Log;
  readonly options: ListenerOptions;
}

export interface ListenOptions {
  /** Several processes listen on the same port and share its connections. */
  readonly reusePort?: boolean | undefined;
  /** Speak TLS. */
  readonly certificates?: ServerCertificates | undefined;
}

/** No protocol needs more to be recognised. */
const MAX_PROBE_BYTES = 64;
/** Who goes on connecting is accepted and served for this share of the time that a close may take. */
const SERVING_SHARE = 0.5;
/** And then accepted, but not answered, for this long: who waits for an answer does not connect anew. */
const SETTLING_MS = 100;
const DIALS_STEP_MS = 5;
/** The first may have begun before those who wait were looked for. */
const QUIET_TURNS = 2;
const MAX_SETTLING_TURNS = 5000;
const DRAIN_STEP_MS = 20;
/** A connection that was silent for this long while draining is taken for idle, unless its session knows better. */
const DRAIN_IDLE_MS = 100;

/** What to do when an address cannot be had, by the code of the error. */
const HINTS = {
  tcp: {
    EADDRINUSE: " (something else listens there: stop it, or choose another port; 0 takes a free one)",
    EADDRNOTAVAIL: " (this machine has no such address: 0.0.0.0 takes all that it has)",
    ENOTFOUND: " (there is no such host: 0.0.0.0 takes all addresses that this machine has)",
    EACCES: " (the system keeps this port for privileged programs: choose one from 1024 on)",
  },
  unix: {
    EADDRINUSE: " (something else listens there, or a server that was killed left the file behind: remove it then)",
    EACCES: " (the folder is not there, or not ours to write)", // which of them, Node does not say
  },
} as const;

function hintFor({ kind }: Address, { code = "" }: NodeJS.ErrnoException): string {
  return (HINTS[kind] as Readonly<Record<string, string | undefined>>)[code] ?? "";
}

export class Listener {
  readonly #context: ListenerContext;
  readonly #servers: Server[] = [];
  /** Accepted sockets, those that still shake hands included. */
  readonly #sockets = new Set<Socket>();
  readonly #connections = new Set<Connection>();
  #sweep: Timer | undefined;
  readonly #dials = new DialRate();
  #closing = false;
  /** Whether nobody can connect any more, and sessions are told to go. */
  #draining = false;
  /** Whether what waits to be accepted is accepted and not read, before the listening sockets close. */
  #settling = false;
  #accepted = 0;
  /** Whether the last socket was refused for there being too many. */
  #full = false;
  #whenGone: (() => void)[] = [];

  constructor(context: ListenerContext) {
    this.#context = context;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Begins to listen. Rejects with an `RpcError` that says why not, such as a port that is taken. */
  listen(address: Address, options: ListenOptions = {}): Promise<Address> {
    const { reusePort = false, certificates } = options;
    certificates?.listen(
      (socket) => this.#take(socket, peerOf(socket)),
      (error, socket) => {
        // Who says nothing only looks whether the port is open.
        const level = socket.bytesRead === 0 ? "debug" : "warn";
        this.#context.log({ level, message: "refused a caller whose TLS handshake failed", peer: peerOf(socket), error });
        socket.destroy();
      },
    );
    return runOutsideCall(
      () =>
        new Promise((resolve, reject) => {
          const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (socket) =>
            this.#onSocket(socket, certificates),
          );
          // Also when it listens already: too many open files, for one, must not end the process.
          server.on("error", (error: NodeJS.ErrnoException) => {
            if (server.listening)
              this.#context.log({ level: "warn", message: `could not accept a connection on ${formatAddress(address)}`, error });
            const hint = namedPipeHint(address) || hintFor(address, error);
            reject(
              new RpcError("failed_precondition", `cannot listen on ${formatAddress(address)}: ${error.message}${hint}`, {
                executed: "no",
                cause: error,
              }),
            );
          });
          const where = address.kind === "unix" ? { path: address.path } : { host: address.host, port: address.port, reusePort };
          server.listen(where, () => {
            this.#servers.push(server);
            const bound = server.address();
            resolve(address.kind === "tcp" && bound !== null && typeof bound === "object" ? { ...address, port: bound.port } : address);
          });
        }),
    );
  }

  /** Takes a connection that was made elsewhere, such as in this process. */
  accept(socket: Duplex, peer: string): void {
    if (this.#closing) socket.destroy();
    else this.#take(socket, peer);
  }

  /**
   * Also while closing, for those who were shaking hands: their first call may be under way. Chunks come by `adopted`, or else by the
   * socket's "data" events.
   */
  #take(socket: Duplex, peer: string, adopted?: AcceptedSocket): void {
    if (this.#connections.size >= this.#context.options.maxConnections) {
      socket.destroy();
      return;
    }
    const { loop, counters, options } = this.#context;
    const connection = new Connection(
      loop,
      socket,
      peer,
      (self) => new Recogniser(self, this.#context, () => this.#draining),
      counters,
      options,
    );
    this.#connections.add(connection);
    counters.connectionsOpened++;
    if (adopted === undefined) {
      socket.on("data", (chunk: Buffer) => {
        connection.onChunk(chunk, chunk.byteLength);
      });
    } else {
      connection.readsItself = true;
      adopted.onChunk = (chunk, length) => {
        connection.onChunk(chunk, length);
      };
      adopted.nextBuffer = () => connection.nextBuffer();
    }
    socket.on("close", () => {
      this.#connections.delete(connection);
      counters.connectionsClosed++;
      this.#tellGone();
    });
    if (this.#settling) socket.pause();
    this.#scheduleSweep();
  }

  /**
   * Stops accepting once hardly anybody connects, calls `leave`, and lets sessions end: idle ones after a moment, others when their
   * calls have been answered, all of them after `waitMs`. Resolves when the last connection is gone.
   */
  async close(waitMs: number, leave: () => void = () => undefined): Promise<void> {
    this.#closing = true;
    const { clock } = this.#context.loop;
    const last = clock.after(waitMs, () => {
      const late = new RpcError("unavailable", `the server has closed after waiting ${waitMs} ms for its calls (exitWaitMs)`);
      for (const connection of this.#connections) connection.destroy(late);
      for (const socket of this.#sockets) socket.destroy();
    });
    const closed = this.#servers.length === 0 ? [] : await this.#closeServers(waitMs * SERVING_SHARE);
    this.#sweep?.cancel();
    this.#draining = true;
    leave();
    const drainedMs = clock.now();
    for (const connection of this.#connections) (connection.session as AcceptedSession).drain();
    let step: Timer | undefined;
    const look = (): void => {
      const now = clock.now();
      for (const connection of this.#connections) this.#endIfIdle(connection, now, drainedMs);
      // Nobody has said anything on those that are left, or not all of a TLS handshake.
      if (this.#connections.size === 0 && now - drainedMs >= DRAIN_IDLE_MS) for (const socket of this.#sockets) socket.destroy();
      step = clock.after(DRAIN_STEP_MS, look);
    };
    look();
    await new Promise<void>((resolve) => {
      this.#whenGone.push(resolve);
      this.#tellGone();
    });
    last.cancel();
    step?.cancel();
    await Promise.all(closed);
  }

  /**
   * Closes the listening sockets at a moment when nobody connects; resolves with when they are closed.
   *
   * Closing one resets the connections that wait to be accepted, and with them the calls that came on them, which might
   * have been executed for all their callers know. No system call says "no more" and still hands out those who came before. So:
   * - Everybody is served as ever until hardly anybody connects. Callers that keep their connections do not; others cease when they
   *   hear, from wherever they know this server, that it goes. Told by us already, they would connect anew, and to us.
   * - Who does not cease is accepted and not answered for a moment, for each answer lets somebody connect.
   * - The sockets are closed right after a turn in which nobody waited. Left is the moment between the system's answer that nobody
   *   waits and the closing; nothing is read meanwhile, so that it is short.
   */
  async #closeServers(servingMs: number): Promise<Promise<void>[]> {
    await this.#awaitFewDials(servingMs);
    this.#settling = true;
    for (const connection of this.#connections) connection.socket.pause();
    await this.#awaitFewDials(Math.min(SETTLING_MS, servingMs));
    const servers = this.#servers.splice(0);
    const closed = servers.map((server) => new Promise<void>((resolve) => server.once("close", resolve)));
    createServer().close(); // what is closed for the first time in a process takes three times as long
    await this.#whenNobodyWaits(() => {
      for (const server of servers) server.close();
    });
    this.#settling = false;
    for (const connection of this.#connections) if (!connection.paused) connection.socket.resume();
    return closed;
  }

  /** Runs the task right behind the system's answer that nobody waits to be accepted, before anything else has its turn. */
  #whenNobodyWaits(task: () => void): Promise<void> {
    const { counters } = this.#context;
    let turns = 0;
    let quiet = 0;
    return new Promise((resolve) => {
      const look = (before: number): void => {
        const now = this.#accepted + counters.bytesWritten;
        quiet = now === before ? quiet + 1 : 0;
        if (quiet < QUIET_TURNS && ++turns < MAX_SETTLING_TURNS) {
          setImmediate(look, now);
          return;
        }
        task();
        resolve();
      };
      look(-1);
    });
  }

  async #awaitFewDials(atMostMs: number): Promise<void> {
    const { clock } = this.#context.loop;
    const endMs = clock.now() + atMostMs;
    while (!this.#dials.isLow(clock.now()) && clock.now() < endMs) {
      await new Promise<void>((resolve) => clock.after(DIALS_STEP_MS, resolve));
    }
  }

  #tellGone(): void {
    if (this.#connections.size === 0 && this.#sockets.size === 0) for (const resolve of this.#whenGone.splice(0)) resolve();
  }

  /** Idle since it was told that we go, that is: what had been sent to us before shall have come. */
  #endIfIdle(connection: Connection, nowMs: number, drainedMs: number): void {
    const idleMs = nowMs - Math.max(connection.lastReadMs, drainedMs);
    const session = connection.session as AcceptedSession;
    // Our side has said its last; some clients keep such a connection until they next want it.
    if (connection.ended && idleMs >= DRAIN_IDLE_MS && connection.unwrittenBytes === 0) connection.destroy();
    if (connection.closed || session.inFlight > 0 || session.owed || connection.restBytes > 0) return;
    if (idleMs >= DRAIN_IDLE_MS) connection.end();
  }

  #onSocket(accepted: Socket, certificates: ServerCertificates | undefined): void {
    const { log, loop, options } = this.#context;
    this.#accepted++;
    this.#dials.add(loop.clock.now());
    if (this.#draining || this.#sockets.size >= options.maxConnections) {
      if (!this.#full && !this.#draining) {
        log({
          level: "warn",
          message: `refuses connections: there are ${options.maxConnections} already (maxConnections)`,
          peer: peerOf(accepted),
        });
      }
      this.#full = true;
      accepted.destroy();
      return;
    }
    this.#full = false;
    // TLS reads what it decrypts from the socket by its own means.
    const adopted = certificates === undefined ? adoptAccepted(accepted, loop.readBuffer) : undefined;
    const socket = adopted?.socket ?? accepted;
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      this.#tellGone();
    });
    if (certificates === undefined) {
      this.#take(socket, peerOf(socket), adopted);
      return;
    }
    if (!certificates.permissive) {
      certificates.shakeHands(socket);
      return;
    }
    socket.once("error", () => socket.destroy());
    const silent = loop.clock.after(options.idleMs, () => socket.destroy());
    socket.once("close", () => silent.cancel());
    socket.once("data", (first: Buffer) => {
      silent.cancel();
      socket.pause();
      socket.unshift(first);
      if (first[0] === TLS_HANDSHAKE) {
        certificates.shakeHands(socket);
      } else {
        log({ level: "debug", message: "accepted plaintext on a port that also speaks TLS", peer: peerOf(socket) });
        this.#take(socket, peerOf(socket));
        socket.resume();
      }
    });
  }

  #scheduleSweep(): void {
    const { loop, options } = this.#context;
    const period = Math.min(options.idleMs, options.frameTimeoutMs);
    if (period === Infinity || this.#draining) return;
    this.#sweep ??= loop.clock.after(period / 2, () => {
      this.#sweep = undefined;
      this.#endSilent();
      if (this.#connections.size > 0) this.#scheduleSweep();
    });
  }

  #endSilent(): void {
    const { loop, options, log } = this.#context;
    const now = loop.clock.now();
    for (const connection of this.#connections) {
      const silentMs = now - connection.lastReadMs;
      if (connection.restBytes > 0 && !connection.paused && now - connection.restSinceMs > options.frameTimeoutMs) {
        log({
          level: "warn",
          message: `closed a connection whose frame was not complete after ${options.frameTimeoutMs} ms (frameTimeoutMs)`,
          peer: connection.peer,
        });
        connection.destroy();
      } else if ((connection.session as AcceptedSession).inFlight === 0 && silentMs > options.idleMs) {
        const session = connection.session as AcceptedSession;
        if (session.endIdle === undefined) connection.end();
        else session.endIdle();
      }
    }
  }
}

function peerOf(socket: Socket): string {
  const { remoteAddress, remotePort } = socket;
  return remoteAddress === undefined ? "unix:" : formatAddress({ kind: "tcp", host: remoteAddress, port: remotePort ?? 0 });
}

/** The session of a connection whose protocol is not known yet. */
class Recogniser implements AcceptedSession {
  readonly inFlight = 0;
  readonly owed = false;
  readonly wantedBytes = 0;
  readonly #connection: Connection;
  readonly #context: ListenerContext;
  readonly #draining: () => boolean;

  constructor(connection: Connection, context: ListenerContext, draining: () => boolean) {
    this.#connection = connection;
    this.#context = context;
    this.#draining = draining;
  }

  onBytes(bytes: Buffer, start: number, end: number): number {
    let undecided = false;
    for (const protocol of this.#context.protocols) {
      const answer = protocol.recognise(bytes, start, end);
      if (answer === true) {
        if (protocol.loaded === false && protocol.load !== undefined) {
          this.#await(protocol.name, protocol.load());
          return start;
        }
        const session = protocol.open(this.#connection);
        this.#connection.session = session;
        if (this.#draining()) session.drain();
        return session.onBytes(bytes, start, end);
      }
      // Nobody behind is asked before it has decided: what a connection speaks must not depend on how its bytes are cut.
      if (answer === undefined) {
        undecided = true;
        break;
      }
    }
    if (undecided && end - start < MAX_PROBE_BYTES) return start;
    this.#context.log({
      level: "warn",
      message: `closed a connection that ${describeCaller(bytes, start, end)}`,
      peer: this.#connection.peer,
    });
    this.#connection.destroy();
    return end;
  }

  /** What has come is kept and recognised again once it can be understood. */
  #await(name: string, loading: Promise<void>): void {
    const connection = this.#connection;
    connection.pause();
    loading.then(
      () => connection.resume(),
      (error: unknown) => {
        this.#context.log({ level: "error", message: `closed a connection that speaks ${name}, which cannot be loaded`, error });
        connection.destroy();
      },
    );
  }

  drain(): void {}

  onEnd(): void {
    this.#connection.end();
  }

  onClose(): void {}
  onDrain(): void {}
  onFlush(): void {}
}
