/**
 * Which core each end of a pair runs on. Left to the kernel, both ends share one core in some rounds and have two in others, and
 * everybody's figures halve and double; so each end is pinned to a core of its own where the system can do that.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Cores {
  readonly server: number;
  readonly client: number;
}

/** Two cores that this process may use, or why ends cannot be pinned. Needs `taskset` (util-linux), which only Linux has. */
export function findCores(): Cores | string {
  const shown = spawnSync("taskset", ["--cpu-list", "--pid", String(process.pid)], { encoding: "utf8" });
  if (shown.status !== 0) return "there is no taskset (util-linux) here";
  const [, list = ""] = shown.stdout.trim().split(/:\s*/);
  return chooseCores(parseCores(list), siblingsOf) ?? "this process may use one core only";
}

/** What runs `command` on `core`, or wherever the kernel wants when there is none. The process is that of the command either way. */
export function onCore(core: number | undefined, command: string, args: readonly string[]): { command: string; args: readonly string[] } {
  return core === undefined ? { command, args } : { command: "taskset", args: ["--cpu-list", String(core), command, ...args] };
}

/**
 * The same for what stands for a machine of its own where there is none for it: it gets the time that whoever else is on that core
 * leaves over.
 */
export function inBackground(
  core: number | undefined,
  program: string,
  given: readonly string[],
): { command: string; args: readonly string[] } {
  const { command, args } = onCore(core, program, given);
  return core === undefined ? { command, args } : { command: "chrt", args: ["--idle", "0", command, ...args] };
}

/** Reads a list as Linux writes it: `0-3,8`. */
export function parseCores(list: string): number[] {
  return list.split(",").flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/**
 * The last two of `allowed`, since the first serve the most interrupts. Hardware threads of one core slow each other, so two of
 * different cores are taken where there are such.
 */
export function chooseCores(allowed: readonly number[], siblings: (core: number) => readonly number[]): Cores | undefined {
  const client = allowed.at(-1);
  const others = allowed.slice(0, -1);
  if (client === undefined) return undefined;
  const server = others.findLast((core) => !siblings(client).includes(core)) ?? others.at(-1);
  return server === undefined ? undefined : { server, client };
}

function siblingsOf(core: number): readonly number[] {
  try {
    return parseCores(readFileSync(`/sys/devices/system/cpu/cpu${core}/topology/thread_siblings_list`, "utf8").trim());
  } catch {
    return [core]; // containers may hide it
  }
}
