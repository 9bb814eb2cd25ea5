/**
 * The listening sockets of a server: opened with advice where they cannot be, and closed at a moment when nobody connects.
 *
 * Closing one resets the connections that wait to be accepted, and with them the calls that came on them, which might
 * have been executed for all their callers know. No system call says "no more" and still hands out those who came before. So:
 * - Everybody is served as ever until hardly anybody connects. Callers that keep their connections do not; others cease when they
 *   hear, from wherever they know this server, that it goes. Told by us already, they would connect anew, and to us.
 * - Then nobody is read for a moment. Callers whose connections are all waiting for an answer connect anew, and soon each waits
 *   for one and ceases.
 * - The sockets are closed right after a turn in which nobody waited, once nobody has connected for some time. Left is the moment
 *   between the system's answer that nobody waits and the closing; nothing is read meanwhile, so that it is short.
 */
import { createServer, type Server, type Socket } from "node:net";
import { RpcError, runOutsideCall, type Clock, type Counters, type Log } from "@kiteline/core";
import { formatAddress, namedPipeHint, type Address } from "./address.ts";
import { DialRate } from "./dial-rate.ts";

/** Callers that nobody answers are awaited until none has connected for so long, */
const SETTLED_MS = 20;
/** and not longer than this. */
const SETTLING_MS = 250;
const DIALS_STEP_MS = 5;
/** The first may have begun before those who wait were looked for. */
const QUIET_TURNS = 2;
const MAX_SETTLING_TURNS = 5000;

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

export interface PortsContext {
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
}

export class Ports {
  readonly #context: PortsContext;
  readonly #servers: Server[] = [];
  readonly #dials = new DialRate();
  #accepted = 0;
  #closing = false;

  constructor(context: PortsContext) {
    this.#context = context;
  }

  /** Begins to listen. Rejects with an `RpcError` that says why not, such as a port that is taken. */
  listen(address: Address, reusePort: boolean, onSocket: (socket: Socket) => void): Promise<Address> {
    const { clock, log } = this.#context;
    return runOutsideCall(
      () =>
        new Promise((resolve, reject) => {
          const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (socket) => {
            this.#accepted++;
            this.#dials.add(clock.now());
            onSocket(socket);
          });
          // Also when it listens already: too many open files, for one, must not end the process.
          server.on("error", (error: NodeJS.ErrnoException) => {
            if (server.listening) log({ level: "warn", message: `could not accept a connection on ${formatAddress(address)}`, error });
            const text = `cannot listen on ${formatAddress(address)}: ${error.message}${hintFor(address, error)}`;
            reject(new RpcError("failed_precondition", text, { executed: "no", cause: error }));
          });
          const where = address.kind === "unix" ? { path: address.path } : { host: address.host, port: address.port, reusePort };
          server.listen(where, () => {
            if (this.#closing) {
              // It was under way, and nobody would close it later.
              server.close();
              const text = `the server was closed before it listened on ${formatAddress(address)}`;
              reject(new RpcError("failed_precondition", text, { executed: "no" }));
              return;
            }
            this.#servers.push(server);
            const bound = server.address();
            resolve(address.kind === "tcp" && bound !== null && typeof bound === "object" ? { ...address, port: bound.port } : address);
          });
        }),
    );
  }

  /**
   * Closes the sockets once hardly anybody connects, little more than `servingMs` from now at the latest; resolves with when they are
   * closed. `hold` has nobody read, also who connects now, and says how many there are; `release` ends that.
   */
  async close(servingMs: number, hold: () => number, release: () => void): Promise<Promise<void>[]> {
    this.#closing = true;
    if (this.#servers.length === 0) return [];
    await this.#awaitFewDials(servingMs);
    if (hold() > 0) await this.#awaitNoDials(SETTLED_MS, Math.min(SETTLING_MS, servingMs));
    const servers = this.#servers.splice(0);
    const closed = servers.map((server) => new Promise<void>((resolve) => server.once("close", resolve)));
    createServer().close(); // what is closed for the first time in a process takes three times as long
    await this.#whenNobodyWaits(() => {
      for (const server of servers) server.close();
    });
    release();
    return closed;
  }

  async #awaitFewDials(atMostMs: number): Promise<void> {
    const { clock } = this.#context;
    const endMs = clock.now() + atMostMs;
    while (!this.#dials.isLow(clock.now()) && clock.now() < endMs) {
      await new Promise<void>((resolve) => clock.after(DIALS_STEP_MS, resolve));
    }
  }

  async #awaitNoDials(quietMs: number, atMostMs: number): Promise<void> {
    const { clock } = this.#context;
    const beganMs = clock.now();
    let lastMs = beganMs;
    let accepted = this.#accepted;
    while (clock.now() - lastMs < quietMs && clock.now() - beganMs < atMostMs) {
      await new Promise<void>((resolve) => clock.after(DIALS_STEP_MS, resolve));
      if (this.#accepted === accepted) continue;
      accepted = this.#accepted;
      lastMs = clock.now();
    }
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
}

function hintFor(address: Address, { code = "" }: NodeJS.ErrnoException): string {
  return namedPipeHint(address) || ((HINTS[address.kind] as Readonly<Record<string, string | undefined>>)[code] ?? "");
}
