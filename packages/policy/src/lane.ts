/** Which requests get the colour of a lane where they enter. Further in, nothing is coloured: the colour travels. */
import type { RequestMatch } from "./match.ts";

export interface LanePolicy {
  /** The colour: the value of the label `lane` of the lane's workloads. */
  readonly lane: string;
  /** A request that any of these fits is coloured. Lanes are asked in their order in the snapshot. */
  readonly rules: readonly ColourRule[];
}

export interface ColourRule {
  /** Any of these must match; everything matches when left out. */
  readonly match?: readonly RequestMatch[] | undefined;
  /** Only this share of the requests that match. */
  readonly ratio?: Ratio | undefined;
}

export interface Ratio {
  /** 0 to 100. */
  readonly percent: number;
  /** Requests with the same value are coloured alike, and those without one never. Left out: each request for itself, at random. */
  readonly stickyBy?: { readonly kind: "header" | "cookie" | "query"; readonly name: string } | undefined;
}
