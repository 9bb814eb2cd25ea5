/** The snapshot of a program that knows whom it calls: one cluster of these addresses, whatever the target is called. */
import type { Endpoint, LoadBalancing } from "./cluster.ts";
import type { Snapshot } from "./snapshot.ts";
import { isIpAddress, parseTarget } from "./target.ts";

export interface StaticOptions {
  /** Defaults to `round_robin`. */
  readonly loadBalancing?: LoadBalancing | undefined;
}

/** `addresses` look like `host:port`, `[v6]:port` or `unix:PATH`. Throws a `TypeError` for none, a wrong one, or one without a port. */
export function staticSnapshot(addresses: string | readonly string[], options: StaticOptions = {}): Snapshot {
  const list = typeof addresses === "string" ? [addresses] : addresses;
  if (list.length === 0) throw new TypeError("a static snapshot needs at least one address, got none");
  const endpoints = list.map(endpointOf);
  const name = list.join(",");
  return {
    version: "static",
    virtualHosts: [
      {
        name,
        domains: ["*"],
        routes: [{ name, match: {}, action: { kind: "forward", destinations: [{ cluster: name, weight: 1 }] } }],
      },
    ],
    clusters: {
      [name]: {
        name,
        host: endpoints.length === 1 ? (endpoints[0]?.address ?? name) : name,
        port: endpoints.length === 1 ? (endpoints[0]?.port ?? 0) : 0,
        resolution: endpoints.every(({ address }) => address.startsWith("unix:") || isIpAddress(address)) ? "static" : "dns",
        endpoints,
        loadBalancing: options.loadBalancing ?? { kind: "round_robin" },
      },
    },
    lanes: [],
  };
}

function endpointOf(text: string): Endpoint {
  const { host, port } = parseTarget(text);
  if (port === undefined && !host.startsWith("unix:"))
    throw new TypeError(`an address needs a port, such as "${text}:9080", got "${text}"`);
  return { address: host, port: port ?? 0, labels: {} };
}
