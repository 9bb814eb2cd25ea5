/** Streams of gRPC: small messages each way, large ones against a bare socket, and very many streams that do nothing. */
import type { Pair } from "../pair.ts";
import type { CaseReport, Target } from "../report.ts";
import { rangeOf } from "../rounds.ts";
import { COMPILING_MS, type RunOptions } from "./case.ts";
import { compare, startAll, targetOf, type Contender, type Promised } from "./compare.ts";
import { grpcGo, inNode } from "./contenders.ts";
import { rowsOf, speed, type Samples } from "./samples.ts";

type Direction = "download" | "blocks" | "upload";

const US = "kiteline-grpc";
/** The same, read by `for await`; large messages are its own to keep then. */
const LOOPS = "kiteline-grpc-loops";
const KB = 1024;
const MB = KB * KB;
const GB = 1e9;
/** Large messages are measured longer than others: some peers still send those of an earlier round in the beginning. */
const LARGE_SHARE = 3;
const IDLE_STREAMS = 10_000;
/** The first of them pay for what all later ones share, such as code that is compiled while they are opened: megabytes. */
const FIRST_STREAMS = 2000;

const COLUMNS = {
  callsPerSecond: "messages/s",
  gigabytesPerSecond: "GB/s",
  cpuUsPerCall: "CPU us/message",
  allocatedBytesPerCall: "heap B/message",
  ratio: "kiteline / it",
  spread: "spread %",
};

export async function streams(options: RunOptions): Promise<CaseReport[]> {
  return [...(await small(options)), await large(options), await idle(options)];
}

async function small(options: RunOptions): Promise<CaseReport[]> {
  const promised: readonly Promised[] = [
    { against: "grpc-js", names: ["grpc-js"], wanted: 10 },
    { against: "grpc-go", names: ["grpc-go"], wanted: 3 },
  ];
  const contenders = [inNode(US), inNode(LOOPS), inNode("grpc-js"), grpcGo()];
  const warm = { ...options, warmupMs: Math.max(options.warmupMs, COMPILING_MS) };
  return await withPairs(contenders, options, async (pairs) => {
    const reports: CaseReport[] = [];
    for (const direction of ["download", "upload"] as const) {
      const samples = await compareStreams(pairs, warm, direction);
      reports.push(report(`stream-1k-${direction}`, `one stream of messages of 1 KB, ${WORDS[direction]}`, KB, samples, promised));
    }
    return reports;
  });
}

async function large(options: RunOptions): Promise<CaseReport> {
  const contenders = [inNode(US, MB), inNode(LOOPS, MB), inNode("raw-stream", MB), inNode("grpc-js", MB), grpcGo(MB)];
  const promised = [{ against: "a raw socket", names: ["raw-stream"], wanted: 0.6 }];
  return await withPairs(contenders, options, async (pairs) => {
    const samples = await compareStreams(pairs, { ...options, durationMs: LARGE_SHARE * options.durationMs }, "blocks");
    return report("stream-1m", `one stream of messages of 1 MB, ${WORDS.blocks}`, MB, samples, promised);
  });
}

const WORDS: Readonly<Record<Direction, string>> = {
  download: "server to client",
  blocks: "bytes, server to client",
  upload: "client to server",
};

async function compareStreams(pairs: ReadonlyMap<string, Pair>, options: RunOptions, direction: Direction): Promise<Samples> {
  return await compare(pairs, options, (pair, durationMs) => pair.stream(direction, durationMs));
}

function report(name: string, title: string, bytes: number, samples: Samples, promised: readonly Promised[]): CaseReport {
  const rows = rowsOf(samples, US, speed).map(({ who, values }) => ({
    who,
    values: { ...values, gigabytesPerSecond: ((values["callsPerSecond"] ?? 0) * bytes) / GB },
  }));
  return {
    name,
    title,
    columns: COLUMNS,
    rows,
    targets: promised.flatMap((each) => targetOf(each, "messages/s", "at least", US, samples, speed)),
  };
}

/** What a stream costs that has carried one message each way and then waits, at both ends. */
async function idle(options: RunOptions): Promise<CaseReport> {
  return await withPairs([inNode(US), inNode("grpc-js"), grpcGo()], options, async (pairs) => {
    const rows: CaseReport["rows"][number][] = [];
    for (const [who, pair] of pairs) {
      await pair.hold(FIRST_STREAMS);
      const [server, client] = [await pair.serverMemory(), await pair.clientMemory()];
      await pair.hold(IDLE_STREAMS - FIRST_STREAMS);
      const [fullServer, fullClient] = [await pair.serverMemory(), await pair.clientMemory()];
      const each = (full: number, before: number): number => (full - before) / (IDLE_STREAMS - FIRST_STREAMS) / KB;
      rows.push({
        who,
        values: {
          serverHeapKb: each(fullServer.heapBytes, server.heapBytes),
          clientHeapKb: each(fullClient.heapBytes, client.heapBytes),
          serverResidentKb: each(fullServer.residentBytes, server.residentBytes),
          clientResidentKb: each(fullClient.residentBytes, client.residentBytes),
        },
      });
    }
    const ours = rows[0]?.values ?? {};
    const target = (end: "server" | "client"): Target => ({
      what: `heap of an idle stream at the ${end}`,
      bound: "at most",
      wanted: 2,
      got: rangeOf([ours[`${end}HeapKb`] ?? Number.NaN]),
      unit: "KB",
    });
    return {
      name: "stream-idle",
      title: `${IDLE_STREAMS.toLocaleString("en")} streams on one connection that wait: each of all but the first ${FIRST_STREAMS.toLocaleString("en")}`,
      columns: {
        serverHeapKb: "server heap KB each",
        clientHeapKb: "client heap KB each",
        serverResidentKb: "server resident KB each",
        clientResidentKb: "client resident KB each",
      },
      rows,
      targets: [target("server"), target("client")],
    };
  });
}

async function withPairs<T>(
  contenders: readonly Contender[],
  options: RunOptions,
  run: (pairs: ReadonlyMap<string, Pair>) => Promise<T>,
): Promise<T> {
  const pairs = await startAll(contenders, options);
  try {
    return await run(pairs);
  } finally {
    for (const pair of pairs.values()) await pair.stop();
  }
}
