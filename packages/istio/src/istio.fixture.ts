/** The mesh that the tests of this package are about: Bookinfo's reviews and ratings. */
import type { ParsedFiles } from "@kiteline/policy";
import { describeProblem } from "@kiteline/policy/parsers";
import { parseIstio } from "./parser.ts";
import type { Workload } from "./workload.ts";

export const SERVICES = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: reviews }
spec:
  hosts: [reviews.default.svc.cluster.local]
  ports: [{ number: 9080, name: thrift, protocol: TCP }]
  resolution: STATIC
  location: MESH_INTERNAL
  workloadSelector: { labels: { app: reviews } }
---
apiVersion: networking.istio.io/v1beta1
kind: WorkloadEntry
metadata: { name: reviews-v1 }
spec: { address: 127.0.0.1, ports: { thrift: 1001 }, labels: { app: reviews, version: v1 } }
---
apiVersion: networking.istio.io/v1alpha3
kind: WorkloadEntry
metadata: { name: reviews-v2 }
spec: { address: 127.0.0.1, ports: { thrift: 1002 }, labels: { app: reviews, version: v2, lane: branch }, weight: 5 }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ratings }
spec:
  hosts: [ratings.default.svc.cluster.local]
  ports: [{ number: 9080, name: thrift }, { number: 9081, name: admin, targetPort: 19081 }]
  resolution: STATIC
  endpoints: [{ address: 10.0.0.1, labels: { version: v1 }, locality: a/b/c }, { address: unix:///run/ratings.sock }]
`;

export const SUBSETS = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN } }
  subsets:
    - { name: v1, labels: { version: v1 } }
    - { name: v2, labels: { version: v2 }, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`;

/** Reads texts as the files `0.yaml`, `1.yaml`, ... */
export function parse(texts: readonly string[], workload?: Workload): ParsedFiles & { readonly told: string[] } {
  const parsed = parseIstio(
    texts.map((text, index) => ({ path: `${index}.yaml`, text })),
    workload,
  );
  return { ...parsed, told: parsed.problems.map(describeProblem) };
}

/** A VirtualService of `default` for reviews, unless the spec says otherwise. */
export function virtualService(spec: string, name = "reviews", namespace = "default"): string {
  const lines = spec.trim().split("\n");
  return `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;
}
