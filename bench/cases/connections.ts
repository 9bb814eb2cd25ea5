/** What an idle connection costs the server in resident memory. Each one has made one call first, as real ones have. */
import { connect, type Socket } from "node:net";
import { Child } from "../child.ts";
import { parseLoopback } from "../loopback.ts";
import type { Memory } from "../peer-process.ts";
import type { CaseReport } from "../report.ts";
import { rangeOf } from "../rounds.ts";
import type { RunOptions } from "./case.ts";

const CONNECTIONS = 1000;
/** Opened at once: fewer than a listener lets wait. */
const BATCH = 100;
const KB = 1024;

export async function connections({ cores }: RunOptions): Promise<CaseReport[]> {
  const { child, ready } = await Child.startNode("peer-process", ["server", "kiteline"], cores?.server);
  const open: Socket[] = [];
  try {
    // The first connections pay for what all later ones share.
    for (const socket of await openBatch(ready)) socket.destroy();
    const before = await child.ask<Memory>({ ask: "memory" });
    while (open.length < CONNECTIONS) open.push(...(await openBatch(ready)));
    const after = await child.ask<Memory>({ ask: "memory" });
    const residentKb = (after.residentBytes - before.residentBytes) / CONNECTIONS / KB;
    const heapKb = (after.heapBytes - before.heapBytes) / CONNECTIONS / KB;
    return [
      {
        name: "connections",
        title: `${CONNECTIONS} idle plaintext connections`,
        columns: { residentKb: "resident KB each", heapKb: "heap KB each" },
        rows: [{ who: "kiteline", values: { residentKb, heapKb } }],
        targets: [{ what: "resident memory of an idle connection", bound: "at most", wanted: 40, got: rangeOf([residentKb]), unit: "KB" }],
      },
    ];
  } finally {
    for (const socket of open) socket.destroy();
    await child.stop();
  }
}

async function openBatch(target: string): Promise<Socket[]> {
  return await Promise.all(Array.from({ length: BATCH }, () => openOne(target)));
}

/** Connects, calls once, and waits for the answer. */
async function openOne(target: string): Promise<Socket> {
  const socket = connect(parseLoopback(target));
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the server closed an idle connection")));
    socket.once("data", () => resolve());
    socket.write(framedCall());
  });
  return socket;
}

/** `echo` with two empty strings, framed. */
function framedCall(): Buffer {
  const message = Buffer.from(
    ["80010001", "00000004", "6563686f", "00000001", "0c0001", "0b0001", "00000000", "0b0002", "00000000", "00", "00"].join(""),
    "hex",
  );
  const frame = Buffer.alloc(4 + message.length);
  frame.writeUInt32BE(message.length);
  message.copy(frame, 4);
  return frame;
}
