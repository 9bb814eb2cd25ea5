/**
 * One request that is being answered, whichever HTTP brought it: HTTP/2's streams are this by their shape, HTTP/1.1 has a class.
 * What comes of the request, its owner hears as a `StreamReceiver`.
 */
import type { ExtraFields, PreparedFields } from "@kiteline/http2";
import type { Connection, Output } from "@kiteline/net";

export interface Exchange {
  readonly connection: Connection;
  /** Whether nothing more can be sent. */
  readonly closed: boolean;
  /** Whether what is sent now leaves soon; if not, the receiver hears `onWritable`. */
  readonly writable: boolean;
  /** The response's fields, with `:status`. Throws a `TypeError` or `RangeError` for those that cannot travel; nothing was sent then. */
  sendHeaders(fields: PreparedFields, extra: ExtraFields | undefined, end: boolean): void;
  /** Begins a piece of data, which is written into the returned output and then ended or aborted in the same turn. */
  beginMessage(): Output;
  /** Throws `TooLarge`; nothing was sent then. */
  endMessage(end: boolean): void;
  abortMessage(): void;
  /** Sends data that was encoded elsewhere; copied. */
  sendData(bytes: Uint8Array, end: boolean): void;
  /** Fields after the data; ends the response. Throws as `sendHeaders` does. */
  sendTrailers(fields: PreparedFields, extra: ExtraFields | undefined): void;
  /** Gives up on both directions. */
  reset(code: number): void;
  /** `bytes` that came are no longer held; `Infinity` for all that did. */
  consumed(bytes: number): void;
  /** The request cannot be served for what it says, or cost so much time for hardly any bytes: whoever sends such may be held back. */
  fault(tookMs?: number): void;
}

/** An exchange that does something more with what another one carries. */
export abstract class ExchangeLayer implements Exchange {
  protected readonly inner: Exchange;

  constructor(inner: Exchange) {
    this.inner = inner;
  }

  get connection(): Connection {
    return this.inner.connection;
  }

  get closed(): boolean {
    return this.inner.closed;
  }

  get writable(): boolean {
    return this.inner.writable;
  }

  sendHeaders(fields: PreparedFields, extra: ExtraFields | undefined, end: boolean): void {
    this.inner.sendHeaders(fields, extra, end);
  }

  beginMessage(): Output {
    return this.inner.beginMessage();
  }

  endMessage(end: boolean): void {
    this.inner.endMessage(end);
  }

  abortMessage(): void {
    this.inner.abortMessage();
  }

  sendData(bytes: Uint8Array, end: boolean): void {
    this.inner.sendData(bytes, end);
  }

  sendTrailers(fields: PreparedFields, extra: ExtraFields | undefined): void {
    this.inner.sendTrailers(fields, extra);
  }

  reset(code: number): void {
    this.inner.reset(code);
  }

  consumed(bytes: number): void {
    this.inner.consumed(bytes);
  }

  fault(tookMs?: number): void {
    this.inner.fault(tookMs);
  }
}
