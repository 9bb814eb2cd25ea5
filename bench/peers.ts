/** The peers in Node, loaded when measured: a process of one peer does not carry the others. */
import type { Peer } from "./peer.ts";

export const NODE_PEERS: Readonly<Record<string, () => Promise<Peer>>> = {
  kiteline: async () => (await import("./peers/kiteline.ts")).kiteline,
  "kiteline-mesh": async () => (await import("./peers/kiteline-mesh.ts")).kitelineMesh,
  "kiteline-grpc": async () => (await import("./peers/kiteline-grpc.ts")).kitelineGrpc,
  "kiteline-grpc-loops": async () => (await import("./peers/kiteline-grpc.ts")).kitelineGrpcLoops,
  "kiteline-grpc-tls": async () => (await import("./peers/kiteline-grpc.ts")).kitelineGrpcTls,
  "kiteline-cut": async () => (await import("./peers/kiteline-cut.ts")).kitelineCut,
  raw: async () => (await import("./peers/raw.ts")).raw,
  "raw-stream": async () => (await import("./peers/raw-stream.ts")).rawStream,
  "grpc-js": async () => (await import("./peers/grpc-js.ts")).grpcJs,
  "apache-thrift": async () => (await import("./peers/apache-thrift.ts")).apacheThrift,
};

export async function loadPeer(name: string): Promise<Peer> {
  const load = NODE_PEERS[name];
  if (load === undefined) throw new RangeError(`there is no peer "${name}"; there are ${Object.keys(NODE_PEERS).join(", ")}`);
  return await load();
}
