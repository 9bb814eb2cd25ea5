/**
 * Answers where a call goes, from the snapshot that is in force. A snapshot is compiled when it arrives, and of it only
 * what a target in use needs; what did not change since the last one (`share`) is kept as it is, and with it the state
 * of balancers.
 */
import type { Cluster, Endpoint, Snapshot } from "@kiteline/policy";
import type { LaneRules } from "./lane-rules.ts";
import type { ClusterGroups } from "./rule.ts";
import { Target } from "./target.ts";

/** The balancer's side: makes groups, from which it picks later. */
export interface Groups<Group> {
  /** Told of each snapshot before any group of it is asked for. */
  update(snapshot: Snapshot): void;
  /** `endpoints` are some or all of the cluster's; `previous` is the group of the same part of this cluster in the last snapshot. */
  group(cluster: Cluster, endpoints: readonly Endpoint[], previous: Group | undefined): Group;
}

export interface RouterOptions<Group> {
  readonly groups: Groups<Group>;
  /** Left out: labels of lanes mean nothing. */
  readonly lanes?: LaneRules | undefined;
  /** 0 <= x < 1, for weights. Defaults to `Math.random`. */
  readonly random?: (() => number) | undefined;
}

export class Router<Group> {
  readonly #groups: Groups<Group>;
  readonly #lanes: LaneRules | undefined;
  readonly #random: () => number;
  readonly #targets = new Map<string, Target<Group>>();
  #clusters = new Map<string, ClusterGroups<Group>>();
  #snapshot: Snapshot | undefined;

  constructor(options: RouterOptions<Group>) {
    this.#groups = options.groups;
    this.#lanes = options.lanes;
    this.#random = options.random ?? Math.random;
  }

  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  /** Calls that begin from now on see this snapshot; those under way keep the route they have. */
  update(snapshot: Snapshot): void {
    if (snapshot === this.#snapshot) return;
    this.#groups.update(snapshot);
    this.#snapshot = snapshot;
    const previous = this.#clusters;
    this.#clusters = new Map();
    for (const target of this.#targets.values()) this.#compile(target, previous);
  }

  /** What a client asks per call; ask for it once per client. Throws a `TypeError` for a text that is no target. */
  target(text: string): Target<Group> {
    let target = this.#targets.get(text);
    if (target === undefined) {
      target = new Target(text);
      this.#targets.set(text, target);
      this.#compile(target, this.#clusters);
    }
    return target;
  }

  #compile(target: Target<Group>, previous: ReadonlyMap<string, ClusterGroups<Group>>): void {
    const snapshot = this.#snapshot;
    target.compile({
      snapshot,
      lanes: this.#lanes,
      random: this.#random,
      groupsOf: (name) => {
        const cluster = snapshot?.clusters[name];
        if (cluster === undefined) return undefined;
        // An original destination is whatever the target is, so its groups are the target's own.
        const key = cluster.resolution === "original" ? `${name} ${target.text}` : name;
        let groups = this.#clusters.get(key);
        if (groups === undefined) {
          const old = previous.get(key);
          groups = old?.cluster === cluster ? old : this.#groupsOf(cluster, target, old);
          this.#clusters.set(key, groups);
        }
        return groups;
      },
    });
  }

  #groupsOf(cluster: Cluster, target: Target<Group>, old: ClusterGroups<Group> | undefined): ClusterGroups<Group> {
    const { host, port = cluster.port } = target.name;
    const endpoints = cluster.resolution === "original" ? [{ address: host, port, labels: {} }] : cluster.endpoints;
    const all = this.#groups.group(cluster, endpoints, old?.all);
    const split = this.#lanes?.split(endpoints);
    if (split === undefined || split.lanes.size === 0) return { cluster, all, baseline: all, lanes: undefined };
    const lanes = new Map<string, Group>();
    for (const [lane, members] of split.lanes) lanes.set(lane, this.#groups.group(cluster, members, old?.lanes?.get(lane)));
    return { cluster, all, baseline: this.#groups.group(cluster, split.baseline, old?.baseline), lanes };
  }
}
