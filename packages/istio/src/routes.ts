/** VirtualServices to virtual hosts and routes, as istiod makes them for one proxy and one port. */
import {
  clusterName,
  type Destination as PolicyDestination,
  type Fault,
  type HeaderOperations,
  isCatchAll,
  type Mirror,
  type RequestMatch,
  type Rewrite,
  type Route,
  type RouteAction,
  type VirtualHost,
} from "@kiteline/policy";
import { withDelegates } from "./delegates.ts";
import { type Known, resolveDestination } from "./destinations.ts";
import { toFieldMatches, toPolicyMatch } from "./kinds/string-match.ts";
import type { Headers, HeaderOperations as IstioOperations, HttpFault, HttpMatch, HttpRoute, Percent } from "./kinds/virtual-service.ts";
import type { MeshObject } from "./objects.ts";
import { DEFAULT_RETRY, retryPolicyOf } from "./retries.ts";
import type { Service } from "./services.ts";
import { aliasesOf, ByHost, fitsAny, fullHost, isExported, selects, type Viewer } from "./workload.ts";

type VirtualServiceObject = MeshObject<"VirtualService">;

/** The virtual hosts that the viewer knows: one for each port of each service, and one for each host that only a VirtualService names. */
export function virtualHostsOf(known: Known): VirtualHost[] {
  const { viewer, services, problems } = known;
  const owners = new ByHost<VirtualServiceObject>();
  /** Hosts that only VirtualServices name. */
  const others = new Set<string>();
  for (const candidate of applicable(known)) {
    for (const host of (candidate.spec.hosts ?? []).map((each) => fullHost(each, candidate.namespace, viewer))) {
      const owner = owners.get(host) ?? candidate;
      if (owner !== candidate) {
        const message = `${owner.place.object} has the routes of ${host} already; these are not used for it`;
        problems.add(candidate.spec.place.at("hosts").problem("warning", message));
        continue;
      }
      owners.add(host, candidate);
      if (host !== "*" && !fitsAny(host, services)) others.add(host);
    }
  }
  const hosts: VirtualHost[] = [];
  for (const service of services.values()) {
    const owner = owners.best(service.host);
    const domains = [...aliasesOf(service.host, viewer), ...service.addresses];
    for (const { number } of service.ports) {
      const routes = owner === undefined ? [] : routesOf(owner, number, known);
      // A VirtualService of which no route is for this viewer or this port is as good as none.
      hosts.push({
        name: `${service.host}:${number}`,
        domains,
        port: number,
        routes: routes.length > 0 ? routes : [defaultRoute(service, number)],
      });
    }
  }
  for (const host of others) {
    const routes = routesOf(owners.get(host) as VirtualServiceObject, undefined, known);
    if (routes.length > 0) hosts.push({ name: host, domains: host.startsWith("*") ? [host] : aliasesOf(host, viewer), routes });
  }
  return hosts;
}

/** Those for calls of this viewer, in the order in which istiod asks them: what is its own, what names its namespace, what is for all; the older first. */
function applicable({ virtualServices, viewer }: Known): VirtualServiceObject[] {
  const rank = ({ spec, namespace }: VirtualServiceObject): number => {
    if (namespace === viewer.namespace && spec.exportTo?.includes(".")) return 0;
    return spec.exportTo?.includes(viewer.namespace) ? 1 : 2;
  };
  return virtualServices
    .filter(
      ({ spec, namespace }) =>
        (spec.hosts ?? []).length > 0 && (spec.gateways ?? ["mesh"]).includes("mesh") && isExported(spec.exportTo, namespace, viewer),
    )
    .toSorted((a, b) => rank(a) - rank(b) || (a.created < b.created ? -1 : a.created > b.created ? 1 : 0));
}

function defaultRoute({ host }: Service, port: number): Route {
  const destinations = [{ cluster: clusterName(host, port), weight: 1 }];
  return { name: "default", match: {}, action: { kind: "forward", destinations, retry: DEFAULT_RETRY } };
}

/** In order, up to the first that matches everything. */
function routesOf(owner: VirtualServiceObject, port: number | undefined, known: Known): Route[] {
  const routes: Route[] = [];
  const all = withDelegates(owner, known.virtualServices, known.problems);
  for (const [index, http] of all.entries()) {
    // Resolved even when nothing matches, so that what is wrong is said before the call that would meet it.
    const action = actionOf(http, owner, port, known);
    const matches = http.match ?? [];
    const applying = matches.length === 0 ? [undefined] : matches.filter((match) => isFor(match, port, known.viewer));
    for (const match of applying) {
      const route = routeOf(http, match, action, `${owner.name}[${index}]`);
      routes.push(route);
      if (!isCatchAll(route.match)) continue;
      const unreached = all[index + 1];
      if (unreached !== undefined && matches.length === 0) {
        known.problems.add(unreached.place.problem("warning", "never matches: the route before it takes everything"));
      }
      return routes;
    }
  }
  return routes;
}

/** Who calls, and over which port, is known before any call is made. Where gateways are named, only they are asked, as in Istio. */
function isFor(
  { gateways = [], sourceLabels, sourceNamespace, port: asked }: HttpMatch,
  port: number | undefined,
  { labels, namespace }: Viewer,
): boolean {
  if (asked !== undefined && port !== undefined && asked !== port) return false;
  if (gateways.length > 0) return gateways.includes("mesh");
  return selects(sourceLabels, labels) && (sourceNamespace === undefined || sourceNamespace === "" || sourceNamespace === namespace);
}

function routeOf(http: HttpRoute, match: HttpMatch | undefined, action: RouteAction, fallbackName: string): Route {
  const names = [http.name, match?.name].filter((name) => name !== undefined && name !== "");
  return {
    name: names.length === 0 ? fallbackName : names.join("."),
    match: match === undefined ? {} : toRequestMatch(match),
    action,
    ...operationsOf(http.headers),
    ...(http.fault === undefined ? {} : { fault: faultOf(http.fault) }),
  };
}

function toRequestMatch(match: HttpMatch): RequestMatch {
  const headers = [...toFieldMatches(match.headers), ...toFieldMatches(match.withoutHeaders, true)];
  const query = toFieldMatches(match.queryParams);
  return {
    path: match.uri && toPolicyMatch(match.uri, match.ignoreUriCase),
    method: match.method && toPolicyMatch(match.method),
    authority: match.authority && toPolicyMatch(match.authority),
    scheme: match.scheme && toPolicyMatch(match.scheme),
    headers: headers.length === 0 ? undefined : headers,
    query: query.length === 0 ? undefined : query,
  };
}

function actionOf(http: HttpRoute, owner: VirtualServiceObject, port: number | undefined, known: Known): RouteAction {
  const { redirect, directResponse } = http;
  if (redirect !== undefined) {
    const { scheme = "http", authority = "the same host", uri = "" } = redirect;
    return {
      kind: "redirect",
      status: redirect.redirectCode ?? 301,
      location: `${scheme}://${authority}${redirect.port === undefined ? "" : `:${redirect.port}`}${uri}`,
    };
  }
  if (directResponse !== undefined)
    return { kind: "direct_response", status: directResponse.status, body: directResponse.body?.string ?? "" };
  const given = http.route ?? [];
  // Among several, a weight of 0 means never; alone, a destination needs no weight.
  const used = given.length === 1 ? given : given.filter(({ weight = 0 }) => weight > 0);
  const resolved = used.map(({ destination, weight, headers }) => ({
    ...resolveDestination(destination, owner, port, known),
    weight: given.length === 1 ? 1 : (weight as number),
    headers: operationsOf(headers),
  }));
  const destinations: PolicyDestination[] = resolved.map(({ cluster, weight, headers }) => ({ cluster, weight, ...headers }));
  const hash = resolved.find((each) => each.hash !== undefined)?.hash;
  const mirrors = mirrorsOf(http, owner, port, known);
  return {
    kind: "forward",
    destinations,
    ...(http.timeout === undefined || http.timeout === 0 ? {} : { timeoutMs: http.timeout }),
    retry: retryPolicyOf(http.retries, known.problems),
    ...(http.rewrite === undefined ? {} : { rewrite: rewriteOf(http.rewrite) }),
    ...(mirrors.length === 0 ? {} : { mirrors }),
    ...(hash === undefined ? {} : { hash }),
  };
}

function mirrorsOf(http: HttpRoute, owner: VirtualServiceObject, port: number | undefined, known: Known): Mirror[] {
  const old = http.mirrorPercentage?.value ?? http.mirrorPercent ?? http.mirror_percent ?? 100;
  const all = [
    ...(http.mirror === undefined ? [] : [{ destination: http.mirror, percent: old }]),
    ...(http.mirrors ?? []).map(({ destination, percentage }) => ({ destination, percent: percentOf(percentage) })),
  ];
  return all
    .filter(({ percent }) => percent > 0)
    .map(({ destination, percent }) => ({ cluster: resolveDestination(destination, owner, port, known).cluster, percent }));
}

function percentOf(percentage: Percent | undefined): number {
  return percentage === undefined ? 100 : (percentage.value ?? 0);
}

function faultOf({ delay, abort }: HttpFault): Fault {
  const code = abort?.grpcStatus === undefined ? undefined : GRPC_STATUSES.indexOf(abort.grpcStatus.toUpperCase());
  return {
    delay:
      delay?.fixedDelay === undefined ? undefined : { delayMs: delay.fixedDelay, percent: delay.percentage?.value ?? delay.percent ?? 100 },
    abort:
      abort === undefined
        ? undefined
        : { percent: percentOf(abort.percentage), httpStatus: abort.httpStatus, grpcStatus: code === -1 ? undefined : code },
  };
}

/** In the order of their numbers. */
const GRPC_STATUSES: readonly string[] = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];

function rewriteOf({ uri, authority, uriRegexRewrite }: NonNullable<HttpRoute["rewrite"]>): Rewrite {
  const { match, rewrite } = uriRegexRewrite ?? {};
  return { path: uri, authority, pathRegex: match === undefined ? undefined : { match, replacement: rewrite ?? "" } };
}

function operationsOf(headers: Headers | undefined): { requestHeaders?: HeaderOperations; responseHeaders?: HeaderOperations } {
  return {
    ...(headers?.request === undefined ? {} : { requestHeaders: lowerCase(headers.request) }),
    ...(headers?.response === undefined ? {} : { responseHeaders: lowerCase(headers.response) }),
  };
}

function lowerCase({ set, add, remove }: IstioOperations): HeaderOperations {
  const lower = (values: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key.toLowerCase(), value]));
  return {
    ...(set === undefined ? {} : { set: lower(set) }),
    ...(add === undefined ? {} : { add: lower(add) }),
    ...(remove === undefined ? {} : { remove: remove.map((name) => name.toLowerCase()) }),
  };
}
