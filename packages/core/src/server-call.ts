/** A call as the server sees it. */
import { Call } from "./call.ts";
import { RpcError } from "./errors.ts";
import { Metadata } from "./metadata.ts";

/** A call made while handling another, linked to it so that it ends with it. */
export interface ChildCall {
  nextSibling: ChildCall | undefined;
  previousSibling: ChildCall | undefined;
  cancel(reason: RpcError): void;
}

/** Metadata keys that go all hops although their scope is one hop: every hop sets them anew (W3C Baggage). */
const CARRIED = ["baggage"];

export abstract class ServerCall extends Call {
  /** Who called, as the transport knows it: `host:port` or `unix:`. */
  abstract readonly peer: string;
  /** The name that the caller gives itself, unproved; empty if it gave none. */
  abstract readonly caller: string;
  /** Whether the reply has been handed to the transport, or the call has been given up. */
  ended = false;

  #reply: Metadata | undefined;
  #inherited: Metadata | null | undefined;
  #firstChild: ChildCall | undefined;

  /** Metadata for the reply. Set it before the handler's promise settles. */
  get reply(): Metadata {
    return (this.#reply ??= new Metadata());
  }

  get replyIfAny(): Metadata | undefined {
    return this.#reply;
  }

  /** What calls made while handling this one carry on: persistent entries and `baggage`. Shared: copy before changing. */
  get inherited(): Metadata | undefined {
    if (this.#inherited !== undefined) return this.#inherited ?? undefined;
    let inherited: Metadata | null = null;
    const metadata = this.metadataIfAny ?? (this.hasMetadata ? this.metadata : undefined);
    if (metadata !== undefined) {
      for (const entry of metadata) {
        if (entry.scope === "persistent" || CARRIED.includes(entry.key)) (inherited ??= new Metadata()).append(entry.name, entry.value, entry.scope);
      }
    }
    this.#inherited = inherited;
    return inherited ?? undefined;
  }

  /** Replaces what calls made from now on carry: how a lane is changed in mid-call. */
  set inherited(metadata: Metadata | undefined) {
    this.#inherited = metadata ?? null;
  }

  /** Whether metadata came, for transports that decode it when asked. */
  protected get hasMetadata(): boolean {
    return false;
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
    let child = this.#firstChild;
    while (child !== undefined) {
      const next: ChildCall | undefined = child.nextSibling;
      child.cancel(new RpcError(reason.code, `the call it was made for ended: ${reason.detail}`, { cause: reason }));
      child = next;
    }
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
