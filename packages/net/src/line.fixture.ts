/**
 * A protocol for tests: u32 length of what follows, i32 sequence id, u8 flags, then "METHOD VALUE" as text. On replies
 * the first word is `ok`, `error` with a code, or `late-error`, whose sequence id is no matter.
 */
import {
  Attempt,
  ClientCall,
  MethodBinding,
  RpcError,
  type AttemptController,
  type CallOptions,
  type Code,
  type Method,
} from "@kiteline/core";
import type { Output } from "./output.ts";
import { DecodeError, type Framer } from "./payload.ts";
import type { ClientWire, ReplyFrame, Replying, RequestFrame, ServerWire } from "./wire.ts";

export const MULTIPLEXED = 1;
export const CLOSING = 2;
export const CONTROL = 4;
export const ONEWAY_FLAG = 8;

const frameBytes: Framer = (bytes, start, end) => {
  if (end - start < 4) return 0;
  const length = bytes.readUInt32BE(start);
  if (length < 5) throw new DecodeError(`a frame of ${length} bytes holds no head`);
  return 4 + length;
};

/** A whole frame. */
export function line(seq: number, flags: number, text: string): Buffer {
  const bytes = Buffer.alloc(9 + Buffer.byteLength(text));
  bytes.writeUInt32BE(bytes.byteLength - 4);
  bytes.writeInt32BE(seq, 4);
  bytes[8] = flags;
  bytes.write(text, 9);
  return bytes;
}

/** The frames in `bytes`, each as sequence id, flags and text. */
export function lines(bytes: Buffer): [seq: number, flags: number, text: string][] {
  const found: [number, number, string][] = [];
  for (let at = 0; at < bytes.byteLength; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    found.push([bytes.readInt32BE(at + 4), bytes[at + 8] as number, bytes.toString("utf8", at + 9, end)]);
    at = end;
  }
  return found;
}

function write(out: Output, seq: number, flags: number, text: string): void {
  const bytes = line(seq, flags, text);
  out.ensure(bytes.byteLength);
  out.bytes.set(bytes, out.position);
  out.position += bytes.byteLength;
}

export class LineClientWire implements ClientWire {
  readonly name = "line";
  readonly canMultiplex: boolean;
  #text = "";

  constructor(canMultiplex = true) {
    this.canMultiplex = canMultiplex;
  }

  makeFramer(): Framer {
    return frameBytes;
  }

  write(out: Output, attempt: Attempt, multiplexed: boolean): void {
    const { call } = attempt;
    if (call.request === "unwritable") {
      write(out, attempt.seq, 0, "half of it");
      throw new TypeError("cannot be written");
    }
    write(out, attempt.seq, multiplexed ? MULTIPLEXED : 0, `${call.method.name} ${String(call.request)}`);
  }

  open(bytes: Buffer, start: number, end: number, frame: ReplyFrame): void {
    const flags = bytes[start + 8] as number;
    frame.seq = bytes.readInt32BE(start + 4);
    frame.multiplexed = (flags & MULTIPLEXED) !== 0;
    frame.closing = (flags & CLOSING) !== 0;
    frame.control = (flags & CONTROL) !== 0;
    this.#text = bytes.toString("utf8", start + 9, end);
    if (this.#text === "rubbish") throw new DecodeError("rubbish came");
    frame.exception = this.#text.startsWith("late-error");
  }

  read(frame: ReplyFrame): unknown {
    const [kind, ...rest] = this.#text.split(" ");
    if (kind === "unreadable") throw new DecodeError("a field is missing");
    if (kind === "ok") return rest.join(" ");
    frame.thrown = true;
    return new RpcError(rest[0] as Code, rest.slice(1).join(" "), { executed: "yes" });
  }
}

export class LineServerWire implements ServerWire {
  readonly name = "line";
  readonly delimited = true;
  #value = "";

  recognise(bytes: Buffer, start: number, end: number): boolean | undefined {
    if (end - start < 4) return undefined;
    return bytes[start] === 0 && bytes[start + 1] === 0;
  }

  makeFramer(): Framer {
    return frameBytes;
  }

  open(bytes: Buffer, start: number, end: number, frame: RequestFrame): void {
    const flags = bytes[start + 8] as number;
    const [name = "", ...rest] = bytes.toString("utf8", start + 9, end).split(" ");
    if (name === "rubbish") throw new DecodeError("rubbish came");
    frame.seq = bytes.readInt32BE(start + 4);
    frame.multiplexed = (flags & MULTIPLEXED) !== 0;
    frame.oneway = (flags & ONEWAY_FLAG) !== 0;
    frame.service = "Lines";
    frame.name = name;
    const within = /^within=(-?\d+)$/.exec(rest[0] ?? "");
    frame.timeoutMs = within === null ? Infinity : Number(within[1]);
    this.#value = rest.join(" ");
  }

  read(): unknown {
    if (this.#value === "unreadable") throw new DecodeError("a field is missing");
    return this.#value;
  }

  writeReply(out: Output, to: Replying, value: unknown): void {
    if (typeof value !== "string") throw new TypeError(`expected a string, got ${typeof value}`);
    const metadata = (to.replyEntries ?? []).map((entry) => ` ${entry.name}=${String(entry.value)}`).join("");
    write(out, to.seq, to.closing ? CLOSING : 0, `ok ${value}${metadata}`);
  }

  writeError(out: Output, to: Replying, error: Error): void {
    if (to.replyEntries?.some((entry) => entry.name === "unwritable") === true) throw new RangeError("metadata too large");
    const code = error instanceof RpcError ? error.code : "internal";
    write(out, to.seq, to.closing ? CLOSING : 0, `error ${code} ${error instanceof RpcError ? error.detail : error.message}`);
  }

  writeGoingAway(out: Output): void {
    write(out, 0, CONTROL | CLOSING, "going");
  }
}

export function lineMethod(name: string, kind: Method["kind"] = "unary"): Method {
  return { service: "Lines", name, fullName: `Lines.${name}`, kind, idempotency: "unknown", arity: 1, messages: { format: "line" } };
}

/** What became of an attempt: `undefined` while it is under way. */
export interface Outcome {
  readonly attempt: Attempt;
  readonly value: unknown;
  readonly error: Error | undefined;
  /** How often it was told; more than once would be wrong. */
  readonly told: number;
}

/** An attempt at a call of its own, and what becomes of it. */
export function makeAttempt(
  request: string,
  method: Method = lineMethod("say"),
  options: CallOptions = {},
): Outcome & { readonly attempt: Attempt } {
  const outcome: { attempt: Attempt; value: unknown; error: Error | undefined; told: number } = {
    attempt: undefined as unknown as Attempt,
    value: undefined,
    error: undefined,
    told: 0,
  };
  const call = new ClientCall(new MethodBinding(method, "", ""), options, undefined, undefined, 0);
  call.request = request;
  const controller: AttemptController = {
    begun: () => undefined,
    succeeded(_attempt, value) {
      outcome.value = value;
      outcome.told++;
    },
    failed(_attempt, error) {
      outcome.error = error;
      outcome.told++;
    },
    cancelled: () => undefined,
  };
  call.controller = controller;
  outcome.attempt = new Attempt(call, 1);
  return outcome;
}
