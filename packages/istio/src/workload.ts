/** Who looks at the configuration: what it says depends on that, as it does for each proxy of Istio. */

export interface Workload {
  /** Decides what short names mean and what is exported to it. Defaults to `default`. */
  readonly namespace?: string | undefined;
  /** What `sourceLabels` and a rule's `workloadSelector` look at. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Defaults to `cluster.local`. */
  readonly domain?: string | undefined;
  /** Where rules for everybody live. Defaults to `istio-system`. */
  readonly rootNamespace?: string | undefined;
}

export type Viewer = { readonly [K in keyof Workload]-?: NonNullable<Workload[K]> };

/** Throws a `TypeError` for what a workload does not have: rules would look at somebody else. */
export function resolveWorkload({
  namespace = "default",
  labels = {},
  domain = "cluster.local",
  rootNamespace = "istio-system",
  ...others
}: Workload): Viewer {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new TypeError(`a workload has no "${unknown}": there are namespace, labels, domain, rootNamespace`);
  return { namespace, labels, domain, rootNamespace };
}

/** A host as it is meant in a namespace: a name without dots is a service of it. */
export function fullHost(host: string, namespace: string, { domain }: Viewer): string {
  const lower = host.toLowerCase();
  return lower.includes(".") || lower === "*" || lower === "" ? lower : `${lower}.${namespace}.svc.${domain}`;
}

/** All names under which callers of this workload may know a host. */
export function aliasesOf(host: string, { namespace, domain }: Viewer): string[] {
  const suffix = `.svc.${domain}`;
  const [name, home, ...rest] = host.endsWith(suffix) ? host.slice(0, -suffix.length).split(".") : [];
  if (name === undefined || home === undefined || rest.length > 0 || name === "*") return [host];
  return [host, `${name}.${home}.svc`, `${name}.${home}`, ...(home === namespace ? [name] : [])];
}

/** Whether something of `owner`'s is there for the viewer: `.` is the owner's own namespace, `*` or nothing everybody's. */
export function isExported(exportTo: readonly string[] | undefined, owner: string, { namespace }: Viewer): boolean {
  if (exportTo === undefined || exportTo.length === 0) return true;
  return exportTo.some((to) => to === "*" || to === namespace || (to === "." && owner === namespace));
}

/** Whether the labels have at least what is selected. */
export function selects(selector: Readonly<Record<string, string>> | undefined, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector ?? {}).every(([key, value]) => labels[key] === value);
}

/** Things by the host they are about: `a.b`, `*.b` or `*`. Of several for one pattern the first stays. */
export class ByHost<T> {
  readonly #exact = new Map<string, T>();
  readonly #wild = new Map<string, T>();

  get(pattern: string): T | undefined {
    return (pattern.startsWith("*") ? this.#wild : this.#exact).get(pattern);
  }

  add(pattern: string, thing: T): void {
    if (this.get(pattern) === undefined) (pattern.startsWith("*") ? this.#wild : this.#exact).set(pattern, thing);
  }

  /** What is about this very host, else what has the longest wildcard that fits it. */
  best(host: string): T | undefined {
    const exact = this.#exact.get(host);
    if (exact !== undefined) return exact;
    let best: T | undefined;
    let bestLength = 0;
    for (const [pattern, thing] of this.#wild) {
      if (pattern.length <= bestLength || !fits(pattern, host)) continue;
      best = thing;
      bestLength = pattern.length;
    }
    return best;
  }
}

/** Whether the pattern is the host, or a wildcard that it fits: `*.b` does not fit `b`. */
export function fits(pattern: string, host: string): boolean {
  if (!pattern.startsWith("*")) return pattern === host;
  return host.length >= pattern.length && host.endsWith(pattern.slice(1));
}

/** Whether a pattern fits any of these; an exact one costs one look-up. */
export function fitsAny(pattern: string, hosts: ReadonlyMap<string, unknown>): boolean {
  if (!pattern.startsWith("*")) return hosts.has(pattern);
  for (const host of hosts.keys()) if (fits(pattern, host)) return true;
  return false;
}
