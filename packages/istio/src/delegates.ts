/** VirtualServices that hand a part of their routes to others: the routes of both, put together. */
import type { HttpMatch, HttpRoute } from "./kinds/virtual-service.ts";
import type { StringMatch } from "./kinds/string-match.ts";
import type { MeshObject } from "./objects.ts";
import type { Problems } from "./place.ts";

/** The routes of a VirtualService with each delegate's in the place where it is named. */
export function withDelegates(
  root: MeshObject<"VirtualService">,
  all: readonly MeshObject<"VirtualService">[],
  problems: Problems,
): readonly HttpRoute[] {
  return (root.spec.http ?? []).flatMap((route) => {
    const { delegate } = route;
    if (delegate === undefined) return [route];
    const place = route.place.at("delegate");
    const namespace = delegate.namespace ?? root.namespace;
    const found = all.find(({ name, namespace: home }) => name === delegate.name && home === namespace);
    const title = `VirtualService ${namespace}/${delegate.name}`;
    if (found === undefined) {
      problems.add(place.problem("error", `there is no ${title}`));
      return [];
    }
    if ((found.spec.hosts ?? []).length > 0) {
      problems.add(place.problem("error", `${title} has hosts of its own: only one without can be delegated to`));
      return [];
    }
    const exportTo = found.spec.exportTo ?? ["*"];
    if (!exportTo.some((to) => to === "*" || to === root.namespace || (to === "." && found.namespace === root.namespace))) {
      problems.add(place.problem("error", `${title} is not exported to the namespace ${root.namespace}`));
      return [];
    }
    return (found.spec.http ?? []).flatMap((inner) => {
      if (inner.delegate !== undefined) {
        problems.add(inner.place.at("delegate").problem("error", "a delegate cannot delegate further"));
        return [];
      }
      const merged = mergeRoutes(route, inner);
      if (merged === undefined)
        problems.add(
          inner.place.problem(
            "warning",
            `never matches: it asks for something else than ${place.object}, ${route.place.path}, which delegates to it`,
          ),
        );
      return merged === undefined ? [] : [merged];
    });
  });
}

function mergeRoutes(root: HttpRoute, inner: HttpRoute): HttpRoute | undefined {
  const match = mergeMatches(root.match ?? [], inner.match ?? []);
  if (match === undefined) return undefined;
  const { place: _place, name, delegate: _delegate, match: _match, ...defaults } = root;
  return { ...defaults, ...inner, ...nameOf(name, inner.name), ...(match.length === 0 ? {} : { match }) };
}

/** Each of the delegate's conditions must lie within one of the root's; `undefined` when one does not. */
function mergeMatches(root: readonly HttpMatch[], inner: readonly HttpMatch[]): readonly HttpMatch[] | undefined {
  if (root.length === 0) return inner;
  if (inner.length === 0) return root;
  const merged: HttpMatch[] = [];
  for (const leaf of inner) {
    const fitting = root.filter((each) => !conflict(each, leaf));
    if (fitting.length === 0) return undefined;
    for (const each of fitting) {
      merged.push({
        ...each,
        ...leaf,
        ...nameOf(each.name, leaf.name),
        headers: { ...each.headers, ...leaf.headers },
        withoutHeaders: { ...each.withoutHeaders, ...leaf.withoutHeaders },
        queryParams: { ...each.queryParams, ...leaf.queryParams },
        sourceLabels: { ...each.sourceLabels, ...leaf.sourceLabels },
      });
    }
  }
  return merged;
}

function nameOf(outer: string | undefined, inner: string | undefined): { name?: string } {
  const name = outer === undefined || outer === "" ? inner : inner === undefined || inner === "" ? outer : `${outer}-${inner}`;
  return name === undefined ? {} : { name };
}

function conflict(root: HttpMatch, leaf: HttpMatch): boolean {
  return (
    collides(root.uri, leaf.uri) ||
    collides(root.scheme, leaf.scheme) ||
    collides(root.method, leaf.method) ||
    collides(root.authority, leaf.authority) ||
    anyCollides(root.headers, leaf.headers) ||
    anyCollides(root.withoutHeaders, leaf.withoutHeaders) ||
    anyCollides(root.queryParams, leaf.queryParams) ||
    (root.ignoreUriCase ?? false) !== (leaf.ignoreUriCase ?? false) ||
    (root.port !== undefined && leaf.port !== undefined && root.port !== leaf.port) ||
    (root.sourceNamespace !== undefined && leaf.sourceNamespace !== undefined && root.sourceNamespace !== leaf.sourceNamespace) ||
    Object.entries(leaf.sourceLabels ?? {}).some(([key, value]) => (root.sourceLabels?.[key] ?? value) !== value) ||
    (root.gateways !== undefined && leaf.gateways?.some((gateway) => !root.gateways?.includes(gateway)) === true)
  );
}

function anyCollides(root: Readonly<Record<string, StringMatch>> = {}, leaf: Readonly<Record<string, StringMatch>> = {}): boolean {
  return Object.entries(leaf).some(([key, match]) => collides(root[key], match));
}

/** Whether the leaf asks for something that does not lie within what the root asks for. Of regular expressions nobody can tell. */
function collides(root: StringMatch | undefined, leaf: StringMatch | undefined): boolean {
  if (root === undefined || leaf === undefined) return false;
  if (root.regex !== undefined || leaf.regex !== undefined) return true;
  if (root.exact !== undefined) return leaf.exact !== root.exact;
  if (root.prefix !== undefined) return !(leaf.prefix ?? leaf.exact ?? "").startsWith(root.prefix);
  return true;
}
