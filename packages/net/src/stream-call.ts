/**
 * A call that a server handles, whose messages come and go one by one: all four kinds, whatever carries them. A transport
 * extends it: it tells what has come, and is told what to send.
 */
import {
  asError,
  MessageQueue,
  OutgoingMessages,
  RpcError,
  ServerCall,
  textOf,
  type CallScope,
  type MessageSink,
  type MetadataBlock,
  type Method,
  type QueueOwner,
} from "@kiteline/core";
import type { Loop } from "./loop.ts";
import { TooLarge } from "./output.ts";
import { promised } from "./promised.ts";
import type { ServedMethod } from "./server-session.ts";

export abstract class StreamCall extends ServerCall implements MessageSink, QueueOwner {
  /** The messages of a request that is a stream. */
  readonly requests: MessageQueue | undefined;
  /** Whether its outcome is known. */
  done = false;
  readonly #loop: Loop;
  readonly #streamsResponse: boolean;
  #responses: OutgoingMessages | undefined;

  /** `timeoutMs` is what the caller gives us, `Infinity` when it said nothing. */
  constructor(method: Method, received: MetadataBlock | undefined, loop: Loop, timeoutMs: number) {
    super(method, received);
    const { kind } = method;
    this.#loop = loop;
    this.#streamsResponse = kind === "server_stream" || kind === "bidi_stream";
    this.requests = kind === "client_stream" || kind === "bidi_stream" ? new MessageQueue(this) : undefined;
    if (timeoutMs !== Infinity) {
      this.deadlineMs = loop.now() + timeoutMs;
      loop.wheel.add(this, this.deadlineMs);
    }
  }

  override get timeLeftMs(): number {
    return Math.max(0, this.deadlineMs - this.#loop.clock.now());
  }

  /** Whether a message sent now leaves soon. When it does so again, call `resume`. */
  abstract readonly writable: boolean;
  /** Sends a message and returns its bytes. Throws what the codec throws, `TooLarge`, and a `TypeError` for metadata that cannot travel. */
  protected abstract sendMessage(message: unknown): number;
  /** A message could not be sent, which the error says. Returns what the caller is told. */
  protected abstract unsendable(error: RpcError): RpcError;
  /** The outcome is known: says it, unless the caller is gone. Called once. */
  protected abstract end(error: Error | undefined): void;
  /** Messages of so many bytes are no longer held. */
  abstract taken(bytes: number): void;

  /** The handler reads no more of the request: it may still answer. What comes is dropped. */
  left(): void {}

  /** Runs the composed service. `request` is the message, or nothing when the request is a stream. */
  run(serve: ServedMethod["serve"], request: unknown, scope: CallScope | undefined): void {
    const input = this.requests ?? request;
    let result: unknown;
    try {
      result = scope === undefined ? serve(input, this) : scope.run(this, serve, input);
      const promise = promised(result);
      if (promise !== undefined) {
        promise.then(
          (value) => {
            this.#succeed(value, scope);
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
    this.#succeed(result, scope);
  }

  #succeed(value: unknown, scope: CallScope | undefined): void {
    if (this.done) return;
    if (!this.#streamsResponse) {
      this.send(value);
      this.finish();
    } else if (scope === undefined) {
      this.respond(value);
    } else {
      scope.run(this, respond, value);
    }
  }

  /** Sends the messages of `responses`, as fast as they are taken. */
  respond(responses: unknown): void {
    this.#responses = new OutgoingMessages(responses, 0);
    this.#responses.attach(this);
  }

  /** Sends a message and returns its bytes. One that cannot be sent fails the call. */
  send(message: unknown): number {
    try {
      return this.sendMessage(message);
    } catch (error) {
      this.fail(this.unsent(error));
      return 0;
    }
  }

  /** What a call fails of when this keeps its response from being sent, which is told. */
  protected unsent(error: unknown): RpcError {
    const text = `the response of ${this.method.fullName} cannot be sent: ${textOf(error)}`;
    const code = error instanceof TooLarge ? "resource_exhausted" : "internal";
    return this.unsendable(new RpcError(code, text, { executed: "yes", retriable: false, cause: error }));
  }

  /** The transport takes messages again. */
  resume(): void {
    this.#responses?.resume();
  }

  /** All responses have been sent. */
  finish(): void {
    if (!this.done) this.#finish(undefined);
  }

  /** The responses' iterable threw. */
  broke(error: unknown): void {
    this.fail(asError(error));
  }

  fail(error: Error): void {
    if (!this.done) this.#finish(error);
  }

  #finish(error: Error | undefined): void {
    this.done = true;
    if (this.wheelSlot >= 0) this.#loop.wheel.remove(this);
    this.settle();
    this.#responses?.close();
    this.requests?.abort(error instanceof RpcError ? error : new RpcError("cancelled", "the call has been answered"));
    this.end(error);
  }

  override cancel(reason: RpcError): void {
    super.cancel(reason);
    this.fail(reason);
  }
}

function respond(responses: unknown, call: ServerCall): void {
  (call as StreamCall).respond(responses);
}
