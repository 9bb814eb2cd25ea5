/**
 * Fair turns: what is compared is measured in many short rounds, everybody once in each, so that what the machine does meanwhile
 * hits all alike, and medians are taken. Ratios are made within a round before their median is.
 */

/** Runs each contender once per round, starting each round with another one. Returns what each gave, by name, in order of the rounds. */
export async function inRounds<Sample>(
  contenders: ReadonlyMap<string, () => Promise<Sample>>,
  rounds: number,
): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>([...contenders.keys()].map((name) => [name, []]));
  const order = [...contenders];
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < order.length; turn += 1) {
      const [name, measure] = order[(round + turn) % order.length] as [string, () => Promise<Sample>];
      samples.get(name)?.push(await measure());
    }
  }
  return samples;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new RangeError("there is no median of nothing");
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** The median of one figure over the rounds. */
export function medianOf<Sample>(samples: readonly Sample[], figure: (sample: Sample) => number): number {
  return median(samples.map(figure));
}

/** How far apart the rounds were: from the least to the most, in percent of the median. */
export function spreadOf<Sample>(samples: readonly Sample[], figure: (sample: Sample) => number): number {
  const values = samples.map(figure);
  return ((Math.max(...values) - Math.min(...values)) / median(values)) * 100;
}

/** A figure of several rounds. */
export interface Range {
  readonly least: number;
  /** The median. */
  readonly middle: number;
  readonly most: number;
}

export function rangeOf(values: readonly number[]): Range {
  return { least: Math.min(...values), middle: median(values), most: Math.max(...values) };
}

/** `ours` divided by `theirs` in the same round, over all rounds. */
export function ratioOf<Sample>(ours: readonly Sample[], theirs: readonly Sample[], figure: (sample: Sample) => number): Range {
  return rangeOf(ours.map((sample, round) => figure(sample) / figure(theirs[round] as Sample)));
}
