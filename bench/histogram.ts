/**
 * Latencies, counted in buckets whose width grows with the value: 128 to each doubling, so that a percentile is right to
 * within 0.4 %. Recording costs a few nanoseconds and no memory.
 */

/** What a value is counted in. */
const UNITS_PER_MS = 1e5;
const PER_DOUBLING = 128;
const BITS = Math.log2(PER_DOUBLING);
/** Longer latencies, from 10 s on, are counted as this one; `maxMs` still knows them. */
const LARGEST = 1e9;

/** A histogram on its way to another process. */
export interface Counts {
  readonly maxMs: number;
  readonly buckets: readonly (readonly [bucket: number, count: number])[];
}

export class Histogram {
  readonly #counts = new Float64Array(bucketOf(LARGEST) + 1);
  #total = 0;
  #maxMs = 0;

  record(ms: number): void {
    if (ms > this.#maxMs) this.#maxMs = ms;
    const bucket = bucketOf(Math.min(ms * UNITS_PER_MS, LARGEST) | 0);
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#total += 1;
  }

  /** How many were recorded. */
  get total(): number {
    return this.#total;
  }

  /** The longest, exactly. 0 when nothing was recorded. */
  get maxMs(): number {
    return this.#maxMs;
  }

  /** What another process counted, by its `counts`. */
  add({ maxMs, buckets }: Counts): void {
    this.#maxMs = Math.max(this.#maxMs, maxMs);
    for (const [bucket, count] of buckets) {
      this.#counts[bucket] = (this.#counts[bucket] as number) + count;
      this.#total += count;
    }
  }

  /** All of it as plain values. */
  counts(): Counts {
    const buckets = [...this.#counts.entries()].filter(([, count]) => count > 0);
    return { maxMs: this.#maxMs, buckets };
  }

  /** The latency that a share of all (0 to 1) did not exceed. 0 when nothing was recorded. */
  percentile(share: number): number {
    const wanted = share * this.#total;
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket += 1) {
      seen += this.#counts[bucket] as number;
      if (seen >= wanted && seen > 0) return Math.min(middleOf(bucket) / UNITS_PER_MS, this.#maxMs);
    }
    return this.#maxMs;
  }
}

/** Up to 128 each value has a bucket; above, the top eight bits of the value name it. */
function bucketOf(value: number): number {
  if (value < PER_DOUBLING) return value;
  const doublings = 31 - Math.clz32(value) - BITS;
  return doublings * PER_DOUBLING + (value >>> doublings);
}

function middleOf(bucket: number): number {
  if (bucket < 2 * PER_DOUBLING) return bucket;
  const doublings = Math.floor(bucket / PER_DOUBLING) - 1;
  return (bucket - doublings * PER_DOUBLING + 0.5) * 2 ** doublings;
}
