/**
 * Everything that is known at one moment about whom one may call and how. Immutable and complete: a source that
 * learns something makes a new one, of which unchanged parts are the same objects as before (`share`).
 */
import type { Cluster } from "./cluster.ts";
import type { LanePolicy } from "./lane.ts";
import type { VirtualHost } from "./route.ts";

export interface Snapshot {
  /** For people; differs between any two snapshots of a source. */
  readonly version: string;
  readonly virtualHosts: readonly VirtualHost[];
  /** By name. */
  readonly clusters: Readonly<Record<string, Cluster>>;
  readonly lanes: readonly LanePolicy[];
}

/**
 * What is wrong with a snapshot, one sentence each; empty when nothing is. Routes to clusters that are not there
 * are wrong but no danger: calls that take them fail and say so.
 */
export function problemsOf(snapshot: Snapshot): string[] {
  const problems: string[] = [];
  for (const host of snapshot.virtualHosts) {
    if (host.domains.length === 0) problems.push(`virtual host ${host.name} has no domain`);
    for (const { name, action } of host.routes) {
      if (action.kind !== "forward") continue;
      const where = `route ${name} of virtual host ${host.name}`;
      if (action.destinations.length === 0) problems.push(`${where} has no destination`);
      for (const { cluster, weight } of action.destinations) {
        if (snapshot.clusters[cluster] === undefined) problems.push(`${where} names the cluster ${cluster}, which is not there`);
        if (!(weight > 0)) problems.push(`${where} gives ${cluster} the weight ${weight}, which should be more than 0`);
      }
    }
  }
  for (const [name, cluster] of Object.entries(snapshot.clusters)) {
    if (cluster.name !== name) problems.push(`the cluster under the name ${name} calls itself ${cluster.name}`);
    for (const endpoint of cluster.endpoints) {
      if (endpoint.weight !== undefined && !(endpoint.weight > 0)) {
        problems.push(`endpoint ${endpoint.address} of ${name} has the weight ${endpoint.weight}, which should be more than 0`);
      }
    }
  }
  return problems;
}
