/** One peer under measurement: its server and its client, each a process, alive from its first measurement to its last. */
import { Child } from "./child.ts";
import type { Cores } from "./cores.ts";
import type { Measurement } from "./drive.ts";
import type { Counts } from "./histogram.ts";
import type { Memory } from "./peer-process.ts";
import type { Usage } from "./usage.ts";

export interface PairOptions {
  readonly connections: number;
  readonly bytes: number;
  /** Where the two ends run; wherever the kernel wants when it is absent. */
  readonly cores: Cores | undefined;
}

/** What one measurement of a peer gave. CPU and allocation are those of both processes, by the call. */
export interface Sample {
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Of peers in Node. */
  readonly latencies: Counts | undefined;
  readonly cpuUsPerCall: number;
  readonly allocatedBytesPerCall: number;
}

/** How long a server is looked at to see whether it does anything, and how much of the time it may be busy then. */
const LOOK_MS = 50;
const AT_REST = 0.03;

export class Pair {
  /** Of the server, `127.0.0.1:PORT`. */
  readonly target: string;
  readonly #server: Child;
  readonly #client: Child;

  private constructor(target: string, server: Child, client: Child) {
    this.target = target;
    this.#server = server;
    this.#client = client;
  }

  /** A peer written in Node, by its name in `peers.ts`. */
  static async startNode(name: string, { connections, bytes, cores }: PairOptions): Promise<Pair> {
    const server = await Child.startNode("peer-process", ["server", name], cores?.server);
    const settings = [server.ready, String(connections), String(bytes)];
    const client = await Child.startNode("peer-process", ["client", name, ...settings], cores?.client);
    return new Pair(server.ready, server.child, client.child);
  }

  /** A peer in another language: a program that is driven as `peer-process.ts` is. `flags` are for both its ends. */
  static async startProgram(program: string, flags: readonly string[], { connections, bytes, cores }: PairOptions): Promise<Pair> {
    const server = await Child.start(program, ["server", ...flags], cores?.server);
    const settings = Object.entries({ target: server.ready, connections, bytes }).map(([name, value]) => `-${name}=${value}`);
    const client = await Child.start(program, ["client", ...flags, ...settings], cores?.client);
    return new Pair(server.ready, server.child, client.child);
  }

  async closedLoop(callers: number, durationMs: number): Promise<Sample> {
    return await this.#measure({ ask: "closed", callers, durationMs });
  }

  async openLoop(callsPerSecond: number, durationMs: number): Promise<Sample> {
    return await this.#measure({ ask: "open", callsPerSecond, durationMs });
  }

  /** One stream of messages: of what it takes, see `StreamCaller`. */
  async stream(direction: "download" | "blocks" | "upload", durationMs: number): Promise<Sample> {
    return await this.#measure({ ask: direction, durationMs });
  }

  /** Leaves so many streams open. */
  async hold(streams: number): Promise<void> {
    await this.#client.ask({ ask: "hold", streams });
  }

  /** Has so many streams cut by either side; rejects when anything is left of them but memory. */
  async cut(streams: number): Promise<void> {
    await this.#client.ask({ ask: "cut", streams });
  }

  /** Of server and client together. */
  async memory(): Promise<Memory> {
    const [server, client] = await Promise.all([this.serverMemory(), this.clientMemory()]);
    return { heapBytes: server.heapBytes + client.heapBytes, residentBytes: server.residentBytes + client.residentBytes };
  }

  async serverMemory(): Promise<Memory> {
    return await this.#server.ask<Memory>({ ask: "memory" });
  }

  async clientMemory(): Promise<Memory> {
    return await this.#client.ask<Memory>({ ask: "memory" });
  }

  /** Waits, for a time at most, until the server does nothing: who is gone may have left it work. */
  async settle(atMostMs: number): Promise<void> {
    let before = await this.#server.ask<Usage>({ ask: "usage" });
    for (let waitedMs = 0; waitedMs < atMostMs; waitedMs += LOOK_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const now = await this.#server.ask<Usage>({ ask: "usage" });
      if (now.cpuMs - before.cpuMs < LOOK_MS * AT_REST) return;
      before = now;
    }
  }

  async stop(): Promise<void> {
    await this.#client.stop();
    await this.#server.stop();
  }

  async #measure(question: object): Promise<Sample> {
    const before = await this.#server.ask<Usage>({ ask: "usage" });
    const measured = await this.#client.ask<Measurement>(question);
    const after = await this.#server.ask<Usage>({ ask: "usage" });
    return {
      callsPerSecond: (measured.calls / measured.elapsedMs) * 1000,
      p50Ms: measured.p50Ms,
      p99Ms: measured.p99Ms,
      maxMs: measured.maxMs,
      latencies: measured.latencies,
      cpuUsPerCall: ((measured.cpuMs + after.cpuMs - before.cpuMs) * 1000) / measured.calls,
      allocatedBytesPerCall: (measured.allocatedBytes + after.allocatedBytes - before.allocatedBytes) / measured.calls,
    };
  }
}
