/** `kiteline mock`: plays the services of IDL, answering by example or as it is told. */
import type { LogEvent } from "@kiteline/core";
import { addHealth, addReflection } from "@kiteline/grpc";
import { createServer, type Server } from "kiteline";
import { requirePositionals, type Args } from "./args.ts";
import type { Command, Context } from "./command.ts";
import { EXIT, Failure, type ExitCode } from "./failure.ts";
import { IDL_OPTIONS } from "./idl.ts";
import { readJsonFile } from "./json-input.ts";
import { checkAnswers } from "./mock/check-answers.ts";
import { mockHandler, type MockHandler } from "./mock/handler.ts";
import { readReplies, type Answer } from "./mock/replies.ts";
import { CallReport } from "./mock/report.ts";
import { counted, type Printer } from "./printer.ts";
import { methodsOf, type FoundMethod } from "./services/service.ts";
import { loadServices } from "./services/services.ts";

const DEFAULT_PORT = 8888;

export const mock: Command = {
  name: "mock",
  summary: "Play a service: answer by example.",
  usage: "--idl FILE [--port N] [--reply FILE]",
  description: [
    "Serves every service of the IDL. A reply has what the request has under the same name and of the",
    "same type (an argument, or a field of an argument that is a struct); all else is the IDL's default,",
    "or zero. A stream gets a reply to each request. Speaks every protocol that a Kiteline server speaks,",
    "of .proto also health and reflection. Prints a line per call; Ctrl-C ends it.",
    "",
    "--reply FILE says what to answer instead: an object by method, each value an answer or a list of",
    "answers given in turn. An answer is an object of",
    "  reply      the result; fields it leaves out are those of the example",
    "  replies    of a stream: all its replies, before what follows",
    "  exception  {NAME: {...}}, an exception by its name in throws",
    "  business   {status, message, extra}, a business status",
    "  error      {code, message}, a failed call",
    "  delayMs    how long to wait before the answer, of a stream before each reply",
    '  {"Echo.echo": [{"reply": {"msg": "hi"}, "delayMs": 20}, {"error": {"code": "unavailable"}}]}',
  ],
  options: [
    ...IDL_OPTIONS,
    { name: "port", value: "N", help: `Where to listen; 0 takes a free one. Defaults to ${DEFAULT_PORT}.` },
    { name: "host", value: "ADDRESS", help: "On which address. Defaults to 127.0.0.1; 0.0.0.0 is all." },
    { name: "reply", value: "FILE", completes: "file", help: "What to answer, as JSON." },
  ],
  examples: [
    "mock --idl echo.thrift --port 8888",
    "mock --idl echo.thrift --idl greeter.proto",
    "mock --idl echo.thrift --reply answers.json",
  ],
  run: runMock,
};

async function runMock(args: Args, { io, printer }: Context): Promise<ExitCode> {
  requirePositionals(args, []);
  const port = args.number("port", 0, 65_535) ?? DEFAULT_PORT;
  const host = args.text("host");
  const { services, origins } = await loadServices(args, io);
  const methods = methodsOf(services, origins);
  const path = args.text("reply");
  const names = [...methods.keys()];
  const mocked = new Map([...methods].map(([name, { method }]) => [name, method]));
  const replies = path === undefined ? new Map<string, readonly Answer[]>() : readReplies(readJsonFile(path, io), path, mocked);
  await checkAnswers(methods, replies, path ?? "");

  // Before listening, so that an early Ctrl-C is not lost.
  const stop = io.stop();
  const server = createServer({ log: (event) => note(event, printer) });
  await addServices(server, methods, replies, printer);
  addToolServices(server);
  const address = await listen(server, host, port);
  printer.result(`listening on ${printer.paint.bold(address)}\nserving ${names.join(", ")}`, {
    type: "listening",
    address,
    methods: names,
  });
  await new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener("abort", () => resolve(), { once: true });
  });
  await server.close();
  const { started } = server.counters;
  printer.result(`stopped after ${counted(started, "call")}`, { type: "stopped", calls: started });
  return EXIT.ok;
}

/** What the server says beside its calls, such as of a peer that sent rubbish. */
function note({ level, message, peer, error }: LogEvent, printer: Printer): void {
  if (level === "debug") return;
  const reason = error instanceof Error ? error.message : error === undefined ? undefined : String(error);
  const text = [message, ...(peer === undefined ? [] : [` (${peer})`]), ...(reason === undefined ? [] : [`: ${reason}`])].join("");
  printer.note(printer.paintNotes.yellow(text), { type: "log", level, message, peer, error: reason });
}

async function listen(server: Server, host: string | undefined, port: number): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    if (error instanceof Error)
      throw new Failure(EXIT.input, "invalid_input", error.message, { hints: ["--port 0 takes a free port"], cause: error });
    throw error;
  }
}

async function addServices(
  server: Server,
  methods: ReadonlyMap<string, FoundMethod>,
  replies: ReadonlyMap<string, readonly Answer[]>,
  printer: Printer,
): Promise<void> {
  for (const service of new Set([...methods.values()].map((each) => each.service))) {
    const description = await service.describe();
    const handlers: Record<string, MockHandler> = {};
    for (const [stub, { fullName }] of Object.entries(description.methods)) {
      const found = methods.get(fullName);
      if (found === undefined) throw new Error(`${fullName} is served but not in the IDL`);
      handlers[stub] = mockHandler(found.method, replies.get(fullName) ?? [], (call) => new CallReport(found.method, call, printer));
    }
    server.add(description, handlers);
  }
}

/** What tools ask of servers of Protobuf, where the IDL is not about that itself. */
function addToolServices(server: Server): void {
  if (!server.services.some((each) => "file" in each) || server.services.some(({ name }) => name.startsWith("grpc."))) return;
  addHealth(server);
  addReflection(server);
}
