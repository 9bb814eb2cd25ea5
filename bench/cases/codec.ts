/** The codec alone: a message with a struct with every kind of field, to bytes and back, checks on. */
import { join } from "node:path";
import { Child } from "../child.ts";
import { type CodecAnswer, type CodecQuestion, CODECS } from "../codec-process.ts";
import type { CaseReport } from "../report.ts";
import { inRounds, medianOf, ratioOf, spreadOf } from "../rounds.ts";
import type { RunOptions } from "./case.ts";

const WANTED = { encode: 20, decode: 5 } as const;

export async function codec(options: RunOptions): Promise<CaseReport[]> {
  const children = new Map<string, Child>();
  for (const name of Object.keys(CODECS)) {
    const program = ["--no-deprecation", join(import.meta.dirname, "../codec-process.ts"), name];
    children.set(name, (await Child.start(process.execPath, program, options.cores?.client)).child);
  }
  try {
    return [await measure(children, "encode", options), await measure(children, "decode", options)];
  } finally {
    for (const child of children.values()) await child.stop();
  }
}

async function measure(children: ReadonlyMap<string, Child>, ask: "encode" | "decode", options: RunOptions): Promise<CaseReport> {
  const { rounds, durationMs, warmupMs } = options;
  const question = (ms: number): CodecQuestion => ({ ask, durationMs: ms });
  for (const child of children.values()) await child.ask(question(warmupMs));
  const contenders = new Map([...children].map(([name, child]) => [name, () => child.ask<CodecAnswer>(question(durationMs))]));
  const samples = await inRounds(contenders, rounds);
  const ours = samples.get("kiteline") as CodecAnswer[];
  const speed = (each: CodecAnswer): number => each.perSecond;
  return {
    name: `codec-${ask}`,
    title: `${ask} a message with a struct with every kind of field`,
    columns: { perSecond: "a second", allocatedBytes: "heap B each", ratio: "kiteline / it", spread: "spread %" },
    rows: [...samples].map(([who, each]) => ({
      who,
      values: {
        perSecond: medianOf(each, speed),
        allocatedBytes: medianOf(each, (one) => one.allocatedBytes),
        ratio: ratioOf(ours, each, speed).middle,
        spread: spreadOf(each, speed),
      },
    })),
    targets: [
      {
        what: `${ask} against Apache Thrift`,
        bound: "at least",
        wanted: WANTED[ask],
        got: ratioOf(ours, samples.get("apache-thrift") as CodecAnswer[], speed),
        unit: "x",
      },
    ],
  };
}
