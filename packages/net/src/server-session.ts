/**
 * The calls of one server connection: frames in, admission, handler, answers out. Callers that multiplex are answered
 * as soon as their answer is there; all others in the order of their requests. Reading ahead is bounded both ways.
 */
import { asError, CallScope, RpcError, textOf, ServerCall, type Call, type Method, type MetadataEntry } from "@kiteline/core";
import type { Connection } from "./connection.ts";
import { TooLarge } from "./output.ts";
import type { Framer } from "./payload.ts";
import { promised } from "./promised.ts";
import type { AcceptedSession } from "./protocol.ts";
import { TurnWork } from "./turn-work.ts";
import { RequestFrame, type Replying, type ServerWire } from "./wire.ts";

/** What frames cost of a turn's work: a call, one that fails at once besides, and one that asks for what is not there. */
const WORK = { call: 8, failure: 56, fault: 120 } as const;

/** A method that is served: the composed middleware and handler. */
export interface ServedMethod {
  readonly method: Method;
  /** The composed middleware and handler; what it returns is the response or the promise of it. */
  readonly serve: (request: unknown, call: Call) => unknown;
}

/** The server as its connections see it. */
export interface CallHost {
  /** Finds what a request names; an `RpcError` says why it is not served. `exact`: only the method of that very service. */
  find(service: string | undefined, name: string, exact?: boolean): ServedMethod | RpcError;
  /** Called before the request is decoded; a returned error refuses the call. Every call asked about ends with `ended`. */
  admit(call: ServerCall): RpcError | undefined;
  ended(call: ServerCall, error: Error | undefined): void;
  /** What the handler answered with cannot be sent, which `error` says. Returns what the caller is told in its place. */
  unsendable(call: ServerCall, error: RpcError): RpcError;
  /** A connection that had to be closed for what the peer sent. */
  misbehaved(connection: Connection, error: Error): void;
  readonly inherit: boolean;
  readonly draining: boolean;
}

export interface ServerSessionOptions {
  readonly maxFrameBytes: number;
  /** Calls that one connection may have running at once; further ones wait unread. */
  readonly maxInFlight: number;
  /** The same where answers must go out in order. */
  readonly maxReadAhead: number;
  /** What one connection may have of a turn of the event loop (`TurnWork`). */
  readonly turnWork: number;
}

export class ServerSession implements AcceptedSession {
  readonly connection: Connection;
  readonly wire: ServerWire;
  readonly host: CallHost;
  inFlight = 0;
  wantedBytes = 0;
  /** Whether the caller has shown that it multiplexes. */
  multiplexed = false;

  readonly #options: ServerSessionOptions;
  readonly #frameBytes: Framer;
  readonly #frame = new RequestFrame();
  readonly #work: TurnWork;
  /** Where calls are handled; absent when calls made in handlers inherit nothing. */
  readonly #scope: CallScope | undefined;
  /** Calls that must be answered in order, linked from the first that has not been. */
  #firstOrdered: MessageCall | undefined;
  #lastOrdered: MessageCall | undefined;
  #ordered = 0;
  #peerEnded = false;
  #toldClosing = false;
  #firstCall: MessageCall | undefined;

  constructor(connection: Connection, wire: ServerWire, host: CallHost, options: ServerSessionOptions) {
    this.connection = connection;
    this.wire = wire;
    this.host = host;
    this.#frameBytes = wire.makeFramer();
    this.#work = new TurnWork(connection.loop, options.turnWork);
    this.#scope = host.inherit ? new CallScope() : undefined;
    this.#options = options;
  }

  /** A caller that keeps connections learns that we go only from a reply: until it has called again, closing could lose its next call. */
  get owed(): boolean {
    return this.wire.writeGoingAway !== undefined && !this.multiplexed && !this.#toldClosing;
  }

  /**
   * A wire without a word for going cannot tell. Callers that multiplex have been told: ours close the connection themselves, but
   * Kitex's take up to a second to let their calls end, and keep it open.
   */
  get untold(): boolean {
    return this.wire.writeGoingAway === undefined || this.multiplexed;
  }

  get #full(): boolean {
    return this.inFlight >= this.#options.maxInFlight || this.#ordered >= this.#options.maxReadAhead || this.connection.blocked;
  }

  onBytes(bytes: Buffer, start: number, end: number): number {
    let at = start;
    this.wantedBytes = 0;
    this.#work.begin();
    try {
      while (at < end) {
        if (this.#full) {
          this.connection.pause();
          break;
        }
        if (this.#work.spent) {
          this.connection.rest(this.#work.restMs);
          break;
        }
        const size = this.#frameBytes(bytes, at, end);
        if (size === 0) break;
        if (size > this.#options.maxFrameBytes) {
          throw new RpcError("resource_exhausted", `the frame has ${size} bytes, more than maxFrameBytes (${this.#options.maxFrameBytes})`);
        }
        if (at + size > end) {
          this.wantedBytes = size;
          break;
        }
        this.#onFrame(bytes, at, at + size);
        at += size;
        if (this.connection.ended) return end;
      }
    } catch (error) {
      this.#reject(error as Error);
      return end;
    }
    return at;
  }

  #onFrame(bytes: Buffer, start: number, end: number): void {
    const frame = this.#frame;
    this.wire.open(bytes, start, end, frame);
    const found = this.host.find(frame.service, frame.name);
    if (frame.multiplexed && !this.multiplexed) {
      this.multiplexed = true;
      if (this.host.draining) this.drain();
    }
    this.#work.serve(WORK.call);
    if (found instanceof RpcError) {
      this.#work.waste(WORK.fault, WORK.call);
      const call = new MessageCall(this, frame, unknownMethod(frame));
      this.#start(call);
      call.fail(found);
      if (!this.wire.delimited) throw found;
      return;
    }
    const call = new MessageCall(this, frame, found.method);
    this.#start(call);
    call.counted = true;
    const refused = this.host.admit(call);
    if (refused !== undefined) {
      if (!this.wire.delimited) this.wire.read(frame, found.method);
      this.#work.serve(WORK.failure);
      call.fail(refused);
      return;
    }
    let request: unknown;
    try {
      request = this.wire.read(frame, found.method);
    } catch (error) {
      this.#work.waste(WORK.fault, WORK.call);
      call.fail(
        RpcError.withoutStack("invalid_argument", `the request of ${found.method.fullName} cannot be read: ${textOf(error)}`, {
          executed: "no",
          cause: error,
        }),
      );
      if (!this.wire.delimited) throw error;
      return;
    }
    call.run(found.serve, request, this.#scope);
    // Not the caller's fault, but it took several times as long.
    if (call.error !== undefined) this.#work.serve(WORK.failure);
  }

  #start(call: MessageCall): void {
    this.inFlight++;
    call.nextCall = this.#firstCall;
    if (this.#firstCall !== undefined) this.#firstCall.previousCall = call;
    this.#firstCall = call;
    if (call.multiplexed || call.oneway) return;
    this.#ordered++;
    if (this.#lastOrdered === undefined) this.#firstOrdered = call;
    else this.#lastOrdered.nextOrdered = call;
    this.#lastOrdered = call;
  }

  /** Called once per call, when its outcome is known. */
  finish(call: MessageCall): void {
    this.inFlight--;
    if (call.previousCall !== undefined) call.previousCall.nextCall = call.nextCall;
    else this.#firstCall = call.nextCall;
    if (call.nextCall !== undefined) call.nextCall.previousCall = call.previousCall;
    if (call.counted) this.host.ended(call, call.error);
    if (this.connection.ended) return;
    if (!call.oneway) {
      if (call.multiplexed) this.#answer(call);
      else this.#answerOrdered();
    }
    if (this.inFlight === 0 && this.#peerEnded) this.connection.end();
    if (this.connection.paused && !this.#full) this.connection.resume();
  }

  #answerOrdered(): void {
    let call = this.#firstOrdered;
    while (call?.done === true) {
      this.#answer(call);
      this.#ordered--;
      call = call.nextOrdered;
    }
    this.#firstOrdered = call;
    if (call === undefined) this.#lastOrdered = undefined;
  }

  #answer(call: MessageCall): void {
    call.closing = this.host.draining;
    if (call.closing) this.#toldClosing = true;
    const failure = this.#write(call, call.error);
    if (failure !== undefined) {
      const code = failure instanceof TooLarge ? "resource_exhausted" : "internal";
      const text = `the reply of ${call.method.fullName} cannot be written: ${textOf(failure)}`;
      call.bare = true; // its metadata may be what cannot be written
      const unsent = new RpcError(code, text, { executed: "yes", retriable: false, cause: failure });
      const again = this.#write(call, this.host.unsendable(call, unsent));
      if (again !== undefined) this.connection.destroy(again);
    }
    this.connection.scheduleFlush();
  }

  /** Writes the call's value, or the error in its place. Returns why it could not. */
  #write(call: MessageCall, error: Error | undefined): Error | undefined {
    const { output } = this.connection;
    output.begin();
    try {
      if (error === undefined) this.wire.writeReply(output, call, call.value);
      else this.wire.writeError(output, call, error);
      output.end();
      return undefined;
    } catch (failure) {
      output.rollback();
      return asError(failure);
    }
  }

  /** The peer sent what cannot be understood: what was answered before still leaves, then the connection ends. */
  #reject(error: Error): void {
    this.host.misbehaved(this.connection, error);
    this.connection.cut();
    this.#cancelAll(new RpcError("cancelled", "the caller sent what cannot be understood after it"));
  }

  /** Tells a multiplexing caller that the server is going. Others learn it from their next reply. */
  drain(): void {
    if (this.multiplexed && this.wire.writeGoingAway !== undefined && !this.connection.ended) {
      this.connection.output.begin();
      this.wire.writeGoingAway(this.connection.output);
      this.connection.scheduleFlush();
    }
  }

  onEnd(): void {
    this.#peerEnded = true;
    if (this.inFlight === 0) this.connection.end();
  }

  onDrain(): void {
    if (this.connection.paused && !this.#full) this.connection.resume();
  }

  onFlush(): void {}

  onClose(): void {
    this.#cancelAll(new RpcError("cancelled", "the caller's connection was closed"));
  }

  /** Ends all calls; each leaves the list. */
  #cancelAll(reason: RpcError): void {
    for (let call = this.#firstCall; call !== undefined; call = this.#firstCall) call.cancel(reason);
  }
}

/** A call that came as a message. */
export class MessageCall extends ServerCall implements Replying {
  readonly session: ServerSession;
  readonly seq: number;
  readonly messageSeq: number;
  readonly variant: number;
  readonly caller: string;
  readonly wireName: string;
  readonly multiplexed: boolean;
  /** Whether the caller wants no answer, or the method has none. */
  readonly oneway: boolean;
  closing = false;
  /** Whether the host has been asked to admit it, and so is told of its end. */
  counted = false;
  /** Whether the reply goes without its metadata. */
  bare = false;
  done = false;
  value: unknown = undefined;
  error: Error | undefined = undefined;
  nextOrdered: MessageCall | undefined = undefined;
  nextCall: MessageCall | undefined = undefined;
  previousCall: MessageCall | undefined = undefined;

  constructor(session: ServerSession, frame: RequestFrame, method: Method) {
    super(method, frame.metadata);
    this.session = session;
    this.seq = frame.seq;
    this.messageSeq = frame.messageSeq;
    this.variant = frame.variant;
    this.caller = frame.caller;
    this.wireName = frame.name;
    this.multiplexed = frame.multiplexed;
    this.oneway = frame.oneway || method.kind === "oneway";
    if (frame.timeoutMs !== Infinity) {
      const { loop } = session.connection;
      // From when the chunk was read that brought the call: waiting for those before it in the chunk counts, too.
      this.deadlineMs = loop.now() + frame.timeoutMs;
      loop.wheel.add(this, this.deadlineMs);
    }
  }

  override get peer(): string {
    return this.session.connection.peer;
  }

  override get timeLeftMs(): number {
    return Math.max(0, this.deadlineMs - this.session.connection.loop.clock.now());
  }

  get replyEntries(): readonly MetadataEntry[] | undefined {
    if (this.bare) return undefined;
    const reply = this.replyIfAny?.entries();
    const trailers = this.trailersIfAny?.entries();
    return trailers === undefined ? reply : [...(reply ?? []), ...trailers];
  }

  /** Runs the composed service and answers with what comes of it. */
  run(serve: ServedMethod["serve"], request: unknown, scope: CallScope | undefined): void {
    let result: unknown;
    try {
      result = scope === undefined ? serve(request, this) : scope.run(this, serve, request);
      const promise = promised(result);
      if (promise !== undefined) {
        promise.then(
          (value) => {
            this.succeed(value);
          },
          (error: unknown) => {
            this.fail(asError(error));
          },
        );
        return;
      }
    } catch (error) {
      this.fail(asError(error));
      return;
    }
    this.succeed(result);
  }

  succeed(value: unknown): void {
    if (this.done) return;
    this.value = value;
    this.#finish();
  }

  fail(error: Error): void {
    if (this.done) return;
    this.error = error;
    this.#finish();
  }

  #finish(): void {
    this.done = true;
    if (this.wheelSlot >= 0) this.session.connection.loop.wheel.remove(this);
    this.settle();
    this.session.finish(this);
  }

  override cancel(reason: RpcError): void {
    super.cancel(reason);
    this.fail(reason);
  }
}

/** Stands for a method that is not served, so that its caller can be answered. */
function unknownMethod(frame: RequestFrame): Method {
  const service = frame.service ?? "";
  return {
    service,
    name: frame.name,
    fullName: `${service}.${frame.name}`,
    kind: frame.oneway ? "oneway" : "unary",
    idempotency: "unknown",
    arity: 1,
    messages: { format: "" },
  };
}
