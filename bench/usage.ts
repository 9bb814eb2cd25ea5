/** What a process has used so far. Two readings and their difference are what a measurement took. */
import { getHeapStatistics } from "node:v8";

export interface Usage {
  /** Of all threads, in the program and in the kernel. */
  readonly cpuMs: number;
  /** On the JavaScript heap (for a peer in Go, on its heap), freed since or not. Contents of Buffers lie outside it. */
  readonly allocatedBytes: number;
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, allocatedBytes: getHeapStatistics().total_allocated_bytes };
}

/** The live heap after everything that can be collected has been. Needs `--expose-gc`. */
export function liveHeapBytes(): number {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("start Node with --expose-gc to measure the live heap");
  // What the first finds dead may have kept other things alive by its finalizers.
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
