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

export function resolveWorkload({
  namespace = "default",
  labels = {},
  domain = "cluster.local",
  rootNamespace = "istio-system",
}: Workload): Viewer {
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

/** How well a pattern (`a.b`, `*.b`, `*`) fits a host: 0 not at all, more the more of it is given. */
export function fitOf(pattern: string, host: string): number {
  if (pattern === host) return 100_000;
  if (!pattern.startsWith("*")) return 0;
  return host.endsWith(pattern.slice(1)) && host.length >= pattern.length ? pattern.length : 0;
}
