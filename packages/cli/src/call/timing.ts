/** Where a call's time went, for people and for programs. */
import type { CallInfo } from "@kiteline/core";
import { counted } from "../printer.ts";
import type { CodecTimes } from "./codec-times.ts";

/** Few digits for long times, more for short ones: `0.42 ms`, `3.1 ms`, `120 ms`. */
export function milliseconds(ms: number): string {
  return `${ms < 1 ? ms.toFixed(2) : ms < 10 ? ms.toFixed(1) : String(Math.round(ms))} ms`;
}

/** The phases of a call in their order, in milliseconds; those that it did not come to are missing. Together they are its whole time. */
export interface Phases {
  readonly connect?: number | undefined;
  readonly tls?: number | undefined;
  /** Whatever else came before the request could be written: finding the address, waiting for a connection. */
  readonly wait?: number | undefined;
  readonly encode?: number | undefined;
  /** On the wire and in the peer, from the request written to the answer read. */
  readonly remote?: number | undefined;
  readonly decode?: number | undefined;
}

export function phasesOf(info: CallInfo, { encodeMs, decodeMs }: CodecTimes): Phases {
  const { connectMs, tlsMs, sentMs, endedMs } = info;
  const wait = sentMs === undefined ? undefined : Math.max(0, sentMs - (connectMs ?? 0) - (tlsMs ?? 0));
  if (sentMs === undefined || endedMs === undefined) return { connect: connectMs, tls: tlsMs, wait };
  // The time of sending is that of the loop's turn in which the request was encoded.
  const remote = Math.max(0, endedMs - sentMs - encodeMs - decodeMs);
  return { connect: connectMs, tls: tlsMs, wait, encode: encodeMs, remote, decode: decodeMs === 0 ? undefined : decodeMs };
}

/** A call that failed before it was sent has only its end. */
export function timingText(info: CallInfo, phases: Phases, failed: boolean): string {
  const { peer, endedMs, attempts } = info;
  const parts = peer === undefined ? [] : [peer];
  const { tls, ...others } = phases;
  for (const [name, ms] of Object.entries({ connect: others.connect, TLS: tls, ...others })) {
    if (ms !== undefined) parts.push(`${name} ${milliseconds(ms)}`);
  }
  if (endedMs !== undefined) parts.push(`${failed ? "failed" : "replied"} after ${milliseconds(endedMs)}`);
  parts.push(counted(attempts, "attempt"));
  return parts.join(", ");
}

export function timingJson(info: CallInfo, phases: Phases): { type: "timing"; [key: string]: unknown } {
  const { peer, labels, route, attempts, sentMs, endedMs } = info;
  const rest = Object.fromEntries(Object.entries(phases).map(([name, ms]) => [`${name}Ms`, rounded(ms as number | undefined)]));
  return { type: "timing", peer, labels, route, attempts, ...rest, sentMs: rounded(sentMs), endedMs: rounded(endedMs) };
}

/** To a microsecond: what is more precise is noise. */
export function rounded<T extends number | undefined>(ms: T): T {
  return (ms === undefined ? ms : Math.round(ms * 1000) / 1000) as T;
}
