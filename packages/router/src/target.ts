/**
 * A target as one snapshot knows it. Whoever calls it asks once per call, so all that does not depend on the call is
 * settled when the snapshot comes: which virtual host, which of its routes can match a call to this target at all.
 */
import { type Call, type Method, RpcError } from "@kiteline/core";
import {
  compileField,
  compileString,
  isCatchAll,
  parseTarget,
  type Route,
  type Snapshot,
  type TargetName,
  type VirtualHost,
} from "@kiteline/policy";
import type { ChosenRoute } from "./chosen-route.ts";
import { findHost, portsOf } from "./hosts.ts";
import { type ClusterGroups, refusal, Rule, type RuleContext } from "./rule.ts";

/** What it needs to compile itself anew. */
export interface TargetContext<Group> extends Omit<RuleContext<Group>, "host"> {
  readonly snapshot: Snapshot | undefined;
}

export class Target<Group> {
  /** As the caller wrote it. */
  readonly text: string;
  readonly name: TargetName;
  #rules: readonly Rule<Group>[] = [];
  /** Set when every call gets the same route. */
  #fixed: ChosenRoute<Group> | undefined;
  /** The rules left for a method; only when some rule asks for the path. */
  #byMethod: Map<Method, readonly Rule<Group>[]> | undefined;
  #refusal: (call: Call) => RpcError = notYet;
  /** What it was compiled from. */
  #host: VirtualHost | undefined;
  #clusters: readonly (ClusterGroups<Group> | undefined)[] = [];

  /** Throws a `TypeError` for a text that is no target. */
  constructor(text: string) {
    this.text = text;
    this.name = parseTarget(text);
  }

  /** The route of this call in the current snapshot. Throws an `RpcError` when there is none. */
  route(call: Call): ChosenRoute<Group> {
    return this.#fixed ?? this.#choose(call);
  }

  #choose(call: Call): ChosenRoute<Group> {
    const rules = this.#byMethod === undefined ? this.#rules : this.#rulesOf(call.method, this.#byMethod);
    for (const rule of rules) if (rule.unconditional || rule.matches(call.metadataIfAny)) return rule.choose(call);
    throw this.#refusal(call);
  }

  #rulesOf(method: Method, byMethod: Map<Method, readonly Rule<Group>[]>): readonly Rule<Group>[] {
    let rules = byMethod.get(method);
    if (rules === undefined) {
      const path = `/${method.service}/${method.name}`;
      rules = this.#rules.filter((rule) => rule.path === undefined || rule.path(path));
      byMethod.set(method, rules);
    }
    return rules;
  }

  /** Called by the router with each snapshot. */
  compile(context: TargetContext<Group>): void {
    const { snapshot } = context;
    if (snapshot === undefined) return;
    const host = findHost(snapshot.virtualHosts, this.name);
    const clusters = host === undefined ? [] : clustersOf(host).map((name) => context.groupsOf(name));
    if (host !== undefined && host === this.#host && clusters.every((groups, index) => groups === this.#clusters[index])) return;
    this.#host = host;
    this.#clusters = clusters;
    this.#rules = [];
    this.#fixed = undefined;
    this.#byMethod = undefined;
    const ports = this.name.port === undefined ? portsOf(snapshot.virtualHosts, this.name.host) : [];
    if (ports.length > 1) {
      this.#refusal = (call) => refusal("unavailable", `${this.text} has several ports: name one of ${ports.join(", ")}`, call);
      return;
    }
    if (host === undefined) {
      this.#refusal = (call) => refusal("unavailable", this.#unknown(snapshot), call);
      return;
    }
    const rules: Rule<Group>[] = [];
    for (const route of host.routes) {
      if (!this.#canMatch(route)) continue;
      rules.push(new Rule(route, { ...context, host }));
      if (isCatchAll(this.#onlyDynamic(route).match)) break; // nobody gets further
    }
    this.#rules = rules;
    this.#refusal = (call) => refusal("unavailable", `no route of ${host.name} matches ${call.method.fullName}`, call);
    if (rules.some((rule) => rule.path !== undefined)) this.#byMethod = new Map();
    else if (rules[0]?.unconditional === true) this.#fixed = rules[0].fixed;
  }

  /** Whether the conditions hold that are the same for all calls to this target. */
  #canMatch({ match }: Route): boolean {
    const holds = (condition: typeof match.method, value: string): boolean => condition === undefined || compileString(condition)(value);
    return (
      holds(match.method, "POST") &&
      holds(match.scheme, "http") &&
      holds(match.authority, this.text) &&
      (match.query ?? []).every((field) => compileField(field)(undefined))
    );
  }

  #onlyDynamic(route: Route): Route {
    return { ...route, match: { path: route.match.path, headers: route.match.headers, cookies: route.match.cookies } };
  }

  #unknown({ virtualHosts }: Snapshot): string {
    const { host, port } = this.name;
    const ports = portsOf(virtualHosts, host);
    if (port !== undefined && ports.length > 0) return `${host} has no port ${port}; it has ${ports.join(", ")}`;
    const known = [...new Set(virtualHosts.map((each) => each.domains[0] ?? each.name))].sort();
    const list =
      known.length === 0
        ? "it knows no host"
        : `it knows ${known.slice(0, 8).join(", ")}${known.length > 8 ? ` and ${known.length - 8} more` : ""}`;
    const elsewhere = host.includes(".") ? undefined : known.find((each) => each.startsWith(`${host}.`));
    const hint =
      elsewhere === undefined
        ? "Is a ServiceEntry missing, or the name misspelt?"
        : `A short name is looked for in the workload's own namespace: is that ${elsewhere.split(".")[1] ?? ""}? Else call it ${elsewhere}`;
    return `the mesh knows no host "${host}": ${list}. ${hint}`;
  }
}

function clustersOf(host: VirtualHost): string[] {
  return host.routes.flatMap(({ action }) => (action.kind === "forward" ? action.destinations.map(({ cluster }) => cluster) : []));
}

function notYet(call: Call): RpcError {
  return new RpcError("unavailable", "no routes have arrived yet: wait until the client is ready", {
    executed: "no",
    method: call.method.fullName,
  });
}
