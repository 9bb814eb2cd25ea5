/** The main case: Kiteline's Thrift against what else there is, and against what Node's sockets allow. */
import { Pair } from "../pair.ts";
import type { CaseReport } from "../report.ts";
import type { RunOptions } from "./case.ts";
import { inNode, runContest, type Contender, type Contest } from "./contest.ts";

const KITEX = ["kitex mux", "kitex pooled"];

const THRIFT: Contest = {
  name: "echo",
  us: "kiteline",
  contenders: [...["kiteline", "raw", "grpc-js", "apache-thrift"].map(inNode), ...["mux", "pooled"].map(kitex)],
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

/** Kitex in Go, built by `interop/kitex`. */
function kitex(connection: string): Contender {
  return {
    name: `kitex ${connection}`,
    start: ({ kitex: program, cores }) =>
      program === undefined ? undefined : Pair.startProgram(program, [`-connection=${connection}`], { connections: 1, bytes: 1024, cores }),
  };
}
