/**
 * Golden vectors of TTHeader streaming: what Kitex's client and server said to each other, frame by frame. Run by itself it writes
 * `packages/ttheader/test/kitex-streams.json`; the programs have to have been built.
 */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { KitexClient } from "./kitex-client.ts";
import { KitexServer } from "./kitex-server.ts";
import type { StreamOrder, StreamOutcome } from "./streams.ts";

export const RECORDED_IN: string = join(import.meta.dirname, "../../packages/ttheader/test/kitex-streams.json");

const ABOUT =
  "Made by interop/kitex/record-streams.ts: streams of the service in the IDL within, from Kitex v0.16.2 to itself. Each conversation is one " +
  "connection; `client` and `server` are the frames that each wrote, in their order. `hex` is what Kitex wrote, the rest is what it means: " +
  "`strings` and `integers` are the two sections of the header, `payload` is hex too.";

export interface RecordedFrame {
  readonly hex: string;
  readonly flags: number;
  readonly streamId: number;
  readonly protocolId: number;
  readonly strings: Readonly<Record<string, string>>;
  readonly integers: Readonly<Record<string, string>>;
  readonly payload: string;
}

export interface Conversation {
  readonly name: string;
  readonly order: StreamOrder;
  readonly outcome: StreamOutcome;
  readonly client: readonly RecordedFrame[];
  readonly server: readonly RecordedFrame[];
}

const ORDERS: Readonly<Record<string, StreamOrder>> = {
  "client streaming": { method: "collect", send: [item("a", 1), item("b", 2)] },
  "client streaming of nothing": { method: "collect", send: [] },
  "server streaming": { method: "expand", send: [item("a", 2)] },
  "server streaming of nothing": { method: "expand", send: [item("a", 0)] },
  "both ways in turns": { method: "chat", send: [item("é 漢 😀", 1), item("", -1)], inTurns: true },
  "metadata of the request": { method: "chat", send: [item("a", 1)], persistent: { USER_ID: "7" }, transient: { HOP: "h" } },
  "header of the reply": { method: "chat", send: [{ ...item("header", 1), extra: { KEY: "v" } }] },
  "trailer of the reply": { method: "chat", send: [{ ...item("trailer", 1), extra: { KEY: "v" } }] },
  "business error": { method: "chat", send: [item("business", 1)], inTurns: true },
  "failed handler": { method: "expand", send: [item("error", 1)] },
  "ended early by the server": { method: "chat", send: [item("stop", 1)], inTurns: true },
  // The server waits with its second answer until it is given up.
  "cancelled by the client": { method: "chat", send: [item("a", 1), item("wait:", 2)], inTurns: true, cancelAfter: 1 },
};

export async function recordStreams(): Promise<Conversation[]> {
  await using server = await KitexServer.start();
  const conversations: Conversation[] = [];
  for (const [name, order] of Object.entries(ORDERS)) {
    await using recorder = await Recorder.start(server.address);
    await using client = new KitexClient(recorder.address, { protocol: "ttheader_streaming", connection: "pooled" });
    const outcome = await client.stream("Streams", order);
    // Both may have more to say after the client has its answer: after a cancellation they do.
    const said = await recorder.finish();
    conversations.push({ name, order, outcome, ...said });
  }
  return conversations;
}

function item(text: string, number: number): { text: string; number: number } {
  return { text, number };
}

/** How long both sides have to be silent before a conversation counts as ended. */
const SILENCE_MS = 100;

/** A proxy that remembers what passes. */
class Recorder implements AsyncDisposable {
  readonly #server = createServer((inward) => this.#onConnection(inward));
  readonly #target: string;
  readonly #sockets: Socket[] = [];
  readonly #said: { client: Buffer[]; server: Buffer[] } = { client: [], server: [] };
  #lastMs = performance.now();

  private constructor(target: string) {
    this.#target = target;
  }

  static async start(target: string): Promise<Recorder> {
    const recorder = new Recorder(target);
    recorder.#server.listen(0, "127.0.0.1");
    await once(recorder.#server, "listening");
    return recorder;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async finish(): Promise<{ client: RecordedFrame[]; server: RecordedFrame[] }> {
    while (performance.now() - this.#lastMs < SILENCE_MS) await new Promise((resolve) => setTimeout(resolve, SILENCE_MS / 4));
    return { client: framesOf(Buffer.concat(this.#said.client)), server: framesOf(Buffer.concat(this.#said.server)) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #onConnection(inward: Socket): void {
    const [host = "", port] = this.#target.split(":");
    const outward = connect(Number(port), host);
    this.#sockets.push(inward, outward);
    this.#pass(inward, outward, this.#said.client);
    this.#pass(outward, inward, this.#said.server);
  }

  #pass(from: Socket, to: Socket, said: Buffer[]): void {
    from.on("data", (chunk: Buffer) => {
      this.#lastMs = performance.now();
      said.push(chunk);
      to.write(chunk);
    });
    from.on("close", () => to.destroy());
    // What an error ends, close says too.
    from.on("error", () => {});
  }
}

const LENGTH_BYTES = 4;
const STRINGS = 0x01;
const INTEGERS = 0x10;

/** Splits and reads frames in the plainest way, so that nothing is shared with what is tested by them. */
function framesOf(bytes: Buffer): RecordedFrame[] {
  const frames: RecordedFrame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + LENGTH_BYTES + bytes.readUInt32BE(at);
    frames.push(readFrame(bytes.subarray(at, end)));
    at = end;
  }
  return frames;
}

function readFrame(frame: Buffer): RecordedFrame {
  const headerEnd = 14 + 4 * frame.readUInt16BE(12);
  const strings: Record<string, string> = {};
  const integers: Record<string, string> = {};
  let at = 16;
  const readText = (): string => {
    const start = at + 2;
    at = start + frame.readUInt16BE(at);
    return frame.toString("utf8", start, at);
  };
  while (at < headerEnd) {
    const section = frame.readUInt8(at);
    at += 1;
    if (section !== STRINGS && section !== INTEGERS) continue;
    let left = frame.readUInt16BE(at);
    at += 2;
    for (; left > 0; left -= 1) {
      if (section === STRINGS) {
        const key = readText();
        strings[key] = readText();
      } else {
        at += 2;
        integers[frame.readUInt16BE(at - 2)] = readText();
      }
    }
  }
  return {
    hex: frame.toString("hex"),
    flags: frame.readUInt16BE(6),
    streamId: frame.readInt32BE(8),
    protocolId: frame.readUInt8(14),
    strings: sorted(strings),
    integers: sorted(integers),
    payload: frame.toString("hex", headerEnd),
  };
}

function sorted(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (import.meta.main) {
  const idl = readFileSync(join(import.meta.dirname, "idl/streams.thrift"), "utf8");
  const recorded = { about: ABOUT, idl: { "streams.thrift": idl }, conversations: await recordStreams() };
  writeFileSync(RECORDED_IN, `${JSON.stringify(recorded, undefined, 1)}\n`);
}
