/** A call as the server sees it. */
import { Call } from "./call.ts";
import { RpcError } from "./errors.ts";
import { Metadata } from "./metadata.ts";
import type { MetadataBlock } from "./metadata-block.ts";
import type { Method } from "./method.ts";

/** A call made while handling another, linked to it so that it ends with it. */
export interface ChildCall {
  nextSibling: ChildCall | undefined;
  previousSibling: ChildCall | undefined;
  cancel(reason: RpcError): void;
}

export abstract class ServerCall extends Call {
  /** Who called, as the transport knows it: `host:port` or `unix:`. */
  abstract readonly peer: string;
  /** The name that the caller gives itself, unproved; empty if it gave none. */
  abstract readonly caller: string;
  /** Milliseconds until the deadline; 0 once it has passed, `Infinity` without one. */
  abstract readonly timeLeftMs: number;
  /** Whether the reply has been handed to the transport, or the call has been given up. */
  ended = false;
  /**
   * How the reply is compressed, where the protocol can and the caller understands it: `gzip`, `deflate` or `zstd` over gRPC. Of a
   * stream it may be taken away and given back between two messages.
   */
  compression: string | undefined = undefined;
  /** How many messages of the request came compressed, so far. */
  compressedMessages = 0;

  /** The metadata that came, as it came. */
  readonly received: MetadataBlock | undefined;

  #reply: Metadata | undefined;
  #trailers: Metadata | undefined;
  /** What replaced the inherited metadata; `null` for nothing. */
  #inherited: Metadata | null | undefined;
  #firstChild: ChildCall | undefined;

  constructor(method: Method, received: MetadataBlock | undefined) {
    super(method, undefined);
    this.received = received;
  }

  protected override makeMetadata(): Metadata {
    return this.received === undefined ? new Metadata() : Metadata.ofEntries(this.received.entries);
  }

  /** Metadata for the reply. Set it before the handler's promise settles; for a stream, before its first message. */
  get reply(): Metadata {
    return (this.#reply ??= new Metadata());
  }

  get replyIfAny(): Metadata | undefined {
    return this.#reply;
  }

  /** Metadata to send after the reply; protocols that have no place for it there send it with the reply. Set it before the handler ends. */
  get trailers(): Metadata {
    return (this.#trailers ??= new Metadata());
  }

  get trailersIfAny(): Metadata | undefined {
    return this.#trailers;
  }

  /** What calls made while handling this one carry on: persistent entries and `baggage` as they came. Shared: copy before changing. */
  get inherited(): Metadata | undefined {
    return this.#inherited === undefined ? this.received?.inherited : (this.#inherited ?? undefined);
  }

  /** Replaces what calls made from now on carry: how a lane is changed in mid-call. */
  set inherited(metadata: Metadata | undefined) {
    this.#inherited = metadata ?? null;
  }

  /** Links a call made while handling this one, so that it ends with it. */
  adopt(child: ChildCall): void {
    const first = this.#firstChild;
    child.nextSibling = first;
    if (first !== undefined) first.previousSibling = child;
    this.#firstChild = child;
  }

  /** Unlinks a call that has ended. */
  release(child: ChildCall): void {
    if (child.previousSibling !== undefined) child.previousSibling.nextSibling = child.nextSibling;
    else if (this.#firstChild === child) this.#firstChild = child.nextSibling;
    if (child.nextSibling !== undefined) child.nextSibling.previousSibling = child.previousSibling;
    child.nextSibling = undefined;
    child.previousSibling = undefined;
  }

  /** Also ends the calls made while handling this one. */
  override cancel(reason: RpcError): void {
    super.cancel(reason);
    // Always the first, since ending one call may end others, such as those on its connection.
    for (let child = this.#firstChild; child !== undefined; child = this.#firstChild) {
      this.release(child);
      child.cancel(RpcError.withoutStack(reason.code, `the call it was made for ended: ${reason.detail}`, { cause: reason }));
    }
  }

  override expire(): void {
    this.cancel(
      new RpcError("deadline_exceeded", `${this.method.fullName} did not finish before the caller's deadline`, {
        executed: "yes",
        retriable: false,
      }),
    );
  }

  /** The handler has settled: calls made later are no longer bound by this one. */
  protected settle(): void {
    this.ended = true;
    let child = this.#firstChild;
    this.#firstChild = undefined;
    while (child !== undefined) {
      const next: ChildCall | undefined = child.nextSibling;
      child.nextSibling = undefined;
      child.previousSibling = undefined;
      child = next;
    }
  }
}
