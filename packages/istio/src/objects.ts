/** A document to an object of a kind we know: `apiVersion`, `kind`, `metadata`, `spec`. */
import { isMap, isScalar, type Node } from "yaml";
import { type DestinationRule, destinationRule } from "./kinds/destination-rule.ts";
import { type ServiceEntry, serviceEntry, type WorkloadEntry, workloadEntry } from "./kinds/service-entry.ts";
import { type TrafficLane, trafficLane } from "./kinds/traffic-lane.ts";
import { type VirtualService, virtualService } from "./kinds/virtual-service.ts";
import { type Located, Place } from "./place.ts";
import { anything, mapOf, record, required, string, type Type } from "./schema.ts";
import type { Document } from "./yaml-file.ts";

/** The kinds that mean something here, and what their `spec` is. */
export interface Specs {
  readonly VirtualService: VirtualService;
  readonly DestinationRule: DestinationRule;
  readonly ServiceEntry: ServiceEntry;
  readonly WorkloadEntry: WorkloadEntry;
  readonly TrafficLane: TrafficLane;
}

export interface MeshObject<Kind extends keyof Specs = keyof Specs> {
  readonly kind: Kind;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** RFC 3339; empty when the file does not say. */
  readonly created: string;
  readonly spec: Specs[Kind];
  readonly place: Place;
}

const ISTIO = ["networking.istio.io/v1", "networking.istio.io/v1beta1", "networking.istio.io/v1alpha3"];
const KITELINE = ["kiteline.io/v1"];

const KINDS: { readonly [K in keyof Specs]: { readonly versions: readonly string[]; readonly spec: Type<Specs[K]> } } = {
  VirtualService: { versions: ISTIO, spec: virtualService },
  DestinationRule: { versions: ISTIO, spec: destinationRule },
  ServiceEntry: { versions: ISTIO, spec: serviceEntry },
  WorkloadEntry: { versions: ISTIO, spec: workloadEntry },
  TrafficLane: { versions: KITELINE, spec: trafficLane },
};

/** Groups whose kinds are all known here, obeyed or not. */
const OWN_GROUPS = ["networking.istio.io", "kiteline.io"];

/** Kinds of Istio's that will mean something one day. */
const NOT_YET = [
  "AuthorizationPolicy",
  "EnvoyFilter",
  "Gateway",
  "PeerAuthentication",
  "ProxyConfig",
  "RequestAuthentication",
  "Sidecar",
  "Telemetry",
  "TrafficExtension",
  "WasmPlugin",
  "WorkloadGroup",
];

interface Metadata extends Located {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly creationTimestamp?: string;
}

/** What Kubernetes keeps beside these is of no concern. */
const metadata: Type<Metadata> = {
  expected: "a mapping",
  read(node, place, document) {
    if (!isMap(node)) return document.wrong(place, node, this.expected);
    const known = { name: required(string), namespace: string, labels: mapOf(string), creationTimestamp: string };
    const others = node.items.map(({ key }) => (isScalar(key) ? String(key.value) : "")).filter((key) => !Object.hasOwn(known, key));
    const ignored = Object.fromEntries(others.map((key) => [key, anything]));
    return record<Metadata>({ ...known, ...ignored }).read(node, place, document);
  },
};

/** `undefined` when there is none to use; why has been reported. */
export function readObject(document: Document): MeshObject | undefined {
  const { root, place } = document;
  if (!isMap(root)) {
    document.report(place, "expected an object with apiVersion, kind, metadata and spec");
    return undefined;
  }
  const apiVersion = textOf(root, "apiVersion");
  const kind = textOf(root, "kind");
  if (apiVersion === undefined || kind === undefined) {
    document.report(
      place,
      `expected an object with apiVersion, kind, metadata and spec, but ${apiVersion === undefined ? "apiVersion" : "kind"} is missing`,
    );
    return undefined;
  }
  if (!Object.hasOwn(KINDS, kind)) {
    const group = apiVersion.split("/", 1)[0] ?? "";
    if (group.endsWith("istio.io") && NOT_YET.includes(kind)) document.warn(place, `the kind ${kind} is not obeyed yet`);
    else {
      const unknown = `the kind ${kind} (${apiVersion}) means nothing here; there are ${Object.keys(KINDS).join(", ")}`;
      // In a group of which all kinds are known it is a typo: as a mere remark it would take the object's rules out of force.
      if (OWN_GROUPS.includes(group)) document.report(place, unknown);
      else document.warn(place, unknown);
    }
    return undefined;
  }
  const known = kind as keyof Specs;
  const { versions, spec } = KINDS[known];
  if (!versions.includes(apiVersion)) {
    document.report(place, `expected the apiVersion of ${kind} to be one of ${versions.join(", ")}, got "${apiVersion}"`);
    return undefined;
  }
  return readKnown(document, root, known, spec);
}

function readKnown<K extends keyof Specs>(document: Document, root: Node, kind: K, spec: Type<Specs[K]>): MeshObject | undefined {
  const name = textOf(root, "metadata", "name");
  const namespace = textOf(root, "metadata", "namespace") ?? "default";
  const place = new Place(document.file, document.lineOf(root), `${kind} ${namespace}/${name ?? "?"}`, "");
  interface Whole extends Located {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: Metadata;
    readonly spec: Specs[K];
    readonly status?: unknown;
  }
  const fields = { apiVersion: string, kind: string, metadata: required(metadata), spec: required(spec), status: anything };
  const whole = record<Whole>(fields).read(root, place, document);
  if (whole === undefined) return undefined;
  return {
    kind,
    name: whole.metadata.name,
    namespace,
    labels: whole.metadata.labels ?? {},
    created: whole.metadata.creationTimestamp ?? "",
    spec: whole.spec,
    place: whole.place,
  };
}

function textOf(node: Node, ...path: string[]): string | undefined {
  let current: unknown = node;
  for (const key of path) {
    if (!isMap(current)) return undefined;
    current = current.get(key, true);
  }
  return isScalar(current) && typeof current.value === "string" ? current.value : undefined;
}
