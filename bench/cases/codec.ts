/** The codec alone: a message to bytes and back, checks on. Kiteline's comes first among those that are compared. */
import { Child } from "../child.ts";
import type { CodecAnswer, CodecQuestion } from "../codec-process.ts";
import type { CaseReport } from "../report.ts";
import { inRounds, medianOf, ratioOf, spreadOf } from "../rounds.ts";
import type { RunOptions } from "./case.ts";

/** As in `mesh.ts`: what V8 made of a codec stays for as long as its process lives. */
const STARTS = 5;

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

type Ask = CodecQuestion["ask"];
/** What each codec gave, by its name, in order of the rounds. */
type Samples = ReadonlyMap<string, CodecAnswer[]>;

async function compare(contest: Contest, options: RunOptions): Promise<CaseReport[]> {
  const samplesOf = (): Samples => new Map(contest.codecs.map((name) => [name, []]));
  const samples = { encode: samplesOf(), decode: samplesOf() };
  for (let start = 0; start < STARTS; start++) {
    const children = new Map<string, Child>();
    try {
      for (const name of contest.codecs) children.set(name, (await Child.startNode("codec-process", [name], options.cores?.client)).child);
      for (const ask of ["encode", "decode"] as const) {
        for (const [name, more] of await measure(children, ask, options)) samples[ask].get(name)?.push(...more);
      }
    } finally {
      for (const child of children.values()) await child.stop();
    }
  }
  return [report(contest, "encode", samples.encode), report(contest, "decode", samples.decode)];
}

async function measure(children: ReadonlyMap<string, Child>, ask: Ask, { rounds, durationMs, warmupMs }: RunOptions): Promise<Samples> {
  const question = (ms: number): CodecQuestion => ({ ask, durationMs: ms });
  // A codec is compiled sooner than a client and a server.
  for (const child of children.values()) await child.ask(question(warmupMs / 2));
  const contenders = new Map([...children].map(([name, child]) => [name, () => child.ask<CodecAnswer>(question(durationMs))]));
  return await inRounds(contenders, rounds);
}

function report(contest: Contest, ask: Ask, samples: Samples): CaseReport {
  const ours = samples.get(contest.codecs[0] as string) as CodecAnswer[];
  const speed = (each: CodecAnswer): number => each.perSecond;
  return {
    name: `${contest.name}-${ask}`,
    title: `${ask} ${contest.message}; each started ${STARTS} times`,
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
