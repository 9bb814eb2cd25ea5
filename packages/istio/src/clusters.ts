/** Services and DestinationRules to clusters: one per port, and one more for each subset. */
import {
  type Cluster,
  clusterName,
  type ConnectionLimits,
  type HashSource,
  type LoadBalancing,
  type OutlierPolicy,
  type TlsPolicy,
} from "@kiteline/policy";
import type {
  ClientTls,
  ConnectionPool,
  ConsistentHash,
  DestinationRule,
  OutlierDetection,
  PolicyBlocks,
  Subset,
  TrafficPolicy,
} from "./kinds/destination-rule.ts";
import type { MeshObject } from "./objects.ts";
import type { Problems } from "./place.ts";
import type { Service } from "./services.ts";
import { ByHost, fitsAny, fullHost, isExported, selects, type Viewer } from "./workload.ts";

/** What the rules for a service come to. */
export interface Rule {
  readonly trafficPolicy: TrafficPolicy | undefined;
  readonly subsets: readonly Subset[];
}

const NO_RULE: Rule = { trafficPolicy: undefined, subsets: [] };

/**
 * The rule of a service is looked for in the viewer's namespace, then in the service's, then in the root namespace;
 * in each the rule whose host fits best. Rules of one namespace for one host are put together: subsets are
 * collected, of policies the first counts.
 */
export class Rules {
  readonly #byNamespace = new Map<string, ByHost<MeshObject<"DestinationRule">[]>>();
  readonly #viewer: Viewer;
  readonly #problems: Problems;

  constructor(rules: readonly MeshObject<"DestinationRule">[], services: ReadonlyMap<string, Service>, viewer: Viewer, problems: Problems) {
    this.#viewer = viewer;
    this.#problems = problems;
    for (const rule of rules) {
      const { spec, namespace } = rule;
      if (!isExported(spec.exportTo, namespace, viewer)) continue;
      const host = fullHost(spec.host, namespace, viewer);
      if (!fitsAny(host, services)) {
        const meaning = host === spec.host ? "" : `, which means ${host}`;
        problems.add(
          spec.place.at("host").problem("warning", `no ServiceEntry declares "${spec.host}"${meaning}: the rule applies to nothing`),
        );
        continue;
      }
      let hosts = this.#byNamespace.get(namespace);
      if (hosts === undefined) this.#byNamespace.set(namespace, (hosts = new ByHost()));
      const others = hosts.get(host);
      if (others === undefined) hosts.add(host, [rule]);
      else others.push(rule);
    }
  }

  of({ host, namespace }: Service): Rule {
    const { namespace: own, rootNamespace } = this.#viewer;
    for (const each of new Set([own, namespace, rootNamespace])) {
      const found = this.#bestIn(each, host);
      if (found !== undefined) return found;
    }
    return NO_RULE;
  }

  #bestIn(namespace: string, host: string): Rule | undefined {
    const best = this.#byNamespace.get(namespace)?.best(host);
    if (best === undefined) return undefined;
    // A rule for some workloads is for those of its own namespace, and for them it comes before the others.
    const special = best.filter(({ spec }) => spec.workloadSelector !== undefined);
    const mine = special.filter(
      ({ spec }) => namespace === this.#viewer.namespace && selects(spec.workloadSelector?.matchLabels, this.#viewer.labels),
    );
    const rules = mine.length > 0 ? mine : best.filter((rule) => !special.includes(rule));
    return rules.length === 0 ? undefined : this.#together(rules);
  }

  #together(rules: readonly MeshObject<"DestinationRule">[]): Rule {
    const subsets: Subset[] = [];
    let trafficPolicy: DestinationRule["trafficPolicy"];
    for (const { spec } of rules) {
      trafficPolicy ??= spec.trafficPolicy;
      for (const subset of spec.subsets ?? []) {
        if (subsets.some(({ name }) => name === subset.name))
          this.#problems.add(
            subset.place.at("name").problem("warning", `there is a subset "${subset.name}" of ${spec.host} already; this one is not used`),
          );
        else subsets.push(subset);
      }
    }
    return { trafficPolicy, subsets };
  }
}

/** The clusters of a service. */
export function clustersOf(service: Service, { trafficPolicy, subsets }: Rule): Cluster[] {
  return service.ports.flatMap(({ number, endpoints }) => {
    const top = atPort(undefined, trafficPolicy, number);
    const whole = clusterOf(service, number, undefined, endpoints, top);
    const parts = subsets.map((subset) =>
      clusterOf(
        service,
        number,
        subset.name,
        endpoints.filter(({ labels }) => selects(subset.labels, labels)),
        subset.trafficPolicy === undefined ? top : atPort(top, subset.trafficPolicy, number),
      ),
    );
    return [whole, ...parts];
  });
}

/** What of a consistent hash a route needs to know. */
export function hashSourcesOf(rule: Rule, subsetName: string | undefined, port: number): HashSource[] | undefined {
  const subset = rule.subsets.find(({ name }) => name === subsetName);
  const top = atPort(undefined, rule.trafficPolicy, port);
  const blocks = subset?.trafficPolicy === undefined ? top : atPort(top, subset.trafficPolicy, port);
  return blocks.loadBalancer?.consistentHash === undefined ? undefined : hashSources(blocks.loadBalancer.consistentHash);
}

/**
 * A policy laid over the one above it: each block it has replaces the other's as a whole, and settings for the port
 * replace all blocks, those it does not have included ("fields omitted get their defaults", the reference says).
 */
function atPort(above: PolicyBlocks | undefined, policy: TrafficPolicy | undefined, port: number): PolicyBlocks {
  const forPort = policy?.portLevelSettings?.find((each) => each.port?.number === port);
  return forPort ?? { ...above, ...policy };
}

function clusterOf(
  service: Service,
  port: number,
  subset: string | undefined,
  endpoints: Cluster["endpoints"],
  blocks: PolicyBlocks,
): Cluster {
  const { loadBalancer, connectionPool, outlierDetection, tls } = blocks;
  return {
    name: clusterName(service.host, port, subset),
    host: service.host,
    port,
    ...(subset === undefined ? {} : { subset }),
    resolution: loadBalancer?.simple === "PASSTHROUGH" ? "original" : service.resolution,
    endpoints,
    loadBalancing: loadBalancingOf(loadBalancer?.simple, loadBalancer?.consistentHash),
    ...(connectionPool === undefined ? {} : { connections: connectionsOf(connectionPool) }),
    ...(outlierDetection === undefined ? {} : { outlier: outlierOf(outlierDetection) }),
    ...(tls === undefined ? {} : { tls: tlsOf(tls) }),
  };
}

function loadBalancingOf(simple: string | undefined, hash: ConsistentHash | undefined): LoadBalancing {
  if (hash?.maglev !== undefined) return { kind: "maglev", tableSize: hash.maglev.tableSize ?? 65_537 };
  if (hash !== undefined) return { kind: "ring_hash", minimumRingSize: hash.ringHash?.minimumRingSize ?? hash.minimumRingSize ?? 1024 };
  if (simple === "ROUND_ROBIN") return { kind: "round_robin" };
  if (simple === "RANDOM") return { kind: "random" };
  return { kind: "least_request" };
}

function hashSources({ httpHeaderName, httpCookie, useSourceIp, httpQueryParameterName }: ConsistentHash): HashSource[] {
  if (httpHeaderName !== undefined) return [{ kind: "header", name: httpHeaderName }];
  if (httpCookie !== undefined) return [{ kind: "cookie", name: httpCookie.name, path: httpCookie.path, ttlMs: httpCookie.ttl }];
  if (httpQueryParameterName !== undefined) return [{ kind: "query", name: httpQueryParameterName }];
  return useSourceIp === true ? [{ kind: "source_ip" }] : [];
}

/** In Istio's numbers 0 means "not said". */
const said = (value: number | undefined): number | undefined => (value === 0 ? undefined : value);

function connectionsOf({ tcp = {}, http = {} }: ConnectionPool): ConnectionLimits {
  const { tcpKeepalive } = tcp;
  return {
    maxConnections: said(tcp.maxConnections),
    connectTimeoutMs: tcp.connectTimeout,
    keepalive:
      tcpKeepalive === undefined
        ? undefined
        : { probes: tcpKeepalive.probes, timeMs: tcpKeepalive.time, intervalMs: tcpKeepalive.interval },
    maxConnectionDurationMs: tcp.maxConnectionDuration,
    idleTimeoutMs: http.idleTimeout ?? tcp.idleTimeout,
    maxPendingRequests: said(http.http1MaxPendingRequests),
    maxRequests: said(http.http2MaxRequests),
    maxRequestsPerConnection: said(http.maxRequestsPerConnection),
    maxConcurrentStreams: said(http.maxConcurrentStreams),
    maxRetries: said(http.maxRetries),
  };
}

function outlierOf(outlier: OutlierDetection): OutlierPolicy {
  return {
    consecutive5xx: outlier.consecutive5xxErrors ?? outlier.consecutiveErrors ?? 5,
    consecutiveGatewayErrors: outlier.consecutiveGatewayErrors,
    consecutiveLocalOriginFailures: outlier.consecutiveLocalOriginFailures,
    splitLocalOrigin: outlier.splitExternalLocalOriginErrors ?? false,
    intervalMs: outlier.interval ?? 10_000,
    baseEjectionMs: outlier.baseEjectionTime ?? 30_000,
    maxEjectionPercent: outlier.maxEjectionPercent ?? 10,
    minHealthPercent: outlier.minHealthPercent ?? 0,
  };
}

const TLS_MODES = { DISABLE: "disable", SIMPLE: "simple", MUTUAL: "mutual", ISTIO_MUTUAL: "istio_mutual" } as const;

function tlsOf(tls: ClientTls): TlsPolicy {
  return {
    mode: TLS_MODES[tls.mode ?? "DISABLE"],
    sni: tls.sni,
    subjectAltNames: tls.subjectAltNames,
    certificateFile: tls.clientCertificate,
    keyFile: tls.privateKey,
    caFile: tls.caCertificates,
    insecureSkipVerify: tls.insecureSkipVerify,
  };
}
