/** `kiteline call`: one call to a method that an IDL or the server itself describes, JSON in and JSON out. */
import { CallInfo, type CallOptions } from "@kiteline/core";
import { controlOf, type ClientOptions } from "kiteline";
import { requirePositionals, type Args } from "./args.ts";
import { callFailure } from "./call/call-failure.ts";
import { CodecTimes } from "./call/codec-times.ts";
import { connect, CONNECTION_OPTIONS, readConnection } from "./call/connection.ts";
import { findService, printService, printServices } from "./call/list.ts";
import { METADATA_OPTIONS, printReplyMetadata, readMetadata } from "./call/metadata.ts";
import { exampleText, readRequest } from "./call/request.ts";
import { phasesOf, timingJson, timingText } from "./call/timing.ts";
import type { Command, Context } from "./command.ts";
import { EXIT, type Failure, type ExitCode } from "./failure.ts";
import { IDL_OPTIONS } from "./idl.ts";
import { toJson, type Printer } from "./printer.ts";
import { reflectServices } from "./services/reflection.ts";
import {
  findMethod,
  methodsOf,
  noSuchMethod,
  streamsReplies,
  streamsRequests,
  type FoundMethod,
  type JsonClient,
} from "./services/service.ts";
import { loadServices, type Services } from "./services/services.ts";

const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_TIMEOUT_MS = 2_147_483_647;

export const call: Command = {
  name: "call",
  summary: "Call a method and print its result, or list what can be called.",
  usage: "TARGET [SERVICE.METHOD | SERVICE | TYPE] [JSON...] [--idl FILE]",
  description: [
    "Calls a method and prints its result as JSON. The method is described by the IDL, Thrift or .proto;",
    "without --idl the server is asked, by gRPC's reflection. Without a method, shows the services and",
    "their methods; of a service, also a request by example for each; of a type, what it is made of.",
    "",
    "TARGET is HOST:PORT or unix:PATH. The service's package may be left out. JSON is, for Thrift, an",
    "object of the arguments by name, for Protobuf the message; @FILE for a file that holds it, or - for",
    "standard input. Without any the message of Protobuf is empty. Of Thrift, 64-bit integers are strings",
    "(numbers are taken, too), binary is base64, an enum is a number (names are taken), a union has its one",
    "member. Of Protobuf, all is as ProtoJSON.",
    "",
    "A method that streams its requests takes as many values as there are, from files and standard input",
    "as they come; replies that stream are printed as they come, one a line.",
    "",
    "On a terminal, and with --timing, a line on stderr says where the time went: connecting, the TLS",
    "handshake, waiting for all else, encoding, the wire and the server together, decoding.",
  ],
  options: [
    ...IDL_OPTIONS,
    ...CONNECTION_OPTIONS,
    ...METADATA_OPTIONS,
    {
      name: "timeout",
      value: "MS",
      help: `Give up after this many milliseconds. Defaults to ${DEFAULT_TIMEOUT_MS}; streams have no limit.`,
    },
    { name: "timing", help: "Say where the time went, phase by phase." },
    { name: "verbose", short: "v", help: "Show the metadata of the reply, too." },
  ],
  examples: [
    `call 127.0.0.1:8888 Echo.echo '{"req": {"msg": "hi"}}' --idl echo.thrift`,
    "call 127.0.0.1:50051                                   # what does it serve?",
    `call 127.0.0.1:50051 Greeter.SayHello '{"name": "you"}'`,
    "call 127.0.0.1:50051 Greeter.Chat - --idl greeter.proto < messages.ndjson",
    "call unix:/tmp/echo.sock Echo.echo @request.json --idl echo.thrift --protocol framed",
    "call reviews:9443 Reviews.list --idl reviews.thrift --ca authority.pem --timing",
    "call reviews:9080 Reviews.list - --idl reviews.thrift --lane dev --timeout 500 < request.json",
  ],
  run: runCall,
};

async function runCall(args: Args, context: Context): Promise<ExitCode> {
  const { io, printer } = context;
  const [target = "", name, ...given] = requirePositionals(args, ["TARGET", "[SERVICE.METHOD | SERVICE | TYPE]", "[JSON]..."]);
  const metadata = readMetadata(args);
  const connection = readConnection(args, target, io);
  const timeoutMs = args.number("timeout", 1, MAX_TIMEOUT_MS);
  const options = { timeoutMs, metadata, signal: io.stop() };
  const described: Services =
    args.list("idl").length > 0
      ? await loadServices(args, io)
      : await reflectServices(connection, name, { ...options, timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS });
  if (name === undefined) {
    printServices(described.services, printer);
    return EXIT.ok;
  }
  const service = findService(described.services, name);
  if (service !== undefined) {
    printService(service, printer);
    return EXIT.ok;
  }
  const methods = methodsOf(described.services, described.origins);
  const found = findMethod(methods, name);
  const type = found === undefined && given.length === 0 ? described.typeText(name) : undefined;
  if (type !== undefined) {
    printer.result(type, { type });
    return EXIT.ok;
  }
  if (found === undefined) throw noSuchMethod(methods, name, described.where);
  return callMethod(found, given, described, connection, options, args, context);
}

async function callMethod(
  { service, method }: FoundMethod,
  given: readonly string[],
  { registry }: Services,
  connection: ClientOptions,
  options: CallOptions,
  args: Args,
  { io, printer }: Context,
): Promise<ExitCode> {
  const ended = new AbortController();
  const request = await readRequest(method, given, io, ended.signal);
  const generic = await service.describe();
  const times = new CodecTimes();
  const description = { ...generic, methods: times.measure(generic.methods) };
  const [stub = ""] = Object.entries(description.methods).find(([, each]) => each.name === method.name) ?? [];
  const client = connect(description, connection);
  const info = new CallInfo();
  const guessed = given.length === 0 && toJson(method.exampleRequest()) !== "{}";
  const streams = streamsRequests(method) || streamsReplies(method);
  const timeoutMs = options.timeoutMs ?? (streams ? undefined : DEFAULT_TIMEOUT_MS);
  let failure: Failure | undefined;
  try {
    const reply = stubOf(client, stub)(request, { ...options, timeoutMs, info });
    if (streamsReplies(method)) for await (const each of reply as AsyncIterable<unknown>) printReply(each, 0, printer);
    else printReply(await reply, 2, printer);
  } catch (error) {
    failure = callFailure(error, { method: method.fullName, example: exampleText(method), guessed, registry });
  }
  ended.abort();
  // Also for a call that failed: that is when one asks where the time went.
  if (args.flag("timing") || printer.notesAreRead) {
    const phases = phasesOf(info, times);
    printer.note(printer.paintNotes.dim(timingText(info, phases, failure !== undefined)), timingJson(info, phases));
  }
  if (args.flag("verbose")) printReplyMetadata(info, printer);
  await controlOf(client).close(); // the service may have a method close of its own
  if (failure !== undefined) throw failure;
  return EXIT.ok;
}

function stubOf(client: object, stub: string): JsonClient[string] {
  const found = (client as JsonClient)[stub];
  if (found === undefined) throw new Error(`the client has no ${stub}`);
  return found;
}

function printReply(reply: unknown, indent: number, printer: Printer): void {
  const value: unknown = typeof reply === "string" ? JSON.parse(reply) : null;
  printer.result(toJson(value, indent), value);
}
