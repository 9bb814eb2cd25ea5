/** Files of Istio's YAML to a snapshot, as one workload sees it. */
import { createHash } from "node:crypto";
import type { Cluster, ParsedFiles, ParseFiles, Problem, Snapshot, TextFile } from "@kiteline/policy";
import { clustersOf, Rules } from "./clusters.ts";
import { laneProblem, toColourRule } from "./kinds/traffic-lane.ts";
import { type MeshObject, readObject, type Specs } from "./objects.ts";
import { Problems } from "./place.ts";
import { virtualHostsOf } from "./routes.ts";
import { servicesOf } from "./services.ts";
import { resolveWorkload, type Viewer, type Workload } from "./workload.ts";
import { readFile } from "./yaml-file.ts";

/** Makes a parser for a file source; it remembers the files that did not change since the last time. */
export function createParser(workload: Workload = {}): ParseFiles {
  const viewer = resolveWorkload(workload);
  let remembered = new Map<string, ReadFile>();
  return (files) => {
    const next = new Map<string, ReadFile>();
    for (const file of files) {
      const known = remembered.get(file.path);
      next.set(file.path, known?.text === file.text ? known : readObjects(file));
    }
    remembered = next;
    return assemble([...next.values()], viewer, versionOf(files));
  };
}

/** Reads files once. */
export function parseIstio(files: readonly TextFile[], workload: Workload = {}): ParsedFiles {
  return createParser(workload)(files);
}

interface ReadFile {
  readonly text: string;
  readonly objects: readonly MeshObject[];
  readonly problems: readonly Problem[];
}

function readObjects(file: TextFile): ReadFile {
  const problems = new Problems();
  const objects: MeshObject[] = [];
  for (const document of readFile(file, problems)) {
    const object = readObject(document);
    if (object !== undefined) objects.push(object);
  }
  return { text: file.text, objects, problems: problems.list };
}

function assemble(files: readonly ReadFile[], viewer: Viewer, version: string): ParsedFiles {
  const problems = new Problems();
  for (const file of files) for (const problem of file.problems) problems.add(problem);
  const objects = unique(
    files.flatMap((file) => file.objects),
    problems,
  );
  const services = servicesOf(ofKind(objects, "ServiceEntry"), ofKind(objects, "WorkloadEntry"), viewer, problems);
  const destinationRules = new Rules(ofKind(objects, "DestinationRule"), services, viewer, problems);
  const rules = new Map([...services.values()].map((service) => [service.host, destinationRules.of(service)]));
  const clusters: Record<string, Cluster> = {};
  for (const [host, service] of services)
    for (const cluster of clustersOf(service, rules.get(host) ?? NO_RULE)) clusters[cluster.name] = cluster;
  const virtualServices = ofKind(objects, "VirtualService");
  const virtualHosts = virtualHostsOf({ viewer, services, rules, virtualServices, problems });
  const lanes = ofKind(objects, "TrafficLane").flatMap(({ name, spec, place }) => {
    const wrong = spec.lane === undefined ? laneProblem(name) : undefined;
    if (wrong !== undefined)
      problems.add(place.at("metadata").problem("error", `the name is the lane's, as spec.lane gives none: ${wrong}`));
    return wrong === undefined ? [{ lane: spec.lane ?? name, rules: (spec.colour ?? []).map(toColourRule) }] : [];
  });
  const snapshot: Snapshot = { version, virtualHosts, clusters, lanes };
  return { snapshot, problems: problems.list };
}

const NO_RULE = { trafficPolicy: undefined, subsets: [] };

/** Of two objects of one name the later one counts: files of a folder that is laid over another come later. */
function unique(objects: readonly MeshObject[], problems: Problems): MeshObject[] {
  const byName = new Map<string, MeshObject>();
  for (const object of objects) {
    const key = `${object.kind} ${object.namespace}/${object.name}`;
    const earlier = byName.get(key);
    if (earlier !== undefined)
      problems.add(earlier.place.problem("warning", `not used: ${object.place.file}:${object.place.line} has another of this name`));
    byName.delete(key); // so that it stands where the later one does
    byName.set(key, object);
  }
  return [...byName.values()];
}

function ofKind<K extends keyof Specs>(objects: readonly MeshObject[], kind: K): MeshObject<K>[] {
  return objects.filter((object): object is MeshObject<K> => object.kind === kind);
}

function versionOf(files: readonly TextFile[]): string {
  const hash = createHash("sha256");
  for (const { path, text } of files) hash.update(`${path.length}:${path}${text.length}:${text}`);
  return hash.digest("hex").slice(0, 12);
}
