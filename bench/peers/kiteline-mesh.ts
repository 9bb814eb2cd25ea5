/**
 * Kiteline as Bookinfo uses it: a folder of Istio's YAML says what the name means, a route chooses, and a coloured call goes to
 * the instance of its lane.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileSource } from "@kiteline/discovery";
import { createParser } from "@kiteline/istio";
import { withLane } from "@kiteline/lanes";
import { createClient, createServer } from "kiteline";
import { Echo } from "../gen/echo.ts";
import { ACTION, checkEcho, messageText, type Peer } from "../peer.ts";

const LANE = "branch";

export const kitelineMesh: Peer = {
  async serve(port) {
    const server = createServer({ trustLanes: true });
    server.add(Echo, { echo: (request) => ({ action: request.action, msg: request.msg }) });
    return await server.listen({ port });
  },

  async connect({ host, port, connections, bytes }) {
    const folder = mkdtempSync(join(tmpdir(), "kiteline-bench-"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, "echo.yaml"), meshOf(host, port));
    const client = createClient(Echo, {
      target: "echo:9080",
      source: fileSource({ folders: [folder], parse: createParser({ namespace: "bench" }) }),
      maxConnections: connections,
      multiplexedConnections: connections,
    });
    await client.ready();
    const msg = messageText(bytes);
    const options = { metadata: withLane(undefined, LANE) };
    return {
      call(onAnswer) {
        client.echo({ action: ACTION, msg }, options).then((reply) => {
          checkEcho(reply.msg.length, msg.length);
          onAnswer();
        }, onAnswer);
      },
    };
  },
};

function meshOf(host: string, port: number): string {
  return `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: echo, namespace: bench }
spec:
  hosts: [echo.bench.svc.cluster.local]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{ number: 9080, name: thrift, protocol: HTTP }]
  workloadSelector: { labels: { app: echo } }
---
${workload("echo-v1", host, port, "version: v1")}
---
${workload("echo-v2", host, port, `version: v2, lane: ${LANE}`)}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: echo, namespace: bench }
spec:
  host: echo
  trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN } }
  subsets:
    - { name: v1, labels: { version: v1 } }
    - { name: v2, labels: { version: v2 } }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: echo, namespace: bench }
spec:
  hosts: [echo]
  http:
    - name: echo
      route: [{ destination: { host: echo } }]
      timeout: 600s
      retries: { attempts: 2, retryOn: "connect-failure,unavailable" }
`;
}

function workload(name: string, host: string, port: number, labels: string): string {
  return `
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: ${name}, namespace: bench }
spec:
  address: ${host}
  ports: { thrift: ${port} }
  labels: { app: echo, ${labels} }
`;
}
