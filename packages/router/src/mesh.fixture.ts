/** Calls and snapshots for the tests of this package. Groups are the lists of addresses that they were made of. */
import { type Call, ClientCall, Metadata, type MetadataInit, type Method, MethodBinding } from "@kiteline/core";
import {
  type Cluster,
  type Destination,
  type Endpoint,
  endpointAddress,
  type ForwardAction,
  type RequestMatch,
  type Route,
  type Snapshot,
  type VirtualHost,
} from "@kiteline/policy";
import type { LaneRules } from "./lane-rules.ts";
import { Router, type RouterOptions } from "./router.ts";

export type AddressGroup = readonly string[];

export function method(name = "get", service = "Reviews"): Method {
  return { service, name, fullName: `${service}.${name}`, kind: "unary", idempotency: "unknown", arity: 1, messages: { format: "thrift" } };
}

export function call(metadata?: MetadataInit, of: Method = method()): Call {
  return new ClientCall(
    new MethodBinding(of, "test", "reviews"),
    {},
    undefined,
    metadata === undefined ? undefined : Metadata.from(metadata),
    0,
  );
}

export function endpoint(port: number, labels: Record<string, string> = {}): Endpoint {
  return { address: "127.0.0.1", port, labels };
}

export function cluster(name: string, endpoints: readonly Endpoint[], more: Partial<Cluster> = {}): Cluster {
  return { name, host: "reviews", port: 9080, resolution: "static", endpoints, loadBalancing: { kind: "round_robin" }, ...more };
}

export function route(
  match: RequestMatch,
  destinations: readonly (string | Destination)[],
  more: Partial<Route & Pick<ForwardAction, "timeoutMs" | "retry">> = {},
): Route {
  const { timeoutMs, retry, ...rest } = more;
  const list = destinations.map((each) => (typeof each === "string" ? { cluster: each, weight: 1 } : each));
  return { name: "route", match, action: { kind: "forward", destinations: list, timeoutMs, retry }, ...rest };
}

export function host(routes: readonly Route[], more: Partial<VirtualHost> = {}): VirtualHost {
  return { name: "reviews", domains: ["reviews"], port: 9080, routes, ...more };
}

let versions = 0;

export function snapshot(virtualHosts: readonly VirtualHost[], clusters: readonly Cluster[]): Snapshot {
  return { version: String(++versions), virtualHosts, clusters: Object.fromEntries(clusters.map((each) => [each.name, each])), lanes: [] };
}

export function router(first?: Snapshot, options: Partial<RouterOptions<AddressGroup>> = {}): Router<AddressGroup> {
  const made = new Router<AddressGroup>({
    groups: { update() {}, group: (_cluster, endpoints) => endpoints.map(endpointAddress) },
    ...options,
  });
  if (first !== undefined) made.update(first);
  return made;
}

/** Lanes by the label `lane`, carried by the header `lane`. */
export const lanes: LaneRules = {
  carriers: ["lane"],
  laneOf: (each) => each.metadataIfAny?.get("lane"),
  split(endpoints) {
    const byLane = Map.groupBy(endpoints, ({ labels }) => labels["lane"] ?? "");
    const baseline = byLane.get("") ?? [];
    byLane.delete("");
    return { baseline, lanes: byLane };
  },
};

/** What the headers of an exact match look like. */
export function header(name: string, value: string): RequestMatch {
  return { headers: [{ name, match: { kind: "exact", value } }] };
}
