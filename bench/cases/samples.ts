/** What several rounds of several pairs gave, by the pair's name, and the rows that are shown of them. */
import type { Sample } from "../pair.ts";
import type { Row } from "../report.ts";
import { medianOf, ratioOf, spreadOf } from "../rounds.ts";

export type Samples = ReadonlyMap<string, readonly Sample[]>;
export type Figure = (sample: Sample) => number;

export const speed: Figure = (sample) => sample.callsPerSecond;

export const COLUMNS = {
  callsPerSecond: "calls/s",
  p50Ms: "p50 ms",
  p99Ms: "p99 ms",
  cpuUsPerCall: "CPU us/call",
  allocatedBytesPerCall: "heap B/call",
  ratio: "kiteline / it",
  spread: "spread %",
} satisfies Readonly<Record<string, string>>;

/** Medians; the last two columns are of the figure that is compared with that of `us`. */
export function rowsOf(samples: Samples, us: string, compared: Figure): Row[] {
  return [...samples].map(([who, each]) => ({
    who,
    values: {
      callsPerSecond: medianOf(each, speed),
      p50Ms: medianOf(each, (sample) => sample.p50Ms),
      p99Ms: medianOf(each, (sample) => sample.p99Ms),
      cpuUsPerCall: medianOf(each, (sample) => sample.cpuUsPerCall),
      allocatedBytesPerCall: medianOf(each, (sample) => sample.allocatedBytesPerCall),
      ratio: ratioOf(samplesOf(samples, us), each, compared).middle,
      spread: spreadOf(each, compared),
    },
  }));
}

export function samplesOf(samples: Samples, who: string): readonly Sample[] {
  const each = samples.get(who);
  if (each === undefined) throw new Error(`${who} was not measured`);
  return each;
}
