/**
 * What a call is besides its message: one object from the stub to the wire and from the wire to the handler, handed
 * on and never copied. `ClientCall` and `ServerCall` add what only one side has.
 */
import type { RpcError } from "./errors.ts";
import { Metadata } from "./metadata.ts";
import type { Method } from "./method.ts";
import type { WheelEntry } from "./timing-wheel.ts";

export abstract class Call implements WheelEntry {
  dueMs: number = Infinity;
  wheelNext: WheelEntry | undefined = undefined;
  wheelPrevious: WheelEntry | undefined = undefined;
  wheelSlot = -1;
  readonly method: Method;
  /** When the call must be over, on the clock of the client or server it belongs to; `Infinity` without a deadline. Layers may shorten it. */
  deadlineMs: number = Infinity;
  /** Why the call is over although nothing came of it: cancelled, or past its deadline. */
  cancelled: RpcError | undefined = undefined;
  #metadata: Metadata | undefined;
  /** Whether `#metadata` belongs to others too, and must be copied before it can be changed. */
  #borrowed: boolean;
  #abort: AbortController | undefined;

  /** `metadata` may be shared with other calls: it is copied when somebody asks for what can be changed. */
  constructor(method: Method, metadata: Metadata | undefined) {
    this.method = method;
    this.#metadata = metadata;
    this.#borrowed = metadata !== undefined;
  }

  /** What travels with the request: for a client what will be sent, for a server what came. The call's own; made when first asked for. */
  get metadata(): Metadata {
    if (this.#metadata === undefined) {
      this.#metadata = this.makeMetadata();
    } else if (this.#borrowed) {
      this.#metadata = this.#metadata.clone();
      this.#borrowed = false;
    }
    return this.#metadata;
  }

  /** The metadata if there is any, without making it, for those who only read it: it may be shared. */
  get metadataIfAny(): Metadata | undefined {
    return this.#metadata;
  }

  /** The wheel: the deadline has passed. */
  abstract expire(): void;

  protected makeMetadata(): Metadata {
    return new Metadata();
  }

  /** Aborted when the caller gives up or the deadline passes; `reason` is an `RpcError`. Made when first asked for. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.cancelled !== undefined) this.#abort.abort(this.cancelled);
    }
    return this.#abort.signal;
  }

  /** Ends the call for this reason. The first reason stays. */
  cancel(reason: RpcError): void {
    if (this.cancelled !== undefined) return;
    this.cancelled = reason;
    this.#abort?.abort(reason);
  }
}
