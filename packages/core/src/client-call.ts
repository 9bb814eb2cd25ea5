/**
 * A call as the client sees it, and one attempt at it. The caller's promise belongs to the call; attempts come and
 * go beneath it and report by `succeed` and `fail`, never by a promise of their own.
 */
import { Call } from "./call.ts";
import type { CallInfo } from "./call-info.ts";
import type { CallOptions } from "./call-options.ts";
import { RpcError, type TimeSpent } from "./errors.ts";
import type { MessageQueue } from "./message-queue.ts";
import type { Metadata } from "./metadata.ts";
import type { Method } from "./method.ts";
import type { OutgoingMessages } from "./outgoing-messages.ts";
import type { ChildCall, ServerCall } from "./server-call.ts";

/** A method as one client calls it. Wires keep what they derive from it here, such as a ready-made header. */
export class MethodBinding {
  readonly method: Method;
  /** The name this client gives itself, told to servers. */
  readonly caller: string;
  /** The service's name as the target says it, told to servers. */
  readonly callee: string;
  /** Made and read by the wire. */
  wireState: unknown = undefined;

  constructor(method: Method, caller: string, callee: string) {
    this.method = method;
    this.caller = caller;
    this.callee = callee;
  }
}

export class ClientCall extends Call implements ChildCall {
  readonly binding: MethodBinding;
  readonly options: CallOptions;
  readonly parent: ServerCall | undefined;
  /** The caller's, if it passed one. Middleware that wants to know sets it where it is missing. */
  info: CallInfo | undefined;
  startMs: number;
  request: unknown = undefined;
  /** The request's messages, where the method streams them. */
  outgoing: OutgoingMessages | undefined = undefined;
  /** The response's messages, once they have begun to come: the promise has settled then, and the call goes on. */
  incoming: MessageQueue | undefined = undefined;
  /** Chosen by the route layer; its type is known to who set it. */
  route: unknown = undefined;
  /** The last attempt. */
  attempt: Attempt | undefined = undefined;
  attempts = 0;
  /** How many of those that failed may have run. */
  ranBefore = 0;
  /** Where earlier attempts went; `undefined` before the second. */
  tried: Peer[] | undefined = undefined;
  /** Why the last attempt failed that was followed by another. */
  lastError: RpcError | undefined = undefined;
  /** Set while the signal of the options is listened to. */
  onAbort: (() => void) | undefined = undefined;
  /** Whether nothing more can come of it. */
  ended = false;
  /** Decides about attempts: set by the layer that makes them. */
  controller: AttemptController | undefined = undefined;

  /** Settles the caller's promise, also with a `rejection`; until it is there, and once it has settled, nobody may. */
  resolve: (value: unknown) => void = unset;

  nextSibling: ChildCall | undefined = undefined;
  previousSibling: ChildCall | undefined = undefined;

  constructor(
    binding: MethodBinding,
    options: CallOptions,
    parent: ServerCall | undefined,
    metadata: Metadata | undefined,
    startMs: number,
  ) {
    super(binding.method, metadata);
    this.binding = binding;
    this.options = options;
    this.parent = parent;
    this.info = options.info;
    this.startMs = startMs;
  }

  /** Whether another attempt does no harm although this one may have run. */
  get idempotent(): boolean {
    return this.options.idempotent ?? this.method.idempotency !== "unknown";
  }

  /** The response has begun to come as messages: the promise settles with them, and is let go. */
  begin(incoming: MessageQueue): void {
    this.incoming = incoming;
    this.resolve(incoming);
    this.resolve = unset;
  }

  override cancel(reason: RpcError): void {
    if (this.ended) return;
    super.cancel(reason);
    this.controller?.cancelled(this, reason);
  }

  /** The wheel: the deadline has passed. */
  override expire(): void {
    const timeoutMs = Math.round(this.deadlineMs - this.startMs);
    const { fullName, kind } = this.method;
    const missed = kind === "server_stream" || kind === "bidi_stream" ? "end" : "answer"; // much may have been answered
    this.cancel(RpcError.withoutStack("deadline_exceeded", `${fullName} did not ${missed} within ${timeoutMs} ms`, { retriable: false }));
  }
}

/** What runs the attempts of a call. */
export interface AttemptController {
  /** The response of a method that streams it has begun. */
  begun(attempt: Attempt, incoming: MessageQueue): void;
  succeeded(attempt: Attempt, value: unknown): void;
  failed(attempt: Attempt, error: Error): void;
  cancelled(call: ClientCall, reason: RpcError): void;
}

/** Where an attempt goes; what is behind it, balancers and connections know. */
export interface Peer {
  /** `host:port` or `unix:PATH`. */
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** One try at a call. */
export class Attempt {
  readonly call: ClientCall;
  /** 1 for the first. */
  readonly number: number;
  peer: Peer | undefined = undefined;
  /** Who can take it back: a queue or a connection. Set by whoever holds it. */
  holder: AttemptHolder | undefined = undefined;
  /** The sequence id it was sent with; 0 until then. */
  seq = 0;
  /** When it was written, on the coarse clock of the event loop's turn; 0 until then. */
  sentMs = 0;
  ended = false;
  /** Told when the attempt ends, whatever the outcome: how balancers count what is in flight. */
  onEnd: ((attempt: Attempt, error: Error | undefined) => void) | undefined = undefined;

  constructor(call: ClientCall, number: number) {
    this.call = call;
    this.number = number;
  }

  /** The peer has begun to answer with a stream: the call is bound to this attempt, and goes on until it ends. */
  begin(incoming: MessageQueue): void {
    if (!this.ended) this.call.controller?.begun(this, incoming);
  }

  /** `value` is `undefined` when the response came as messages. */
  succeed(value: unknown): void {
    if (this.ended) return;
    this.ended = true;
    this.holder = undefined;
    this.onEnd?.(this, undefined);
    this.call.controller?.succeeded(this, value);
  }

  /** `error` is an `RpcError`, a `BusinessError` or a declared exception. */
  fail(error: Error): void {
    if (this.ended) return;
    this.ended = true;
    this.holder = undefined;
    this.onEnd?.(this, error);
    this.call.controller?.failed(this, error);
  }

  /** Ends the attempt without a result: its call is over. */
  abandon(reason: RpcError): void {
    if (this.ended) return;
    this.ended = true;
    const holder = this.holder;
    this.holder = undefined;
    holder?.release(this);
    this.onEnd?.(this, reason);
  }

  /** Fails the attempt although an answer may still come, unless it has begun to: nobody waits for it any more. */
  giveUp(error: RpcError): void {
    if (this.ended || this.call.incoming !== undefined) return;
    this.abandon(error);
    this.call.controller?.failed(this, error);
  }

  timeSpent(nowMs: number): TimeSpent {
    // A call may have begun later in the turn in which it was sent than that turn began.
    const sentMs = this.sentMs === 0 ? nowMs : Math.max(this.sentMs, this.call.startMs);
    return { waitingMs: rounded(sentMs - this.call.startMs), remoteMs: rounded(nowMs - sentMs) };
  }
}

/** Where an attempt waits. */
export interface AttemptHolder {
  /** Forget it: it has ended, and nobody waits for its answer any more. */
  release(attempt: Attempt): void;
}

/** To microseconds, which is what clocks know: differences of them have more digits. */
function rounded(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds * 1000) / 1000);
}

function unset(): void {
  throw new RpcError("internal", "the call was settled before it was started, or twice");
}
