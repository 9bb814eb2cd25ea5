/** Istio and Kubernetes YAML to policy values, and what is wrong with it. */
export { createParser, parseIstio } from "./parser.ts";
export type { Workload } from "./workload.ts";
