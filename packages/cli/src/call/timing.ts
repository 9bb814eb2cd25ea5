/** Where a call's time went, for people and for programs. */
import type { CallInfo } from "@kiteline/core";
import { counted } from "../printer.ts";

/** Few digits for long times, more for short ones: `0.42 ms`, `3.1 ms`, `120 ms`. */
export function milliseconds(ms: number): string {
  return `${ms < 1 ? ms.toFixed(2) : ms < 10 ? ms.toFixed(1) : String(Math.round(ms))} ms`;
}

/** `sent` includes the time it took to connect. A call that failed before it was sent has only its end. */
export function timingText(info: CallInfo, failed: boolean): string {
  const { peer, sentMs, endedMs, attempts } = info;
  const parts = peer === undefined ? [] : [peer];
  if (sentMs !== undefined) parts.push(`sent after ${milliseconds(sentMs)}`);
  if (endedMs !== undefined) parts.push(`${failed ? "failed" : "replied"} after ${milliseconds(endedMs)}`);
  parts.push(counted(attempts, "attempt"));
  return parts.join(", ");
}

export function timingJson(info: CallInfo): { type: "timing"; [key: string]: unknown } {
  const { peer, labels, route, attempts, sentMs, endedMs } = info;
  return { type: "timing", peer, labels, route, attempts, sentMs: rounded(sentMs), endedMs: rounded(endedMs) };
}

/** To a microsecond: what is more precise is noise. */
export function rounded<T extends number | undefined>(ms: T): T {
  return (ms === undefined ? ms : Math.round(ms * 1000) / 1000) as T;
}
