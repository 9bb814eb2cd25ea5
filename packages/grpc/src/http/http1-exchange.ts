/** A request over HTTP/1.1 that is being answered, by means of `node:http`. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { ErrorCode, StreamFailure, type ExtraFields, type PreparedFields, type StreamReceiver } from "@kiteline/http2";
import type { CallHost, Connection, Output } from "@kiteline/net";
import type { Buffered } from "../buffered.ts";
import type { CallContext } from "./dialect.ts";
import type { Exchange } from "./exchange.ts";
import { NOBODY } from "./nobody.ts";

const NO_BYTES = Buffer.alloc(0);
/** How much of a body is read and dropped after its answer, so that the caller may read that; beyond it the connection goes. */
const MAX_DROPPED_BYTES = 1024 * 1024;

function uncork(response: ServerResponse): void {
  response.uncork();
}

export class Http1Exchange implements Exchange {
  readonly connection: Connection;
  closed = false;
  readonly #host: CallHost;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #maxUnreadBytes: number;
  #receiver: StreamReceiver = NOBODY;
  readonly #buffered: Buffered;
  /** Bytes that came and were not consumed. Those of requests that are sent without waiting for answers are counted together: no window bounds them. */
  #held = 0;
  #dropped = 0;

  constructor({ connection, host, buffered }: CallContext, request: IncomingMessage, response: ServerResponse, maxUnreadBytes: number) {
    this.connection = connection;
    this.#host = host;
    this.#buffered = buffered;
    this.#request = request;
    this.#response = response;
    this.#maxUnreadBytes = maxUnreadBytes;
  }

  /** Has whoever `accept` returns hear the request. `end`: it has no body. */
  run(accept: () => StreamReceiver, end: boolean): void {
    const request = this.#request;
    this.#response.on("drain", () => this.#receiver.onWritable());
    this.#response.on("close", () => this.#onClose());
    request.on("error", () => undefined); // "close" tells it
    this.#guard(() => {
      this.#receiver = accept();
    });
    if (end) {
      request.resume();
      return;
    }
    request.on("data", (chunk: Buffer) => this.#onData(chunk));
    request.on("end", () => {
      if (!this.closed) this.#guard(() => this.#receiver.onData(NO_BYTES, 0, 0, true));
    });
  }

  #onData(chunk: Buffer): void {
    const length = chunk.byteLength;
    if (this.closed) {
      this.#dropped += length;
      if (this.#dropped > MAX_DROPPED_BYTES) this.connection.destroy();
      return;
    }
    this.#guard(() => {
      this.#hold(this.#held + length);
      this.#receiver.onData(chunk, 0, length, false);
    });
    if (this.#held > this.#maxUnreadBytes) this.#request.pause();
  }

  #hold(bytes: number): void {
    this.#held = this.#buffered.change(this.#held, bytes, bytes);
  }

  /** A receiver that throws is at fault itself: its exchange ends, and nothing else. */
  #guard(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.connection.destroy(error as Error);
    }
  }

  #onClose(): void {
    const answered = this.#response.writableFinished;
    this.closed = true;
    this.#hold(0);
    if (!answered) this.#receiver.onFailed(new StreamFailure("connection", ErrorCode.CANCEL, "the connection was closed", "maybe"));
  }

  get writable(): boolean {
    return !this.#response.writableNeedDrain;
  }

  sendHeaders({ list }: PreparedFields, extra: ExtraFields | undefined, end: boolean): void {
    const flat: string[] = [];
    let status = 0;
    for (const [name, value] of list) {
      if (name === ":status") status = Number(value);
      else flat.push(name, value);
    }
    if (this.#host.draining) this.#response.shouldKeepAlive = false;
    // Node checks what it is given.
    this.#response.writeHead(status, extra === undefined ? flat : [...flat, ...extra]);
    if (end) {
      this.#end();
      return;
    }
    // With what follows in this turn, or else alone.
    this.#response.cork();
    this.#response.flushHeaders();
    process.nextTick(uncork, this.#response);
  }

  beginMessage(): Output {
    this.connection.output.begin();
    return this.connection.output;
  }

  endMessage(end: boolean): void {
    const { output, loop } = this.connection;
    output.end();
    for (const { bytes, slab } of output.take()) this.#response.write(bytes, () => loop.slabs.giveBack(slab));
    if (end) this.#end();
  }

  abortMessage(): void {
    this.connection.output.rollback();
  }

  sendData(bytes: Uint8Array, end: boolean): void {
    if (bytes.byteLength > 0) this.#response.write(Buffer.from(bytes));
    if (end) this.#end();
  }

  sendTrailers({ list }: PreparedFields, extra: ExtraFields = []): void {
    const trailers: [string, string][] = list.map(([name, value]) => [name, value]);
    for (let at = 0; at < extra.length; at += 2) trailers.push([extra[at] as string, extra[at + 1] as string]);
    this.#response.addTrailers(trailers);
    this.#end();
  }

  #end(): void {
    this.closed = true;
    this.#hold(0);
    this.#response.end();
    // What is left of the request is dropped.
    if (!this.#request.complete) this.#request.resume();
  }

  reset(_code: number): void {
    if (!this.#response.writableFinished) this.connection.destroy();
  }

  fault(): void {} // requests come one at a time here: whoever sends many waits for many answers

  consumed(bytes: number): void {
    // After the end nothing is held.
    this.#hold(Math.max(0, this.#held - bytes));
    if (this.#held <= this.#maxUnreadBytes / 2 && this.#request.isPaused()) this.#request.resume();
  }
}
