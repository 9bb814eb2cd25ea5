/**
 * What makes a process of Bookinfo a member of the mesh: a folder of Istio's YAML, and over it the folder in which the
 * instances announce themselves. A change in either is in force with the next call.
 */
import { fileSource } from "@kiteline/discovery";
import { createParser } from "@kiteline/istio";
import type { Source, Suite } from "kiteline";
import type { Instance, Place } from "./instance.ts";

/** Closing it is up to who made it. What is wrong with the YAML is told by one process, the page, and not by all. */
export function meshSource({ mesh, run }: Place, tellProblems: boolean): Source {
  return fileSource({
    folders: [mesh, run],
    parse: createParser({ namespace: "bookinfo" }),
    ...(tellProblems ? {} : { log: () => undefined }),
  });
}

/** For clients and servers alike. */
export function mesh(source: Source): Suite {
  return {
    name: "mesh",
    client: { source },
    // Only the page and the services call services, and the page colours by itself.
    server: { trustLanes: true },
  };
}

/** All instances that have announced themselves. */
export function instancesIn(source: Source): Instance[] {
  const clusters = Object.values(source.current?.clusters ?? {});
  return clusters
    .filter((cluster) => cluster.subset === undefined) // subsets repeat some of their instances
    .flatMap((cluster) => cluster.endpoints)
    .map(({ labels: { app = "", version = "", lane } }) => ({ name: `${app}-${version}`, service: app, version, lane }));
}
