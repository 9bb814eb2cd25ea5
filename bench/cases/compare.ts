/** Several pairs measured in turns, and what is promised of one of them against the others. */
import type { Pair, Sample } from "../pair.ts";
import type { Target } from "../report.ts";
import { inRounds, medianOf, ratioOf } from "../rounds.ts";
import type { RunOptions } from "./case.ts";
import { samplesOf, type Figure, type Samples } from "./samples.ts";

export interface Contender {
  readonly name: string;
  /** `undefined` where it cannot be had. */
  start(options: RunOptions): Promise<Pair> | undefined;
}

/** A ratio that is promised against the best of some contenders. */
export interface Promised {
  readonly against: string;
  readonly names: readonly string[];
  readonly wanted: number;
}

/** Starts those that can be had, by their names. */
export async function startAll(contenders: readonly Contender[], options: RunOptions): Promise<Map<string, Pair>> {
  const pairs = new Map<string, Pair>();
  try {
    for (const contender of contenders) {
      const pair = await contender.start(options);
      if (pair !== undefined) pairs.set(contender.name, pair);
    }
    return pairs;
  } catch (error) {
    for (const pair of pairs.values()) await pair.stop();
    throw error;
  }
}

/** Measures each in every round, once all are warm. */
export async function compare(
  pairs: ReadonlyMap<string, Pair>,
  { rounds, durationMs, warmupMs }: RunOptions,
  measure: (pair: Pair, durationMs: number) => Promise<Sample>,
): Promise<Samples> {
  for (const pair of pairs.values()) await measure(pair, warmupMs);
  return await inRounds(new Map([...pairs].map(([name, pair]) => [name, () => measure(pair, durationMs)])), rounds);
}

/** Against whichever of the named is the best; no target where none of them was measured. */
export function targetOf(
  { against, names, wanted }: Promised,
  what: string,
  bound: Target["bound"],
  us: string,
  samples: Samples,
  figure: Figure,
): Target[] {
  const measured = names.filter((name) => samples.has(name));
  const byFigure = measured.toSorted((a, b) => medianOf(samplesOf(samples, a), figure) - medianOf(samplesOf(samples, b), figure));
  const best = bound === "at least" ? byFigure.at(-1) : byFigure[0];
  if (best === undefined) return [];
  const got = ratioOf(samplesOf(samples, us), samplesOf(samples, best), figure);
  return [{ what: `${what} against ${against}`, bound, wanted, got, unit: "x" }];
}
