/** `kiteline mock`: plays the services of an IDL, answering by example or as it is told. */
import { setTimeout } from "node:timers/promises";
import type { LogEvent, ServerCall } from "@kiteline/core";
import { genericService, type idl } from "@kiteline/thrift";
import { createServer, type Server } from "kiteline";
import { requirePositionals, type Args } from "./args.ts";
import { GENERIC } from "./generic.ts";
import { milliseconds, rounded } from "./call/timing.ts";
import type { Command, Context } from "./command.ts";
import { EXIT, Failure, type ExitCode } from "./failure.ts";
import { functionsOfServices, IDL_OPTIONS, loadIdlOption, type FoundFunction } from "./idl.ts";
import { readJsonFile } from "./json-input.ts";
import { checkAnswers } from "./mock/check-answers.ts";
import { respond } from "./mock/respond.ts";
import { readReplies, type Answer, type MockedMethod } from "./mock/replies.ts";
import { counted, toJson, type Printer } from "./printer.ts";

const DEFAULT_PORT = 8888;

export const mock: Command = {
  name: "mock",
  summary: "Play a service: answer by example.",
  usage: "--idl FILE [--port N] [--reply FILE]",
  description: [
    "Serves every service of the IDL. A reply has what the request has under the same name and of the",
    "same type (an argument, or a field of an argument that is a struct); all else is the IDL's default,",
    "or zero. Speaks every protocol that a Kiteline server speaks. Prints a line per call; Ctrl-C ends it.",
    "",
    "--reply FILE says what to answer instead: an object by method, each value an answer or a list of",
    "answers given in turn. An answer is an object of",
    "  reply      the result; fields it leaves out are those of the example",
    "  exception  {NAME: {...}}, an exception by its name in throws",
    "  business   {status, message, extra}, a business status",
    "  error      {code, message}, a failed call",
    "  delayMs    how long to wait before the answer",
    '  {"Echo.echo": [{"reply": {"msg": "hi"}, "delayMs": 20}, {"error": {"code": "unavailable"}}]}',
  ],
  options: [
    ...IDL_OPTIONS,
    { name: "port", value: "N", help: `Where to listen; 0 takes a free one. Defaults to ${DEFAULT_PORT}.` },
    { name: "host", value: "ADDRESS", help: "On which address. Defaults to 127.0.0.1; 0.0.0.0 is all." },
    { name: "reply", value: "FILE", completes: "file", help: "What to answer, as JSON." },
  ],
  examples: ["mock --idl echo.thrift --port 8888", "mock --idl echo.thrift --reply answers.json"],
  run: runMock,
};

async function runMock(args: Args, { io, printer }: Context): Promise<ExitCode> {
  requirePositionals(args, []);
  const port = args.number("port", 0, 65_535) ?? DEFAULT_PORT;
  const host = args.text("host");
  const documents = await loadIdlOption(args, io);
  const functions = functionsOfServices(documents);
  const path = args.text("reply");
  const names = [...functions.keys()];
  const replies =
    path === undefined ? new Map<string, readonly Answer[]>() : readReplies(readJsonFile(path, io), path, mockedMethods(functions));
  await checkAnswers(documents, functions, replies, path ?? "");

  // Before listening, so that an early Ctrl-C is not lost.
  const stop = io.stop();
  const server = createServer({ log: (event) => note(event, printer) });
  await addServices(server, documents, functions, replies, printer);
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

function mockedMethods(functions: ReadonlyMap<string, FoundFunction>): ReadonlyMap<string, MockedMethod> {
  const entries = [...functions].map(([name, { function: method }]) => {
    return [name, { throws: method.throws.map((field) => field.name), isVoid: method.returns === undefined }] as const;
  });
  return new Map(entries);
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
  documents: idl.DocumentSet,
  functions: ReadonlyMap<string, FoundFunction>,
  replies: ReadonlyMap<string, readonly Answer[]>,
  printer: Printer,
): Promise<void> {
  const services = new Set([...functions.values()].map((each) => each.service));
  for (const service of services) {
    const description = await genericService(documents, service.name, GENERIC);
    const handlers: Record<string, (request: string, call: ServerCall) => Promise<unknown>> = {};
    for (const [stub, method] of Object.entries(description.methods)) {
      const found = functions.get(method.fullName);
      if (found === undefined) throw new Error(`${method.fullName} is served but not in the IDL`);
      handlers[stub] = mocked(found.function, method.fullName, replies.get(method.fullName) ?? [], printer);
    }
    server.add(description, handlers);
  }
}

/** The handler of one method. */
function mocked(method: idl.ServiceFunction, name: string, answers: readonly Answer[], printer: Printer) {
  let count = 0;
  return async (request: string, call: ServerCall): Promise<unknown> => {
    const startMs = performance.now();
    const answer = answers[count++ % Math.max(1, answers.length)];
    if (answer !== undefined && answer.delayMs > 0) await sleep(answer.delayMs, call.signal);
    const values = JSON.parse(request) as Record<string, unknown>;
    const response = respond(method, values, answer);
    const ms = performance.now() - startMs;
    const { bold, green, red, dim } = printer.paint;
    const outcome = response.kind === "reply" ? green(toJson(response.shown)) : red(`${response.kind} ${toJson(response.shown)}`);
    printer.result(`${bold(name)} ${request} ${dim("->")} ${outcome} ${dim(`${milliseconds(ms)} ${call.peer}`)}`, {
      type: "call",
      method: name,
      peer: call.peer,
      request: values,
      [response.kind]: response.shown,
      ms: rounded(ms),
    });
    if (response.kind === "reply") return response.json;
    throw response.error;
  };
}

/** Waits, but no longer than the caller does. */
async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
