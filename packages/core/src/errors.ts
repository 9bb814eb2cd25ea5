/**
 * What a failed call is: one class, a closed list of codes (gRPC's sixteen, "Status codes and their use in
 * gRPC"), and facts as fields. How foreign codes map onto these stands in `status-map.ts`.
 */
import { nearest } from "./nearest.ts";

/** The codes, in the order of their gRPC numbers: `CODES[n - 1]` is number n. Zero is success and no code. */
export const CODES = [
  "cancelled",
  "unknown",
  "invalid_argument",
  "deadline_exceeded",
  "not_found",
  "already_exists",
  "permission_denied",
  "resource_exhausted",
  "failed_precondition",
  "aborted",
  "out_of_range",
  "unimplemented",
  "internal",
  "unavailable",
  "data_loss",
  "unauthenticated",
] as const;

/** Branch on this, never on a message. There are no user-defined codes: for those use `BusinessError` or a declared exception. */
export type Code = (typeof CODES)[number];

/** Whether the peer's handler may have run. `no` makes any retry safe; `maybe` makes it safe for idempotent methods only. */
export type Executed = "no" | "maybe" | "yes";

/** How long the parts of a failed call took, in milliseconds, as far as it came. */
export interface TimeSpent {
  /** From the call's start until its last attempt began to be written: routing, dialling, waiting for a free connection. */
  readonly waitingMs: number;
  /** Since then: on the wire and in the peer. Zero when nothing was sent. */
  readonly remoteMs: number;
}

/** A typed fact beside a failure's message, as gRPC carries it (`google.protobuf.Any`). `@kiteline/grpc` makes and reads them. */
export interface ErrorDetail {
  /** Such as `type.googleapis.com/google.rpc.BadRequest`. */
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/** Facts about a failure; each has a safe default. */
export interface RpcErrorFacts {
  /** Defaults to `maybe`. */
  readonly executed?: Executed;
  /** Whether another attempt could succeed as far as the failure tells. Defaults to true for `unavailable` when not executed. */
  readonly retriable?: boolean;
  /** Where the failure was met: `host:port` or `unix:PATH`. */
  readonly peer?: string;
  /** `Service.method`. */
  readonly method?: string;
  /** The code as the peer's protocol said it, such as `thrift 6` or `http 503`. */
  readonly foreignCode?: string;
  /** Travel with the error over gRPC. */
  readonly details?: readonly ErrorDetail[];
  readonly time?: TimeSpent;
  readonly cause?: unknown;
}

const NO_DETAILS: readonly ErrorDetail[] = Object.freeze([]);

/**
 * Every failure of a call that a caller sees, except declared exceptions and `BusinessError`, which are answers. Printed and as JSON it
 * has what is set: fields of its own are those facts that are known, and no others.
 */
export class RpcError extends Error {
  static {
    // Not a field, which would be there too late for the stack's first line.
    Object.defineProperty(this.prototype, "name", { value: "RpcError", writable: true, configurable: true });
  }

  readonly code: Code;
  readonly executed: Executed;
  readonly retriable: boolean;
  declare peer: string | undefined;
  declare method: string | undefined;
  declare readonly foreignCode: string | undefined;
  declare time: TimeSpent | undefined;
  readonly #detail: string;
  #ofCall = false;

  /** Throws a `TypeError` for a code that is none: nobody could branch on it, and no peer could be told. */
  constructor(code: Code, message = "", facts: RpcErrorFacts = {}) {
    if (!CODES.includes(code)) throw new TypeError(noCode(code));
    super(message === "" ? `[${code}]` : `[${code}] ${message}`, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.#detail = message;
    this.executed = facts.executed ?? "maybe";
    this.retriable = facts.retriable ?? (code === "unavailable" && this.executed === "no");
    if (facts.peer !== undefined) this.peer = facts.peer;
    if (facts.method !== undefined) this.method = facts.method;
    if (facts.foreignCode !== undefined) this.foreignCode = facts.foreignCode;
    if (facts.details !== undefined && facts.details.length > 0) {
      Object.defineProperty(this, "details", { value: facts.details, enumerable: true });
    }
    if (facts.time !== undefined) this.time = facts.time;
  }

  /** The message without the code, as it travels on the wire. */
  get detail(): string {
    return this.#detail;
  }

  get details(): readonly ErrorDetail[] {
    return NO_DETAILS;
  }

  /**
   * Whether a call that this program made has ended with it. Where its handler passes it on, it speaks of that call: not of the one that is
   * being handled.
   */
  get ofCall(): boolean {
    return this.#ofCall;
  }

  set ofCall(ofCall: boolean) {
    this.#ofCall = ofCall;
  }

  /** For logs: name, message, the fields that are set, and the cause as text. Values of `details` are base64. */
  toJSON(): Record<string, unknown> {
    const { details, cause } = this;
    const json: Record<string, unknown> = { name: this.name, message: this.message };
    Object.assign(json, this);
    if (details.length > 0) json.details = details.map(detailJson);
    if (cause !== undefined) json.cause = cause instanceof Error ? String(cause) : textOf(cause);
    return json;
  }

  /**
   * One without a stack, for what the other side did: where this side noticed tells nobody anything, and thousands of streams that
   * are reset at once would each pay for finding out.
   */
  static withoutStack(code: Code, message: string, facts?: RpcErrorFacts): RpcError {
    const { stackTraceLimit } = Error;
    // Where a program has frozen its globals nothing is saved.
    if (!Reflect.set(Error, "stackTraceLimit", 0)) return new RpcError(code, message, facts);
    try {
      return new RpcError(code, message, facts);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  /** Anything caught becomes an `RpcError`, its origin kept as `cause`. An `AbortError` becomes `cancelled`. Never throws. */
  static from(reason: unknown, code: Code = "internal", facts: RpcErrorFacts = {}): RpcError {
    const error = errorIn(reason);
    if (error instanceof RpcError) return error;
    return new RpcError(error !== undefined && isAbort(error) ? "cancelled" : code, textOf(reason), { ...facts, cause: reason });
  }
}

/** What a handler threw if it is an `Error`, or else an `RpcError` that tells of it. Never throws. */
export function asError(thrown: unknown): Error {
  return errorIn(thrown) ?? RpcError.from(thrown, "internal", { executed: "yes", retriable: false });
}

/** What is to be said of something caught, or given as a reason: an error's message. Never throws. */
export function textOf(thrown: unknown): string {
  try {
    if (typeof thrown !== "object" || thrown === null) return String(thrown);
    if (thrown instanceof Error) return String(thrown.message);
    if ("message" in thrown && typeof thrown.message === "string") return thrown.message;
    return `an object was thrown that is no Error; it has ${Object.keys(thrown).join(", ") || "nothing"}`;
  } catch {
    return "an object was thrown that throws when it is looked at";
  }
}

/** Also to look at what was caught may throw: a proxy that is revoked is nothing that can be asked what it is. */
function errorIn(thrown: unknown): Error | undefined {
  try {
    return thrown instanceof Error ? thrown : undefined;
  } catch {
    return undefined;
  }
}

function isAbort(error: Error): boolean {
  try {
    return error.name === "AbortError";
  } catch {
    return false;
  }
}

/**
 * Settles the promise of a call that has failed: give it this one. It rejects with `error`, whose stack shows then who waits for the call;
 * otherwise it would show whoever read the answer from a socket. A call that succeeds pays nothing for it: V8 finds those who wait, from the
 * promise that a running `async` function settles, as long as each promise on the way has one listener.
 */
export async function rejection(error: Error): Promise<never> {
  // The promise that is settled with this one begins to listen to it a turn of the microtask queue later.
  await Promise.resolve();
  await Promise.resolve();
  retrace(error, rejection);
  throw error;
}

/** Makes the stack of `error` show who waits for the running `async` function `here`. */
export function retrace(error: Error, here: (...args: never[]) => unknown): void {
  if (Object.isExtensible(error)) Error.captureStackTrace(error, here);
}

/** Why a code is none, for who writes plain JavaScript: codes of other libraries are numbers, or are written in other ways. */
function noCode(code: unknown): string {
  const got = typeof code === "string" ? JSON.stringify(code) : String(code);
  const word = typeof code === "string" ? code.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase() : "";
  const meant = typeof code === "number" ? CODES[code - 1] : nearest(word, CODES);
  return `the first argument of RpcError is a code, got ${got}: ${meant === undefined ? `there are ${CODES.join(", ")}` : `did you mean "${meant}"?`}`;
}

function detailJson({ typeUrl, value }: ErrorDetail): { typeUrl: string; value: string } {
  return { typeUrl, value: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") };
}

/**
 * Whether the call that a server answers with this error was executed. It was when its handler passes on what it met in a call of its own
 * (`ofCall`), and when it threw what is no `RpcError`, as only a handler does.
 */
export function executedHere(error: Error): Executed {
  return error instanceof RpcError && !error.ofCall ? error.executed : "yes";
}

/**
 * A business failure that travels as an answer (Kitex `BizStatusError`): the call itself succeeded, so nothing
 * retries it and no breaker counts it. Throw it in a handler; the client's promise rejects with an equal one.
 */
export class BusinessError extends Error {
  static {
    Object.defineProperty(this.prototype, "name", { value: "BusinessError", writable: true, configurable: true });
  }

  /** An int32 other than zero. */
  readonly status: number;
  readonly extra: ReadonlyMap<string, string>;
  readonly #detail: string;

  constructor(status: number, message: string, extra: ReadonlyMap<string, string> = new Map()) {
    super(`business status ${status}: ${message}`);
    if (!Number.isInteger(status) || status === 0 || status !== (status | 0)) {
      throw new RangeError(`a business status must be an int32 other than 0, got ${status}`);
    }
    this.status = status;
    this.extra = extra;
    this.#detail = message;
  }

  /** The message as it travels; `message` says the status too. */
  get detail(): string {
    return this.#detail;
  }

  /** For logs. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, status: this.status, extra: Object.fromEntries(this.extra) };
  }
}
