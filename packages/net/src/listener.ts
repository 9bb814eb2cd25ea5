/**
 * Accepts connections and finds out what they speak from their first bytes: TLS, or one of the protocols that
 * packages registered. One port serves them all. Closing is graceful: when nobody connects any more the port is closed, then
 * each session drains.
 */
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { RpcError, type Counters, type Log, type Timer } from "@kiteline/core";
import { adoptAccepted, type AcceptedSocket } from "./accepted-socket.ts";
import { formatAddress, type Address } from "./address.ts";
import { Connection } from "./connection.ts";
import { Drain } from "./drain.ts";
import { TLS_HANDSHAKE } from "./first-bytes.ts";
import { Handshakes } from "./handshakes.ts";
import type { Loop } from "./loop.ts";
import { Openings } from "./openings.ts";
import { Ports } from "./ports.ts";
import type { AcceptedSession, Protocol } from "./protocol.ts";
import { SHORTLY_RECEIVED } from "./received.ts";
import { Recogniser, type RecogniserContext } from "./recogniser.ts";
import type { ServerCertificates } from "./tls.ts";

export interface ListenerOptions {
  readonly maxConnections: number;
  /** Close a connection that carried nothing for this long. */
  readonly idleMs: number;
  /** Close a connection whose begun frame is not complete after this long. */
  readonly frameTimeoutMs: number;
  /** Connections that are opened, and TLS handshakes that begin, in a second while others are busy; `Infinity`: as many as come. */
  readonly openingsPerSecond: number;
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

/** Who goes on connecting is accepted and served for this share of the time that a close may take. */
const SERVING_SHARE = 0.5;
/** How long a caller may take to begin its handshake where nothing else is spoken, and then for the handshake. */
const SILENT_MS = 10_000;

export class Listener {
  readonly #context: ListenerContext;
  readonly #ports: Ports;
  /** Accepted sockets, those that still shake hands included. */
  readonly #sockets = new Set<Socket>();
  readonly #connections = new Set<Connection>();
  /** How connections find their protocol. */
  readonly #recognising: RecogniserContext;
  readonly #handshakes: Handshakes;
  #sweep: Timer | undefined;
  #closing = false;
  /** Whether nobody can connect any more, and sessions are told to go. */
  #draining = false;
  /** Whether connections are read: not while the ports close. */
  #reading = true;
  /** Whether the last socket was refused for there being too many. */
  #full = false;
  #whenGone: (() => void)[] = [];

  constructor(context: ListenerContext) {
    const { protocols, log, counters, loop, options } = context;
    this.#context = context;
    this.#handshakes = new Handshakes(loop, options.openingsPerSecond);
    this.#ports = new Ports({ clock: loop.clock, counters, log });
    this.#recognising = {
      protocols,
      log,
      openings: new Openings(loop, options.openingsPerSecond),
      onOpen: (session) => {
        if (this.#draining) session.drain();
      },
    };
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
    return this.#ports.listen(address, reusePort, (socket) => this.#onSocket(socket, certificates));
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
    const connection = new Connection(loop, socket, peer, (self) => new Recogniser(self, this.#recognising), counters, options);
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
    if (!this.#reading) socket.pause();
    this.#scheduleSweep();
  }

  /**
   * Stops accepting once hardly anybody connects, calls `leave`, and lets sessions end: idle ones after a moment, others when their
   * calls have been answered, all of them after `waitMs`. Resolves when the last connection is gone.
   */
  async close(waitMs: number, leave: () => void = () => undefined): Promise<void> {
    this.#closing = true;
    const { clock } = this.#context.loop;
    const end = (): void => {
      const late = new RpcError("unavailable", `the server has closed after waiting ${waitMs} ms for its calls (exitWaitMs)`);
      for (const connection of this.#connections) connection.destroy(late);
      for (const socket of this.#sockets) socket.destroy();
    };
    const last = clock.after(waitMs, end, true); // whoever closes waits, and calls in the process keep nothing alive
    const closed = await this.#ports.close(
      waitMs * SERVING_SHARE,
      () => this.#hold(),
      () => this.#release(),
    );
    this.#sweep?.cancel();
    this.#draining = true;
    leave();
    const drain = new Drain(this.#connections, this.#sockets, clock);
    await new Promise<void>((resolve) => {
      this.#whenGone.push(resolve);
      this.#tellGone();
    });
    last.cancel();
    drain.stop();
    await Promise.all(closed);
  }

  #hold(): number {
    this.#reading = false;
    for (const { socket } of this.#connections) socket.pause();
    return this.#sockets.size;
  }

  #release(): void {
    this.#reading = true;
    for (const { socket, paused } of this.#connections) if (!paused) socket.resume();
  }

  #tellGone(): void {
    if (this.#connections.size === 0 && this.#sockets.size === 0) for (const resolve of this.#whenGone.splice(0)) resolve();
  }

  #onSocket(accepted: Socket, certificates: ServerCertificates | undefined): void {
    const { log, options } = this.#context;
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
    const adopted = certificates === undefined ? adoptAccepted(accepted, SHORTLY_RECEIVED) : undefined;
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
    this.#awaitTls(socket, certificates);
  }

  /** Until a caller has begun to speak nobody knows what, and it has cost next to nothing. */
  #awaitTls(socket: Socket, certificates: ServerCertificates): void {
    const { log, loop, options } = this.#context;
    const leave = (): void => void socket.destroy();
    socket.once("error", leave);
    socket.once("end", leave);
    const silent = loop.clock.after(certificates.permissive ? options.idleMs : SILENT_MS, leave);
    socket.once("close", () => silent.cancel());
    socket.once("data", (first: Buffer) => {
      silent.cancel();
      if (!certificates.permissive || first[0] === TLS_HANDSHAKE) {
        this.#handshakes.wait(socket, first, () => {
          socket.off("end", leave);
          certificates.shakeHands(socket);
        });
        return;
      }
      socket.off("end", leave);
      socket.pause();
      socket.unshift(first);
      log({ level: "debug", message: "accepted plaintext on a port that also speaks TLS", peer: peerOf(socket) });
      this.#take(socket, peerOf(socket));
      socket.resume();
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
