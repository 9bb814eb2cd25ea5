/** What a case is told and what it gives back. */
import type { Cores } from "../cores.ts";
import type { CaseReport } from "../report.ts";

export interface RunOptions {
  /** Rounds of each comparison. */
  readonly rounds: number;
  /** Of one measurement. */
  readonly durationMs: number;
  /** Before the first measurement of a peer, so that what is measured has been compiled. */
  readonly warmupMs: number;
  /** Where the ends of a pair run, or undefined where they cannot be pinned. */
  readonly cores: Cores | undefined;
  /** Kitex's program, or undefined where it could not be built; grpc-go's in the same way. */
  readonly kitex: string | undefined;
  readonly grpcGo: string | undefined;
  /** Calls in the case that looks for what calls leave behind. */
  readonly heapCalls: number;
  /** And streams that are cut. */
  readonly heapStreams: number;
  /** The attacks to run; all when it is undefined. */
  readonly attacks: readonly string[] | undefined;
}

/**
 * How long a pair runs with many callers before it is measured under full load, in milliseconds: compilers share the core with what
 * they compile, and until about then each round is faster than the one before, whatever is measured.
 */
export const COMPILING_MS = 3000;

/** Under full load a round tells little: what else the machine does at the moment halves some. The median of so many stays where it is. */
export const FULL_LOAD_ROUNDS = 9;

export type Case = (options: RunOptions) => Promise<CaseReport[]>;
