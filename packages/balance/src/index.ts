/** A route's subsets to one endpoint: priorities, localities, policies, ejection, slow start, panic. */
export { Balancer, type BalancerOptions, type Candidates } from "./balancer.ts";
export type { Group } from "./group.ts";
export type { EjectionOptions, LiveEndpoint } from "./live-endpoint.ts";
