/** `ServiceEntry` and `WorkloadEntry` (istio.io/docs/reference/config/networking/service-entry): what they may say. */
import { isIpAddress } from "@kiteline/policy";
import type { Located } from "../place.ts";
import { checked, integer, list, mapOf, notYet, oneOf, port, record, required, string, type Type } from "../schema.ts";

export interface ServiceEntry extends Located {
  readonly hosts: readonly string[];
  readonly addresses?: readonly string[];
  readonly ports?: readonly ServicePort[];
  readonly location?: "MESH_EXTERNAL" | "MESH_INTERNAL";
  readonly resolution?: "NONE" | "STATIC" | "DNS" | "DNS_ROUND_ROBIN" | "DYNAMIC_DNS";
  readonly endpoints?: readonly WorkloadEntry[];
  readonly workloadSelector?: { readonly labels?: Readonly<Record<string, string>> };
  readonly exportTo?: readonly string[];
  readonly subjectAltNames?: readonly string[];
}

export interface ServicePort extends Located {
  readonly number: number;
  readonly name: string;
  readonly protocol?: string;
  readonly targetPort?: number;
}

export interface WorkloadEntry extends Located {
  readonly address?: string;
  readonly ports?: Readonly<Record<string, number>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly weight?: number;
  readonly locality?: string;
  readonly network?: string;
  readonly serviceAccount?: string;
}

const address: Type<string> = checked(string, (text) =>
  text.startsWith("unix://")
    ? unixProblem(text.slice("unix://".length))
    : /[\s/]/.test(text) || text === ""
      ? `expected an IP address, a DNS name or unix:///PATH, got "${text}"`
      : undefined,
);

export const workloadEntry: Type<WorkloadEntry> = record<WorkloadEntry>(
  {
    address,
    ports: mapOf(port),
    labels: mapOf(string),
    weight: integer(0),
    locality: string,
    network: notYet(string),
    serviceAccount: notYet(string),
  },
  ({ address: text, ports }) =>
    text?.startsWith("unix://") && ports !== undefined && Object.keys(ports).length > 0
      ? "a Unix socket has no ports: leave them out"
      : undefined,
);

export const serviceEntry: Type<ServiceEntry> = record<ServiceEntry>(
  {
    hosts: required(list(checked(string, hostProblem))),
    addresses: list(string),
    ports: list(record<ServicePort>({ number: required(port), name: required(string), protocol: string, targetPort: port })),
    // Where a service lives decides about mutual TLS alone.
    location: oneOf("MESH_EXTERNAL", "MESH_INTERNAL"),
    resolution: oneOf("NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS"),
    endpoints: list(workloadEntry),
    workloadSelector: record<NonNullable<ServiceEntry["workloadSelector"]>>({ labels: mapOf(string) }),
    exportTo: list(string),
    subjectAltNames: notYet(list(string)),
  },
  entryProblem,
);

function entryProblem({ hosts, ports = [], resolution = "NONE", endpoints = [], workloadSelector }: ServiceEntry): string | undefined {
  if (hosts.length === 0) return "expected at least one host, got none";
  if (ports.length === 0) return "expected at least one port, got none";
  if (new Set(ports.map(({ name }) => name)).size < ports.length) return "two ports have the same name";
  if (new Set(ports.map((each) => each.number)).size < ports.length) return "two ports have the same number";
  if (endpoints.length > 0 && workloadSelector !== undefined) return "expected one of endpoints, workloadSelector, got both";
  if (resolution === "NONE" && endpoints.length > 0)
    return "resolution NONE calls what the caller names, so there must be no endpoints; did you mean STATIC or DNS?";
  const wild = hosts.find((host) => host.startsWith("*"));
  if (wild !== undefined && endpoints.length === 0 && (resolution === "DNS" || resolution === "DNS_ROUND_ROBIN"))
    return `"${wild}" cannot be resolved: give it endpoints, or resolution NONE`;
  for (const endpoint of endpoints) {
    if (endpoint.address === undefined) return "every endpoint needs an address";
    if (resolution === "STATIC" && !isIpAddress(endpoint.address) && !endpoint.address.startsWith("unix://")) {
      return `resolution STATIC needs IP addresses or unix:///PATH, got "${endpoint.address}"; did you mean DNS?`;
    }
    const names = Object.keys(endpoint.ports ?? {});
    const unknown = names.find((name) => !ports.some((each) => each.name === name));
    if (unknown !== undefined)
      return `an endpoint gives a port "${unknown}", which the service does not have; it has ${ports.map(({ name }) => name).join(", ")}`;
  }
  return undefined;
}

function hostProblem(host: string): string | undefined {
  return /^(\*\.)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/.test(host)
    ? undefined
    : `expected a DNS name, with "*." before it or without, got "${host}"`;
}

function unixProblem(path: string): string | undefined {
  return path.startsWith("/") || path.startsWith("@") ? undefined : `expected unix:///PATH with an absolute path, got "unix://${path}"`;
}
