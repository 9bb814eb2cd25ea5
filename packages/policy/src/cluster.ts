/** A cluster is a set of endpoints that are alike for their callers, and how to call them. */

export interface Cluster {
  /** Unique in a snapshot; `clusterName` makes the usual ones. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** The subset of the host's endpoints that this is; all of them when left out. */
  readonly subset?: string | undefined;
  /**
   * `static`: endpoints have addresses. `dns`: an endpoint's address is a name, and stands for all addresses it
   * resolves to. `dns_first`: for the first of them. `original`: the endpoint is what the caller names as its target.
   */
  readonly resolution: Resolution;
  readonly endpoints: readonly Endpoint[];
  readonly loadBalancing: LoadBalancing;
  readonly connections?: ConnectionLimits | undefined;
  readonly outlier?: OutlierPolicy | undefined;
  readonly tls?: TlsPolicy | undefined;
}

export type Resolution = "static" | "dns" | "dns_first" | "original";

export interface Endpoint {
  /** An IP address, a DNS name, or `unix:PATH`. */
  readonly address: string;
  /** 0 for Unix sockets. */
  readonly port: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Relative to the other endpoints; more than 0. Defaults to 1. */
  readonly weight?: number | undefined;
  readonly locality?: Locality | undefined;
  /** 0, the default, is called first; the next when those fail. */
  readonly priority?: number | undefined;
  /** What the source knows; `healthy` by default. Endpoints that are not are not called. */
  readonly health?: "healthy" | "unhealthy" | "draining" | undefined;
  /** Endpoints of other networks need a gateway between. */
  readonly network?: string | undefined;
  readonly serviceAccount?: string | undefined;
}

export interface Locality {
  readonly region: string;
  readonly zone: string;
  readonly subZone: string;
}

export type LoadBalancing =
  | { readonly kind: "round_robin" }
  | { readonly kind: "least_request" }
  | { readonly kind: "random" }
  | { readonly kind: "ring_hash"; readonly minimumRingSize: number }
  | { readonly kind: "maglev"; readonly tableSize: number };

/** Absent numbers mean no limit. */
export interface ConnectionLimits {
  readonly maxConnections?: number | undefined;
  readonly connectTimeoutMs?: number | undefined;
  readonly keepalive?:
    | { readonly probes?: number | undefined; readonly timeMs?: number | undefined; readonly intervalMs?: number | undefined }
    | undefined;
  readonly maxConnectionDurationMs?: number | undefined;
  readonly idleTimeoutMs?: number | undefined;
  readonly maxPendingRequests?: number | undefined;
  readonly maxRequests?: number | undefined;
  readonly maxRequestsPerConnection?: number | undefined;
  readonly maxConcurrentStreams?: number | undefined;
  /** Retries under way at once, over all calls. */
  readonly maxRetries?: number | undefined;
  readonly retryBudget?: { readonly percent: number; readonly minRetryConcurrency: number } | undefined;
}

/** When an endpoint that fails is left alone for a while. */
export interface OutlierPolicy {
  readonly consecutive5xx?: number | undefined;
  readonly consecutiveGatewayErrors?: number | undefined;
  readonly consecutiveLocalOriginFailures?: number | undefined;
  readonly splitLocalOrigin: boolean;
  readonly intervalMs: number;
  readonly baseEjectionMs: number;
  readonly maxEjectionPercent: number;
  readonly minHealthPercent: number;
}

export interface TlsPolicy {
  readonly mode: "disable" | "simple" | "mutual" | "istio_mutual";
  readonly sni?: string | undefined;
  readonly subjectAltNames?: readonly string[] | undefined;
  readonly certificateFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly caFile?: string | undefined;
  readonly insecureSkipVerify?: boolean | undefined;
}

/** The name that Istio gives a cluster. */
export function clusterName(host: string, port: number, subset = ""): string {
  return `outbound|${port}|${subset}|${host}`;
}

/** `host:port`, `[v6]:port` or `unix:PATH`: what connections and balancers know an endpoint by. */
export function endpointAddress(endpoint: { readonly address: string; readonly port: number }): string {
  const { address, port } = endpoint;
  if (address.startsWith("unix:")) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
