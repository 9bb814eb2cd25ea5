/** What a VirtualService names as a destination to a cluster, or to why there is none. */
import { clusterName, type HashSource } from "@kiteline/policy";
import { hashSourcesOf, type Rule } from "./clusters.ts";
import type { Destination } from "./kinds/virtual-service.ts";
import type { MeshObject } from "./objects.ts";
import type { Problems } from "./place.ts";
import type { Service } from "./services.ts";
import { fullHost, type Viewer } from "./workload.ts";

/** What routes look things up in. */
export interface Known {
  readonly viewer: Viewer;
  readonly services: ReadonlyMap<string, Service>;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly virtualServices: readonly MeshObject<"VirtualService">[];
  readonly problems: Problems;
}

export interface ResolvedDestination {
  /** Also when there is no such cluster: the calls that go there then fail, and the rest goes on. */
  readonly cluster: string;
  readonly hash: readonly HashSource[] | undefined;
}

/** `port` is that of the target that was called; `undefined` when it is not known. */
export function resolveDestination(
  destination: Destination,
  owner: MeshObject<"VirtualService">,
  port: number | undefined,
  known: Known,
): ResolvedDestination {
  const host = fullHost(destination.host, owner.namespace, known.viewer);
  const service = known.services.get(host);
  const complain = (field: string, message: string): void => known.problems.add(destination.place.at(field).problem("error", message));
  const chosen = destination.port?.number ?? (service?.ports.length === 1 ? service.ports[0]?.number : port);
  if (service === undefined)
    complain(
      "host",
      `expected a host that a ServiceEntry declares, got "${destination.host}"${host === destination.host ? "" : `, which means ${host}`}; ${candidates(known)}`,
    );
  else if (chosen === undefined) complain("port", `${host} has several ports: name one of ${portsOf(service)}`);
  else if (!service.ports.some(({ number }) => number === chosen))
    complain("port", `expected a port of ${host} (${portsOf(service)}), got ${chosen}`);
  const rule = known.rules.get(host);
  const { subset } = destination;
  const subsets = rule?.subsets.map(({ name }) => name) ?? [];
  if (service !== undefined && subset !== undefined && subset !== "" && !subsets.includes(subset)) {
    const there = subsets.length === 0 ? "no DestinationRule for it has subsets" : `there are ${subsets.join(", ")}`;
    complain("subset", `expected a subset of ${host}, got "${subset}"; ${there}`);
  }
  return {
    cluster: clusterName(host, chosen ?? 0, subset),
    hash: rule === undefined ? undefined : hashSourcesOf(rule, subset, chosen ?? 0),
  };
}

function portsOf(service: Service): string {
  return service.ports.map(({ number }) => number).join(", ");
}

function candidates({ services }: Known): string {
  const hosts = [...services.keys()].sort();
  if (hosts.length === 0) return "there is none";
  return `there are ${hosts.slice(0, 8).join(", ")}${hosts.length > 8 ? ` and ${hosts.length - 8} more` : ""}`;
}
