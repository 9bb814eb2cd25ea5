/** Metadata of a call: what the command line says is sent, and what came back. */
import { Metadata, type CallInfo } from "@kiteline/core";
import { withLane } from "@kiteline/lanes";
import type { Args, OptionSpec } from "../args.ts";
import { usage } from "../failure.ts";
import type { Printer } from "../printer.ts";

export const METADATA_OPTIONS: readonly OptionSpec[] = [
  { name: "metadata", value: "KEY=VALUE", multiple: true, help: "Send metadata to the server called; for a -bin key in base64 (repeat)." },
  { name: "persistent", value: "KEY=VALUE", multiple: true, help: "Send metadata that all further hops get, too (repeat)." },
  { name: "lane", value: "LANE", help: "Send the call into a lane." },
];

/** The metadata to send. Throws a usage failure where the protocol carries none. */
export function readMetadata(args: Args): Metadata {
  const metadata = new Metadata();
  try {
    for (const [key, value] of args.pairs("metadata")) metadata.append(key, valueFor(key, value), "transient");
    for (const [key, value] of args.pairs("persistent")) metadata.append(key, valueFor(key, value), "persistent");
    const lane = args.text("lane");
    const all = lane === undefined ? metadata : withLane(metadata, lane);
    const protocol = args.text("protocol");
    if (all.size > 0 && (protocol === "framed" || protocol === "buffered")) {
      throw usage(`the protocol ${protocol} carries no metadata and no lane`, "leave them out, or use --protocol ttheader");
    }
    return all;
  } catch (error) {
    if (error instanceof TypeError) throw usage(error.message);
    throw error;
  }
}

/** Bytes go under keys that end in `-bin`; on a command line they are base64. */
function valueFor(key: string, value: string): string | Uint8Array {
  return key.toLowerCase().endsWith("-bin") ? Buffer.from(value, "base64") : value;
}

/** What came before the reply, and what came after it. */
export function printReplyMetadata({ reply, trailers }: CallInfo, printer: Printer): void {
  const { cyan, dim } = printer.paintNotes;
  const entries = shown(reply);
  const after = shown(trailers);
  const lines = [
    ...entries.map(({ name, value, scope }) => `${cyan(name)}: ${value} ${dim(`(${scope})`)}`),
    ...after.map(({ name, value }) => `${cyan(name)}: ${value} ${dim("(trailer)")}`),
  ];
  printer.note(lines.length === 0 ? dim("the reply has no metadata") : lines.join("\n"), {
    type: "metadata",
    entries,
    ...(after.length === 0 ? {} : { trailers: after }),
  });
}

function shown(metadata: Metadata): { name: string; value: string; scope: string }[] {
  return metadata
    .entries()
    .map(({ name, value, scope }) => ({ name, value: typeof value === "string" ? value : Buffer.from(value).toString("base64"), scope }));
}
