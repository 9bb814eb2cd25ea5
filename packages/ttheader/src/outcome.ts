/** How a call went, as header strings beside what its payload says, and back; how long it may still take. */
import {
  BusinessError,
  codeNumber,
  codeOfNumber,
  executedHere,
  RpcError,
  type ClientCall,
  type Executed,
  type Metadata,
} from "@kiteline/core";
import type { Loop } from "@kiteline/net";
import type { StringPair } from "./header-writer.ts";
import {
  BACKWARD_PREFIX,
  BUSINESS_EXTRA_KEY,
  BUSINESS_MESSAGE_KEY,
  BUSINESS_STATUS_KEY,
  CLOSING_KEY,
  REPLY_KEYS,
  STATUS_KEY,
} from "./layout.ts";

export const CLOSING: readonly StringPair[] = [[CLOSING_KEY, "1"]];

/** Adds the metadata among a reply's strings. Kitex writes it under its plain name; the prefix that exists for it is understood, too. */
export function keepStrings(strings: ReadonlyMap<string, string>, into: Metadata): void {
  for (const [name, value] of strings) {
    if (REPLY_KEYS.has(name)) continue;
    const plain = name.startsWith(BACKWARD_PREFIX) ? name.slice(BACKWARD_PREFIX.length) : name;
    if (plain === "" || value === "") continue;
    into.append(plain, plain.toLowerCase().endsWith("-bin") ? Buffer.from(value, "base64") : value, "backward");
  }
}

/** By less than this are sums of times off: what was 200 ms shall not be told as 201. */
const ROUNDING_MS = 0.001;

/** What the header says of a call's deadline: as much as is left now. */
export function timeLeftMs({ deadlineMs, startMs }: ClientCall, loop: Pick<Loop, "clock" | "now">): number {
  // A call with a deadline has asked the clock itself when it began, for the turn may have computed long before: in that turn this will do.
  const nowMs = loop.now() > startMs ? loop.clock.now() : startMs;
  return Math.max(1, Math.ceil(deadlineMs - nowMs - ROUNDING_MS));
}

export function readBusinessError(strings: ReadonlyMap<string, string>): BusinessError | undefined {
  const status = Number(strings.get(BUSINESS_STATUS_KEY) ?? 0);
  if (status === 0 || status !== (status | 0)) return undefined;
  return new BusinessError(status, strings.get(BUSINESS_MESSAGE_KEY) ?? "", readExtra(strings.get(BUSINESS_EXTRA_KEY)));
}

export function businessPairs(error: BusinessError): readonly StringPair[] {
  const pairs: StringPair[] = [
    [BUSINESS_STATUS_KEY, String(error.status)],
    [BUSINESS_MESSAGE_KEY, error.detail],
  ];
  if (error.extra.size > 0) pairs.push([BUSINESS_EXTRA_KEY, JSON.stringify(Object.fromEntries(error.extra))]);
  return pairs;
}

/** The exact code, for callers of our kind: the exception beside it knows only Thrift's few. */
export function statusPairs(error: Error): readonly StringPair[] {
  return [[STATUS_KEY, `${codeNumber(RpcError.from(error).code)} ${executedHere(error)}`]];
}

/** The error of an exception, with the exact code that stands beside it where the server is of our kind. */
export function exact(error: RpcError, strings: ReadonlyMap<string, string> | undefined): RpcError {
  const status = strings?.get(STATUS_KEY);
  if (status === undefined) return error;
  const [number, executed] = status.split(" ");
  const code = codeOfNumber(Number(number));
  return new RpcError(code, error.detail, {
    // A server that is full says nothing of the others.
    retriable: executed === "no" && (code === "unavailable" || code === "resource_exhausted"),
    executed: executed === "no" || executed === "yes" ? (executed satisfies Executed) : "maybe",
    ...(error.foreignCode === undefined ? {} : { foreignCode: error.foreignCode }),
  });
}

function readExtra(json: string | undefined): Map<string, string> {
  const extra = new Map<string, string>();
  if (json === undefined || json === "") return extra;
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed === "object" && parsed !== null) for (const [key, value] of Object.entries(parsed)) extra.set(key, String(value));
  } catch {
    // The extra is a courtesy: a peer that garbles it has still said its status and message.
    extra.set(BUSINESS_EXTRA_KEY, json);
  }
  return extra;
}
