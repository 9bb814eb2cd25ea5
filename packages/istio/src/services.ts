/** What can be called: ServiceEntries with the WorkloadEntries that they select. */
import { type Endpoint, isIpAddress, type Locality, type Resolution } from "@kiteline/policy";
import type { ServiceEntry, ServicePort, WorkloadEntry } from "./kinds/service-entry.ts";
import type { MeshObject } from "./objects.ts";
import type { Problems } from "./place.ts";
import { isExported, selects, type Viewer } from "./workload.ts";

export interface Service {
  readonly host: string;
  readonly namespace: string;
  readonly resolution: Resolution;
  /** Virtual addresses under which callers may know it too. */
  readonly addresses: readonly string[];
  readonly ports: readonly { readonly number: number; readonly endpoints: readonly Endpoint[] }[];
}

/** By host. Of one host in several namespaces the viewer's own wins, then the first by name; in one namespace they are put together. */
export function servicesOf(
  entries: readonly MeshObject<"ServiceEntry">[],
  workloads: readonly MeshObject<"WorkloadEntry">[],
  viewer: Viewer,
  problems: Problems,
): Map<string, Service> {
  const selectable = new Map<string, Selectable>();
  for (const workload of workloads) {
    let all = selectable.get(workload.namespace);
    if (all === undefined) selectable.set(workload.namespace, (all = new Selectable()));
    all.add(workload);
  }
  const rank = (namespace: string): string => (namespace === viewer.namespace ? "" : namespace);
  const visible = entries.filter(({ spec, namespace }) => isExported(spec.exportTo, namespace, viewer));
  const sorted = visible.toSorted((a, b) => (rank(a.namespace) < rank(b.namespace) ? -1 : rank(a.namespace) > rank(b.namespace) ? 1 : 0));

  const services = new Map<string, Service>();
  for (const entry of sorted) {
    const members = membersOf(entry, selectable.get(entry.namespace), problems);
    for (const host of entry.spec.hosts.map((each) => each.toLowerCase())) {
      if (!host.includes(".")) {
        const full = `${host}.${entry.namespace}.svc.${viewer.domain}`;
        problems.add(
          entry.spec.place
            .at("hosts")
            .problem(
              "warning",
              `elsewhere the short name "${host}" means ${full}; write that here too, or rules for "${host}" do not apply`,
            ),
        );
      }
      const service = serviceOf(entry, host, members);
      const other = services.get(host);
      if (other === undefined) services.set(host, service);
      else if (other.namespace === entry.namespace) services.set(host, merged(other, service));
    }
  }
  return services;
}

interface Member {
  readonly entry: WorkloadEntry;
  readonly labels: Readonly<Record<string, string>>;
}

/** The workloads of a namespace, by each of their labels. */
class Selectable {
  readonly #all: Member[] = [];
  readonly #byLabel = new Map<string, Member[]>();

  add({ spec, labels: known }: MeshObject<"WorkloadEntry">): void {
    // As in Istio, what Kubernetes knows of the object counts beside and before what it says of itself.
    const member: Member = { entry: spec, labels: { ...spec.labels, ...known } };
    this.#all.push(member);
    for (const [key, value] of Object.entries(member.labels)) {
      const others = this.#byLabel.get(`${key}=${value}`);
      if (others === undefined) this.#byLabel.set(`${key}=${value}`, [member]);
      else others.push(member);
    }
  }

  with(selector: Readonly<Record<string, string>> = {}): Member[] {
    const [first] = Object.entries(selector);
    const candidates = first === undefined ? this.#all : (this.#byLabel.get(`${first[0]}=${first[1]}`) ?? []);
    return candidates.filter(({ labels }) => selects(selector, labels));
  }
}

function membersOf({ spec, place }: MeshObject<"ServiceEntry">, selectable: Selectable | undefined, problems: Problems): readonly Member[] {
  const { workloadSelector, endpoints = [], resolution = "NONE" } = spec;
  if (workloadSelector === undefined) return endpoints.map((entry) => ({ entry, labels: entry.labels ?? {} }));
  return (selectable?.with(workloadSelector.labels) ?? []).filter(({ entry }) => {
    if (entry.address === undefined) {
      problems.add(entry.place.problem("error", `expected an address, since ${place.object} selects this, got none`));
      return false;
    }
    if (resolution !== "STATIC" || isIpAddress(entry.address) || entry.address.startsWith("unix://")) return true;
    const message = `${place.object}, which selects this, has resolution STATIC and so needs an IP address or unix:///PATH, got "${entry.address}"`;
    problems.add(entry.place.at("address").problem("error", message));
    return false;
  });
}

const RESOLUTIONS: Readonly<Record<NonNullable<ServiceEntry["resolution"]>, Resolution>> = {
  NONE: "original",
  STATIC: "static",
  DNS: "dns",
  DNS_ROUND_ROBIN: "dns_first",
  DYNAMIC_DNS: "original",
};

function serviceOf({ spec, namespace }: MeshObject<"ServiceEntry">, host: string, members: readonly Member[]): Service {
  const resolution = RESOLUTIONS[spec.resolution ?? "NONE"];
  const named = resolution === "dns" || resolution === "dns_first";
  // A name that is to be resolved and has no endpoints stands for itself.
  const all = named && members.length === 0 && spec.workloadSelector === undefined ? [{ entry: { address: host }, labels: {} }] : members;
  return {
    host,
    namespace,
    resolution,
    addresses: (spec.addresses ?? []).filter((address) => isIpAddress(address) && !address.includes("/")),
    ports: (spec.ports ?? []).map((port) => ({
      number: port.number,
      endpoints: resolution === "original" ? [] : all.map(({ entry, labels }) => endpointOf(entry, labels, port)),
    })),
  };
}

function endpointOf(entry: Omit<WorkloadEntry, "place">, labels: Readonly<Record<string, string>>, port: ServicePort): Endpoint {
  const address = entry.address ?? "";
  const unix = address.startsWith("unix://");
  const optional: { -readonly [K in "weight" | "locality" | "network" | "serviceAccount"]?: Endpoint[K] } = {};
  if (entry.weight !== undefined && entry.weight > 0) optional.weight = entry.weight;
  if (entry.locality !== undefined) optional.locality = localityOf(entry.locality);
  if (entry.network !== undefined) optional.network = entry.network;
  if (entry.serviceAccount !== undefined) optional.serviceAccount = entry.serviceAccount;
  return {
    address: unix ? `unix:${address.slice("unix://".length)}` : address,
    port: unix ? 0 : (entry.ports?.[port.name] ?? port.targetPort ?? port.number),
    labels,
    ...optional,
  };
}

function localityOf(text: string): Locality {
  const [region = "", zone = "", subZone = ""] = text.split("/");
  return { region, zone, subZone };
}

/** Two entries of one host: the endpoints of both, on the ports of both. */
function merged(a: Service, b: Service): Service {
  const ports = a.ports.map((port) => ({
    number: port.number,
    endpoints: [...port.endpoints, ...(b.ports.find(({ number }) => number === port.number)?.endpoints ?? [])],
  }));
  return {
    ...a,
    addresses: [...new Set([...a.addresses, ...b.addresses])],
    ports: [...ports, ...b.ports.filter(({ number }) => !ports.some((port) => port.number === number))],
  };
}
