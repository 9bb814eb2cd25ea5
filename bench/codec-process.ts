/** One codec in a process of its own, so that no other shapes what is compiled for it. Driven like `peer-process.ts`. */
import { createInterface } from "node:readline";
import type { Codec } from "./codecs/codec.ts";
import { usage } from "./usage.ts";

export interface CodecQuestion {
  readonly ask: "encode" | "decode";
  readonly durationMs: number;
}

export interface CodecAnswer {
  readonly perSecond: number;
  readonly allocatedBytes: number;
  /** Of the encoded message; 0 when decoding. */
  readonly bytes: number;
}

export const CODECS: Readonly<Record<string, () => Promise<Codec>>> = {
  kiteline: async () => await (await import("./codecs/kiteline.ts")).kiteline(),
  "apache-thrift": async () => await (await import("./codecs/apache-thrift.ts")).apacheThrift(),
  ...protobufCodecs("fields"),
  ...protobufCodecs("record"),
  ...protobufCodecs("grouped"),
};

/** Protobuf's, on one of its messages: `kiteline fields` and so on. */
function protobufCodecs(message: "fields" | "record" | "grouped"): Record<string, () => Promise<Codec>> {
  return {
    [`kiteline ${message}`]: async () => (await import("./codecs/protobuf/kiteline.ts")).kiteline[message](),
    [`protobufjs ${message}`]: async () => await (await import("./codecs/protobuf/protobuf-js.ts")).protobufJs[message](),
    [`protobuf-es ${message}`]: async () => (await import("./codecs/protobuf/protobuf-es.ts")).protobufEs[message](),
  };
}

/** Between two looks at the clock. */
const BATCH = 100;

if (import.meta.main) {
  const load = CODECS[process.argv[2] ?? ""];
  if (load === undefined) throw new RangeError(`say one of ${Object.keys(CODECS).join(", ")}`);
  const codec = await load();
  console.log(JSON.stringify({ ready: "" }));
  for await (const line of createInterface({ input: process.stdin })) {
    const { ask, durationMs } = JSON.parse(line) as CodecQuestion;
    console.log(JSON.stringify(measure(ask === "encode" ? () => codec.encode() : () => codec.decode(), durationMs)));
  }
}

function measure(work: () => number, durationMs: number): CodecAnswer {
  const before = usage();
  const startedMs = performance.now();
  let done = 0;
  let sum = 0;
  let elapsedMs = 0;
  while (elapsedMs < durationMs) {
    for (let i = 0; i < BATCH; i += 1) sum += work();
    done += BATCH;
    elapsedMs = performance.now() - startedMs;
  }
  return {
    perSecond: (done / elapsedMs) * 1000,
    allocatedBytes: (usage().allocatedBytes - before.allocatedBytes) / done,
    bytes: sum / done,
  };
}
