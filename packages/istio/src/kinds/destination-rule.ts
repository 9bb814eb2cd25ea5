/** `DestinationRule` (istio.io/docs/reference/config/networking/destination-rule): what it may say. */
import type { Located } from "../place.ts";
import {
  anything,
  boolean,
  duration,
  type Fields,
  integer,
  list,
  mapOf,
  notYet,
  number,
  oneOf,
  port,
  record,
  required,
  string,
  type Type,
} from "../schema.ts";
import type { PortSelector } from "./virtual-service.ts";

export interface DestinationRule extends Located {
  readonly host: string;
  readonly trafficPolicy?: TrafficPolicy;
  readonly subsets?: readonly Subset[];
  readonly exportTo?: readonly string[];
  readonly workloadSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
}

export interface Subset extends Located {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly trafficPolicy?: TrafficPolicy;
}

/** The blocks that one level replaces as a whole in the next. */
export interface PolicyBlocks {
  readonly loadBalancer?: LoadBalancer;
  readonly connectionPool?: ConnectionPool;
  readonly outlierDetection?: OutlierDetection;
  readonly tls?: ClientTls;
}

export interface TrafficPolicy extends PolicyBlocks, Located {
  readonly portLevelSettings?: readonly PortPolicy[];
  readonly tunnel?: unknown;
  readonly proxyProtocol?: unknown;
  readonly retryBudget?: { readonly percent?: number; readonly minRetryConcurrency?: number; readonly budgetInterval?: number };
}

export interface PortPolicy extends PolicyBlocks, Located {
  readonly port?: PortSelector;
}

export interface LoadBalancer extends Located {
  readonly simple?: string;
  readonly consistentHash?: ConsistentHash;
  readonly localityLbSetting?: unknown;
  readonly zoneAwareLbSetting?: unknown;
  readonly warmup?: unknown;
  readonly warmupDurationSecs?: unknown;
}

export interface ConsistentHash extends Located {
  readonly httpHeaderName?: string;
  readonly httpCookie?: { readonly name: string; readonly path?: string; readonly ttl?: number; readonly attributes?: readonly unknown[] };
  readonly useSourceIp?: boolean;
  readonly httpQueryParameterName?: string;
  readonly ringHash?: { readonly minimumRingSize?: number };
  readonly maglev?: { readonly tableSize?: number };
  readonly minimumRingSize?: number;
}

export interface ConnectionPool extends Located {
  readonly tcp?: {
    readonly maxConnections?: number;
    readonly connectTimeout?: number;
    readonly tcpKeepalive?: { readonly probes?: number; readonly time?: number; readonly interval?: number };
    readonly maxConnectionDuration?: number;
    readonly idleTimeout?: number;
  };
  readonly http?: {
    readonly http1MaxPendingRequests?: number;
    readonly http2MaxRequests?: number;
    readonly maxRequestsPerConnection?: number;
    readonly maxRetries?: number;
    readonly idleTimeout?: number;
    readonly h2UpgradePolicy?: string;
    readonly useClientProtocol?: boolean;
    readonly maxConcurrentStreams?: number;
    readonly http2KeepAlive?: { readonly interval?: number; readonly timeout?: number };
  };
}

export interface OutlierDetection extends Located {
  readonly consecutive5xxErrors?: number;
  readonly consecutiveErrors?: number;
  readonly consecutiveGatewayErrors?: number;
  readonly consecutiveLocalOriginFailures?: number;
  readonly splitExternalLocalOriginErrors?: boolean;
  readonly interval?: number;
  readonly baseEjectionTime?: number;
  readonly maxEjectionPercent?: number;
  readonly minHealthPercent?: number;
  readonly outlierDetectionHttpErrorCodes?: readonly number[];
}

export interface ClientTls extends Located {
  readonly mode?: "DISABLE" | "SIMPLE" | "MUTUAL" | "ISTIO_MUTUAL";
  readonly clientCertificate?: string;
  readonly privateKey?: string;
  readonly caCertificates?: string;
  readonly caCrl?: string;
  readonly credentialName?: string;
  readonly subjectAltNames?: readonly string[];
  readonly sni?: string;
  readonly insecureSkipVerify?: boolean;
}

const int32: Type<number> = integer(0, 2_147_483_647);
const uint32: Type<number> = integer(0);
const loadBalancer: Type<LoadBalancer> = record<LoadBalancer>(
  {
    simple: oneOf("UNSPECIFIED", "LEAST_CONN", "RANDOM", "PASSTHROUGH", "ROUND_ROBIN", "LEAST_REQUEST"),
    consistentHash: notYet(
      record<ConsistentHash>({
        httpHeaderName: string,
        httpCookie: record<NonNullable<ConsistentHash["httpCookie"]>>({
          name: required(string),
          path: string,
          ttl: duration,
          attributes: list(anything),
        }),
        useSourceIp: boolean,
        httpQueryParameterName: string,
        ringHash: record<NonNullable<ConsistentHash["ringHash"]>>({ minimumRingSize: uint32 }),
        maglev: record<NonNullable<ConsistentHash["maglev"]>>({ tableSize: uint32 }),
        minimumRingSize: uint32,
      }),
    ),
    localityLbSetting: notYet(anything),
    zoneAwareLbSetting: notYet(anything),
    warmup: notYet(anything),
    warmupDurationSecs: notYet(anything),
  },
  ({ simple, consistentHash }) =>
    simple !== undefined && consistentHash !== undefined ? "expected one of simple, consistentHash, got both" : undefined,
);

const connectionPool: Type<ConnectionPool> = record<ConnectionPool>({
  tcp: record<NonNullable<ConnectionPool["tcp"]>>({
    maxConnections: int32,
    connectTimeout: duration,
    tcpKeepalive: record<NonNullable<NonNullable<ConnectionPool["tcp"]>["tcpKeepalive"]>>({
      probes: uint32,
      time: duration,
      interval: duration,
    }),
    maxConnectionDuration: duration,
    idleTimeout: duration,
  }),
  http: record<NonNullable<ConnectionPool["http"]>>({
    http1MaxPendingRequests: int32,
    http2MaxRequests: int32,
    maxRequestsPerConnection: int32,
    maxRetries: int32,
    idleTimeout: duration,
    h2UpgradePolicy: oneOf("DEFAULT", "DO_NOT_UPGRADE", "UPGRADE"),
    useClientProtocol: boolean,
    maxConcurrentStreams: int32,
    http2KeepAlive: record<NonNullable<NonNullable<ConnectionPool["http"]>["http2KeepAlive"]>>({ interval: duration, timeout: duration }),
  }),
});

const outlierDetection: Type<OutlierDetection> = record<OutlierDetection>({
  consecutive5xxErrors: uint32,
  consecutiveErrors: int32,
  consecutiveGatewayErrors: uint32,
  consecutiveLocalOriginFailures: uint32,
  splitExternalLocalOriginErrors: boolean,
  interval: duration,
  baseEjectionTime: duration,
  maxEjectionPercent: integer(0, 100),
  minHealthPercent: integer(0, 100),
  outlierDetectionHttpErrorCodes: list(integer(100, 599)),
});

const tls: Type<ClientTls> = record<ClientTls>({
  mode: oneOf("DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"),
  clientCertificate: string,
  privateKey: string,
  caCertificates: string,
  caCrl: string,
  credentialName: string,
  subjectAltNames: list(string),
  sni: string,
  insecureSkipVerify: boolean,
});

const blocks: Fields<PolicyBlocks> = {
  loadBalancer,
  connectionPool: notYet(connectionPool),
  outlierDetection: notYet(outlierDetection),
  tls: notYet(tls),
};

const trafficPolicy: Type<TrafficPolicy> = record<TrafficPolicy>({
  ...blocks,
  portLevelSettings: list(record<PortPolicy>({ ...blocks, port: record<PortSelector>({ number: required(port) }) })),
  tunnel: notYet(anything),
  proxyProtocol: notYet(anything),
  retryBudget: notYet(
    record<NonNullable<TrafficPolicy["retryBudget"]>>({ percent: number(0, 100), minRetryConcurrency: uint32, budgetInterval: duration }),
  ),
});

export const destinationRule: Type<DestinationRule> = record<DestinationRule>({
  host: required(string),
  trafficPolicy,
  subsets: list(record<Subset>({ name: required(string), labels: mapOf(string), trafficPolicy })),
  exportTo: list(string),
  workloadSelector: record<NonNullable<DestinationRule["workloadSelector"]>>({ matchLabels: mapOf(string) }),
});
