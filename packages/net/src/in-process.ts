/** Connections inside one process: the same bytes, limits and errors as a socket's, without one. */
import { Duplex } from "node:stream";
import { RpcError } from "@kiteline/core";
import type { Dialer } from "./dial.ts";
import type { Listener } from "./listener.ts";

/** Dials a listener of this process, whatever the address says. */
export function inProcessDialer(listener: () => Listener | undefined): Dialer {
  return (_address, _loop) => {
    const target = listener();
    if (target === undefined) {
      return Promise.reject(new RpcError("unavailable", "the server in this process is closed", { executed: "no", retriable: true }));
    }
    const client = new InProcessSocket(false);
    const server = new InProcessSocket(true);
    client.peer = server;
    server.peer = client;
    target.accept(server, "in-process");
    return Promise.resolve({ socket: client, readsItself: false, onChunk: undefined });
  };
}

/** One end of a pair. Node's own `duplexPair` hands over the writer's buffer, which here is written anew once the write is done. */
class InProcessSocket extends Duplex {
  peer: InProcessSocket | undefined;
  /** Ends the peer's write, which waits until there is room again. */
  #taken: (() => void) | undefined;

  constructor(allowHalfOpen: boolean) {
    super({ allowHalfOpen });
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    // Not at once: the reader would work in the middle of what the writer does, and what it writes back would overtake what is being read.
    process.nextTick(() => {
      this.#handOver(chunk, done);
    });
  }

  #handOver(chunk: Uint8Array, done: (error?: Error) => void): void {
    const { peer } = this;
    if (peer === undefined || peer.destroyed) {
      done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
      return;
    }
    if (peer.push(Buffer.from(chunk))) done();
    else peer.#taken = done;
  }

  override _read(): void {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }

  override _final(done: () => void): void {
    if (this.peer?.destroyed === false) this.peer.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { peer } = this;
    this.peer = undefined;
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
    // A socket that is closed before its end was said resets the other side.
    if (peer !== undefined && !peer.destroyed) {
      process.nextTick(() => {
        if (!peer.readableEnded && !this.writableFinished)
          peer.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
      });
    }
    done(error);
  }
}
