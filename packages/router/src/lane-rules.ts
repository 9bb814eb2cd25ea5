/** What the router asks about lanes; `@kiteline/lanes` answers. Without it there are none. */
import type { Call } from "@kiteline/core";
import type { Endpoint } from "@kiteline/policy";

export interface LaneRules {
  /** The colour of a call; `undefined` for the baseline. */
  laneOf(call: Call): string | undefined;
  /** The headers that carry the colour, in lower case: a route that asks for one of them chooses the lane itself. */
  readonly carriers: readonly string[];
  /** Which of a cluster's endpoints belong to which lane. */
  split(endpoints: readonly Endpoint[]): LaneSplit;
}

export interface LaneSplit {
  /** The endpoints of no lane: for calls without a colour, and where the lane has nobody to call. */
  readonly baseline: readonly Endpoint[];
  /** By colour, at least one endpoint each. */
  readonly lanes: ReadonlyMap<string, readonly Endpoint[]>;
}
