/** Where a call's time went, for people and for programs. */
import type { CallInfo } from "@kiteline/core";

/** Few digits for long times, more for short ones: `0.42 ms`, `3.1 ms`, `120 ms`. */
export function milliseconds(ms: number): string {
  return `${ms < 1 ? ms.toFixed(2) : ms < 10 ? ms.toFixed(1) : String(Math.round(ms))} ms`;
}

/** The moments of a call as it passed them, each counted from its start. A phase that was not reached is left out. */
function moments(info: CallInfo): [name: string, ms: number][] {
  const all: [string, number | undefined][] = [
    ["connected", info.connectedMs],
    ["sent", info.sentMs],
    ["replied", info.repliedMs],
    ["ended", info.endedMs],
  ];
  return all.filter((each): each is [string, number] => each[1] !== undefined);
}

export function timingText(info: CallInfo): string {
  const where = info.peer === undefined ? [] : [info.peer];
  const attempts = `${info.attempts} attempt${info.attempts === 1 ? "" : "s"}`;
  return [...where, ...moments(info).map(([name, ms]) => `${name} ${milliseconds(ms)}`), attempts].join("  ");
}

export function timingJson(info: CallInfo): { type: "timing"; [key: string]: unknown } {
  const { peer, labels, route, attempts } = info;
  const times = Object.fromEntries(moments(info).map(([name, ms]) => [`${name}Ms`, Math.round(ms * 1000) / 1000]));
  return { type: "timing", peer, labels, route, attempts, ...times };
}
