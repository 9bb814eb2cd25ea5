/** The main case: Kiteline's Thrift against what else there is, and against what Node's sockets allow. */
import type { CaseReport } from "../report.ts";
import type { RunOptions } from "./case.ts";
import { inNode, kitex } from "./contenders.ts";
import { runContest, type Contest } from "./contest.ts";

const KITEX = ["kitex mux", "kitex pooled"];

const THRIFT: Contest = {
  name: "echo",
  us: "kiteline",
  contenders: [...["kiteline", "raw", "grpc-js", "apache-thrift"].map((name) => inNode(name)), kitex("mux"), kitex("pooled")],
  fullLoad: [
    { against: "grpc-js", names: ["grpc-js"], wanted: 25 },
    { against: "Apache Thrift", names: ["apache-thrift"], wanted: 6 },
    { against: "Kitex", names: KITEX, wanted: 3 },
    { against: "raw frames", names: ["raw"], wanted: 0.4 },
  ],
  oneCaller: [{ against: "Kitex", names: KITEX, wanted: 0.85 }],
  openLoop: { slowest: "grpc-js", names: ["kiteline", "raw", "grpc-js", "apache-thrift"], wanted: 0.333 },
};

export async function echo(options: RunOptions): Promise<CaseReport[]> {
  return await runContest(THRIFT, options);
}
