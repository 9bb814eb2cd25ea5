/**
 * One end of a peer in a process of its own: `server PEER`, or `client PEER HOST:PORT CONNECTIONS BYTES`. Says `{"ready": …}`, then
 * answers each line of standard input, one question, by one line, and ends with standard input.
 */
import { createInterface } from "node:readline";
import { closedLoop, openLoop, streamLoad } from "./drive.ts";
import { parseLoopback } from "./loopback.ts";
import type { EchoCaller, StreamCaller } from "./peer.ts";
import { loadPeer } from "./peers.ts";
import { liveHeapBytes, usage } from "./usage.ts";

export type Question =
  | { readonly ask: "usage" }
  | { readonly ask: "memory" }
  | { readonly ask: "closed"; readonly callers: number; readonly durationMs: number }
  | { readonly ask: "open"; readonly callsPerSecond: number; readonly durationMs: number }
  | { readonly ask: "download" | "blocks" | "upload"; readonly durationMs: number }
  | { readonly ask: "hold" | "cut"; readonly streams: number };

/** In bytes, after everything that can be collected has been. */
export interface Memory {
  readonly heapBytes: number;
  readonly residentBytes: number;
}

if (import.meta.main) {
  const [role, name = "", target = "", connections = "1", bytes = "1024"] = process.argv.slice(2);
  if (role === "server") await answer((question) => askProcess(question), await (await loadPeer(name)).serve(0));
  else {
    const peer = await loadPeer(name);
    const caller = await peer.connect({ ...parseLoopback(target), connections: Number(connections), bytes: Number(bytes) });
    await answer((question) => askCaller(caller, question), target);
  }
  process.exit(0);
}

async function askCaller(caller: EchoCaller, question: Question): Promise<object> {
  switch (question.ask) {
    case "closed":
      return await closedLoop(caller, question.callers, question.durationMs);
    case "open":
      return await openLoop(caller, question.callsPerSecond, question.durationMs);
    case "download":
    case "blocks":
    case "upload": {
      const streams = streamsOf(caller);
      return await streamLoad((durationMs) => streams[question.ask](durationMs), question.durationMs);
    }
    case "hold":
      await streamsOf(caller).hold(question.streams);
      return { held: question.streams };
    case "cut":
      if (caller.cut === undefined) throw new Error("this peer does not cut streams");
      await caller.cut(question.streams);
      return { cut: question.streams };
    default:
      return askProcess(question);
  }
}

function streamsOf({ streams }: EchoCaller): StreamCaller {
  if (streams === undefined) throw new Error("this peer does not stream");
  return streams;
}

function askProcess(question: Question): object {
  if (question.ask === "usage") return usage();
  if (question.ask === "memory") {
    const heapBytes = liveHeapBytes();
    return { heapBytes, residentBytes: process.memoryUsage.rss() } satisfies Memory;
  }
  throw new Error(`a server cannot answer "${question.ask}"`);
}

async function answer(how: (question: Question) => object | Promise<object>, ready: string): Promise<void> {
  console.log(JSON.stringify({ ready }));
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await how(JSON.parse(line) as Question)));
  }
}
