/** What a mesh may say about calls, as plain values: routes, matchers, clusters, endpoints, retry, limits, outlier, TLS. */
export type { Snapshot } from "./snapshot.ts";
export type {
  Destination,
  DirectResponseAction,
  Fault,
  ForwardAction,
  HashSource,
  HeaderOperations,
  Mirror,
  RedirectAction,
  RetryCondition,
  RetryPolicy,
  Rewrite,
  Route,
  RouteAction,
  VirtualHost,
} from "./route.ts";
export type { FieldMatch, RequestMatch, StringMatch } from "./match.ts";
export type { Cluster, ConnectionLimits, Endpoint, LoadBalancing, Locality, OutlierPolicy, Resolution, TlsPolicy } from "./cluster.ts";
export type { ColourRule, LanePolicy, Ratio } from "./lane.ts";
export type { Source, Subscription } from "./source.ts";
export type { ParsedFiles, ParseFiles, Problem, TextFile } from "./files.ts";

// For authors of sources.
export { clusterName, endpointAddress } from "./cluster.ts";
export { equal, share } from "./share.ts";
export { isIpAddress, parseTarget, type TargetName } from "./target.ts";
export { staticSnapshot, type StaticOptions } from "./static-snapshot.ts";

// For those who obey.
export { compileField, compileString, isAnyPath, isCatchAll } from "./match.ts";
export { compileRegex, RegexError, type Regex } from "./regex.ts";
