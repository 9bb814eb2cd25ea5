/**
 * How an instance becomes known: it writes a WorkloadEntry, the way a machine outside Kubernetes joins Istio. The ServiceEntry
 * of its service selects it by the label `app`; the label `lane`, where there is one, says which lane it belongs to.
 */
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "../instance.ts";

/** Writes the entry into `folder`; returns what takes it back. */
export async function announce(instance: Instance, folder: string, port: number): Promise<() => Promise<void>> {
  const path = join(folder, `${instance.name}.yaml`);
  // Under another name first, so that nobody reads half of it.
  const entry = workloadEntry(instance, port);
  await writeFile(`${path}.new`, entry);
  await rename(`${path}.new`, path);
  return async () => {
    // Another process may have taken the name over: its entry stays.
    if ((await readFile(path, "utf8").catch(() => "")) === entry) await rm(path, { force: true });
  };
}

function workloadEntry({ name, service, version, lane }: Instance, port: number): string {
  return `apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata:
  name: ${name}
  namespace: bookinfo
spec:
  address: 127.0.0.1
  ports:
    thrift: ${port}
  labels:
    app: ${service}
    version: ${version}${lane === undefined ? "" : `\n    lane: ${lane}`}
`;
}
