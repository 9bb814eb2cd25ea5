/** A call and a snapshot to a route: hosts, matchers, weights, lanes as ordered subsets. */
export { Router, type Groups, type RouterOptions } from "./router.ts";
export type { Target } from "./target.ts";
export { ChosenRoute } from "./chosen-route.ts";
export type { LaneRules, LaneSplit } from "./lane-rules.ts";
