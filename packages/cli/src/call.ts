/** `kiteline call`: one call to a method that an IDL describes, JSON in and JSON out. */
import { CallInfo, Metadata } from "@kiteline/core";
import { withLane } from "@kiteline/lanes";
import { genericService, type idl, type GenericClient } from "@kiteline/thrift";
import { createClient, type Client, type ProtocolName } from "kiteline";
import { requirePositionals, type Args } from "./args.ts";
import { callFailure } from "./call/call-failure.ts";
import { CodecTimes } from "./call/codec-times.ts";
import { phasesOf, timingJson, timingText } from "./call/timing.ts";
import { readTls, TLS_OPTIONS } from "./call/tls.ts";
import type { Command, Context } from "./command.ts";
import { exampleArguments } from "./example.ts";
import { EXIT, type Failure, invalidInput, usage, type ExitCode } from "./failure.ts";
import { findFunction, IDL_OPTIONS, loadIdlOption } from "./idl.ts";
import { GENERIC } from "./generic.ts";
import type { Io } from "./io.ts";
import { readJsonArgument } from "./json-input.ts";
import { toJson, type Printer } from "./printer.ts";

const PROTOCOLS: readonly ProtocolName[] = ["ttheader", "ttheader-framed", "framed", "buffered"];
const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_TIMEOUT_MS = 2_147_483_647;

export const call: Command = {
  name: "call",
  summary: "Call a method and print its result.",
  usage: "TARGET SERVICE.METHOD [JSON] --idl FILE",
  description: [
    "Calls a method that the IDL describes and prints its result as JSON.",
    "",
    "TARGET is HOST:PORT or unix:PATH. JSON is an object of the arguments by name, @FILE for a file",
    "that holds it, or - for standard input. In JSON, 64-bit integers are strings (numbers are taken,",
    "too), binary is base64, an enum is a number (names are taken), a union has its one member.",
    "",
    "On a terminal, and with --timing, a line on stderr says where the time went: connecting, the TLS",
    "handshake, waiting for all else, encoding, the wire and the server together, decoding.",
  ],
  options: [
    ...IDL_OPTIONS,
    { name: "protocol", value: "NAME", choices: PROTOCOLS, help: `${PROTOCOLS.join(", ")}. Defaults to ttheader.` },
    { name: "payload", value: "NAME", choices: ["binary", "compact"], help: "binary or compact. Defaults to binary." },
    { name: "metadata", value: "KEY=VALUE", multiple: true, help: "Send metadata to the server called (repeat)." },
    { name: "persistent", value: "KEY=VALUE", multiple: true, help: "Send metadata that all further hops get, too (repeat)." },
    { name: "lane", value: "LANE", help: "Send the call into a lane." },
    ...TLS_OPTIONS,
    { name: "timeout", value: "MS", help: `Give up after this many milliseconds. Defaults to ${DEFAULT_TIMEOUT_MS}.` },
    { name: "timing", help: "Say where the time went, phase by phase." },
    { name: "verbose", short: "v", help: "Show the metadata of the reply, too." },
  ],
  examples: [
    `call 127.0.0.1:8888 Echo.echo '{"req": {"msg": "hi"}}' --idl echo.thrift`,
    "call unix:/tmp/echo.sock Echo.echo @request.json --idl echo.thrift --protocol framed",
    "call reviews:9443 Reviews.list --idl reviews.thrift --ca authority.pem --timing",
    "call reviews:9080 Reviews.list - --idl reviews.thrift --lane dev --timeout 500 < request.json",
  ],
  run: runCall,
};

async function runCall(args: Args, { io, printer }: Context): Promise<ExitCode> {
  const [target = "", name = "", json] = requirePositionals(args, ["TARGET", "SERVICE.METHOD", "[JSON]"]);
  const metadata = metadataOf(args);
  const tls = readTls(args, io);
  const timeoutMs = args.number("timeout", 1, MAX_TIMEOUT_MS) ?? DEFAULT_TIMEOUT_MS;
  const documents = await loadIdlOption(args, io);
  const found = findFunction(documents, name);
  const example = `${name} takes ${toJson(exampleArguments(found.function.arguments))}`;
  const request = await readRequest(json, found.function, name, example, io);

  const generic = await genericService(documents, found.service.name, GENERIC);
  const times = new CodecTimes();
  const description = { ...generic, methods: times.measure(generic.methods) };
  const [stub = ""] = Object.entries(description.methods).find(([, method]) => method.name === found.function.name) ?? [];
  const client = connect(() =>
    createClient(description, {
      target,
      tls,
      protocol: args.choice<ProtocolName>("protocol"),
      payload: args.choice<"binary" | "compact">("payload"),
      name: "kiteline-cli",
      // What goes wrong with this one call is told by the call.
      log: () => undefined,
    }),
  );
  const info = new CallInfo();
  let failure: Failure | undefined;
  try {
    const reply = await method(client, stub)(request, { timeoutMs, metadata, info, signal: io.stop() });
    printResult(reply, printer);
  } catch (error) {
    failure = callFailure(error, name, example);
  }
  // Also for a call that failed: that is when one asks where the time went.
  if (args.flag("timing") || printer.notesAreRead) {
    const phases = phasesOf(info, times);
    printer.note(printer.paintNotes.dim(timingText(info, phases, failure !== undefined)), timingJson(info, phases));
  }
  if (args.flag("verbose")) printReplyMetadata(info.reply, printer);
  await client.close();
  if (failure !== undefined) throw failure;
  return EXIT.ok;
}

function method(client: Client<GenericClient>, stub: string): GenericClient[string] {
  const found = (client as GenericClient)[stub];
  if (found === undefined) throw new Error(`the client has no ${stub}`);
  return found;
}

/** The metadata to send. Throws a usage failure where the protocol carries none. */
function metadataOf(args: Args): Metadata {
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

/** The request as JSON: checked to be an object, so that what follows can speak of its fields. */
async function readRequest(json: string | undefined, method: idl.ServiceFunction, name: string, example: string, io: Io): Promise<string> {
  if (method.kind !== "unary" && method.kind !== "oneway")
    throw usage(`${name} is a streaming method (${method.kind}); call takes unary and oneway ones`);
  if (json === undefined) {
    if (method.arguments.length === 0) return "{}";
    throw usage("expected JSON, an object of the arguments by name, got none", example);
  }
  const request = await readJsonArgument(json, io);
  if (typeof request !== "object" || request === null || Array.isArray(request)) {
    throw invalidInput(`expected an object of the arguments by name, got ${toJson(request)}`, { hints: [example] });
  }
  return toJson(request);
}

function connect(make: () => Client<GenericClient>): Client<GenericClient> {
  try {
    return make();
  } catch (error) {
    // What createClient refuses here is what the user typed.
    if (error instanceof TypeError || error instanceof RangeError) throw usage(error.message);
    throw error;
  }
}

function printResult(reply: unknown, printer: Printer): void {
  const value: unknown = typeof reply === "string" ? JSON.parse(reply) : null;
  printer.result(toJson(value, 2), value);
}

function printReplyMetadata(reply: Metadata, printer: Printer): void {
  const { cyan, dim } = printer.paintNotes;
  const shown = reply
    .entries()
    .map(({ name, value, scope }) => ({ name, value: typeof value === "string" ? value : Buffer.from(value).toString("base64"), scope }));
  const lines = shown.map(({ name, value, scope }) => `${cyan(name)}: ${value} ${dim(`(${scope})`)}`);
  printer.note(lines.length === 0 ? dim("the reply has no metadata") : lines.join("\n"), { type: "metadata", entries: shown });
}
