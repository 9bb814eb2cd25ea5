/** The codec alone: a message to bytes and back, checks on. Kiteline's comes first among those that are compared. */
import { Child } from "../child.ts";
import type { CodecAnswer, CodecQuestion } from "../codec-process.ts";
import type { CaseReport } from "../report.ts";
import { inRounds, medianOf, ratioOf, spreadOf } from "../rounds.ts";
import type { RunOptions } from "./case.ts";

interface Contest {
  readonly name: string;
  readonly message: string;
  /** By their names in `codec-process.ts`. */
  readonly codecs: readonly string[];
  readonly wanted: readonly { readonly what: string; readonly codec: string; readonly encode: number; readonly decode: number }[];
}

const THRIFT: Contest = {
  name: "codec",
  message: "a message with a struct with every kind of field",
  codecs: ["kiteline", "apache-thrift"],
  wanted: [{ what: "Apache Thrift", codec: "apache-thrift", encode: 20, decode: 5 }],
};

export async function codec(options: RunOptions): Promise<CaseReport[]> {
  return await compare(THRIFT, options);
}

export async function protobuf(options: RunOptions): Promise<CaseReport[]> {
  return [
    ...(await compare(protobufContest("fields", "a Protobuf message with every kind of field"), options)),
    ...(await compare(protobufContest("record", "a Protobuf message of many scalars (as Google's message 1)"), options)),
    ...(await compare(protobufContest("grouped", "a Protobuf message of many groups with texts (as Google's message 2)"), options)),
  ];
}

function protobufContest(shape: string, message: string): Contest {
  const [ours, js, es] = [`kiteline ${shape}`, `protobufjs ${shape}`, `protobuf-es ${shape}`];
  return {
    name: `protobuf-${shape}`,
    message,
    codecs: [ours, js, es],
    wanted: [
      { what: "protobufjs (static code)", codec: js, encode: 2, decode: 1.2 },
      { what: "protobuf-es", codec: es, encode: 4, decode: 4 },
    ],
  };
}

async function compare(contest: Contest, options: RunOptions): Promise<CaseReport[]> {
  const children = new Map<string, Child>();
  for (const name of contest.codecs) {
    children.set(name, (await Child.startNode("codec-process", [name], options.cores?.client)).child);
  }
  try {
    return [await measure(contest, children, "encode", options), await measure(contest, children, "decode", options)];
  } finally {
    for (const child of children.values()) await child.stop();
  }
}

async function measure(
  contest: Contest,
  children: ReadonlyMap<string, Child>,
  ask: "encode" | "decode",
  options: RunOptions,
): Promise<CaseReport> {
  const { rounds, durationMs } = options;
  // A codec is compiled sooner than a client and a server.
  const warmupMs = options.warmupMs / 2;
  const question = (ms: number): CodecQuestion => ({ ask, durationMs: ms });
  for (const child of children.values()) await child.ask(question(warmupMs));
  const contenders = new Map([...children].map(([name, child]) => [name, () => child.ask<CodecAnswer>(question(durationMs))]));
  const samples = await inRounds(contenders, rounds);
  const ours = samples.get(contest.codecs[0] as string) as CodecAnswer[];
  const speed = (each: CodecAnswer): number => each.perSecond;
  return {
    name: `${contest.name}-${ask}`,
    title: `${ask} ${contest.message}`,
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
    targets: contest.wanted.map((wanted) => ({
      what: `${ask} against ${wanted.what}`,
      bound: "at least",
      wanted: wanted[ask],
      got: ratioOf(ours, samples.get(wanted.codec) as CodecAnswer[], speed),
      unit: "x",
    })),
  };
}
