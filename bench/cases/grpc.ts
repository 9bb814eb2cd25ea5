/** Kiteline's gRPC against the others' and against its own Thrift. */
import type { CaseReport } from "../report.ts";
import type { RunOptions } from "./case.ts";
import { grpcGo, inNode } from "./contenders.ts";
import { runContest, type Contest } from "./contest.ts";

const GRPC: Contest = {
  name: "grpc",
  us: "kiteline-grpc",
  contenders: [...["kiteline-grpc", "kiteline", "grpc-js"].map((name) => inNode(name)), grpcGo()],
  fullLoad: [
    { against: "grpc-js", names: ["grpc-js"], wanted: 20 },
    { against: "grpc-go", names: ["grpc-go"], wanted: 5 },
    { against: "Kiteline's Thrift", names: ["kiteline"], wanted: 0.6 },
  ],
  oneCaller: [{ against: "grpc-go", names: ["grpc-go"], wanted: 0.8 }],
};

export async function grpc(options: RunOptions): Promise<CaseReport[]> {
  return await runContest(GRPC, options);
}
