/** Who runs in Bookinfo: the page, six instances in two lanes, and whoever else is given a name. */
import type { Instance } from "../instance.ts";

export const PAGE: Instance = { name: "productpage-v1", service: "productpage", version: "v1", lane: undefined };

export const INSTANCES: readonly Instance[] = [
  { name: "details-v1", service: "details", version: "v1", lane: undefined },
  { name: "reviews-v1", service: "reviews", version: "v1", lane: undefined },
  { name: "reviews-v2", service: "reviews", version: "v2", lane: "branch" },
  { name: "reviews-v3", service: "reviews", version: "v3", lane: undefined },
  { name: "ratings-v1", service: "ratings", version: "v1", lane: undefined },
  { name: "ratings-v2", service: "ratings", version: "v2", lane: "branch" },
];

/**
 * One of the above by its name, or a new one whose name says service and version. A lane that is given counts. Throws a
 * `RangeError` for a name that says neither.
 */
export function instanceOf(name: string, lane: string | undefined): Instance {
  const known = INSTANCES.find((instance) => instance.name === name);
  if (known !== undefined) return { ...known, lane: lane ?? known.lane };
  const [, service, version] = /^(details|reviews|ratings)-([\w.-]+)$/.exec(name) ?? [];
  if (service === undefined || version === undefined) {
    throw new RangeError(`--join must be details-, reviews- or ratings- and a version, such as reviews-v4, got "${name}"`);
  }
  return { name, service, version, lane };
}
