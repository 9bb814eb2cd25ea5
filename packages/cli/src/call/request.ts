/** The request of a call: one JSON value, or as many as a stream takes. */
import { invalidInput, usage } from "../failure.ts";
import type { Io } from "../io.ts";
import { readJsonArgument, readJsonArguments } from "../json-input.ts";
import { toJson } from "../printer.ts";
import { streamsRequests, type IdlMethod } from "../services/service.ts";

/** What the method takes, for hints. */
export function exampleText(method: IdlMethod): string {
  return `${method.fullName} takes ${toJson(method.exampleRequest())}`;
}

/** JSON text, or an iterable of it. `until` is aborted when nothing is read any more. Throws a failure for what is no JSON. */
export async function readRequest(method: IdlMethod, given: readonly string[], io: Io, until: AbortSignal): Promise<unknown> {
  const [first, ...more] = given;
  if (streamsRequests(method)) {
    if (first === undefined) throw usage(`expected JSON, a value for each message, or - for standard input, got none`, exampleText(method));
    return readMessages(method, given, io, until);
  }
  if (more.length > 0) throw usage(`${method.fullName} takes one request, got ${given.length} values of JSON`);
  if (first !== undefined) return textOf(method, await readJsonArgument(first, io));
  if (method.takesNothing) return "{}";
  throw usage(`expected JSON, ${method.takes}, got none`, exampleText(method));
}

async function* readMessages(method: IdlMethod, given: readonly string[], io: Io, until: AbortSignal): AsyncGenerator<string> {
  for await (const value of readJsonArguments(given, io, until)) yield textOf(method, value);
}

/** Checked to be an object where nothing else can be right, so that what follows can speak of its fields. */
function textOf(method: IdlMethod, request: unknown): string {
  const isObject = typeof request === "object" && request !== null && !Array.isArray(request);
  if (method.takesObject && !isObject) {
    throw invalidInput(`expected ${method.takes}, got ${toJson(request)}`, { hints: [exampleText(method)] });
  }
  return toJson(request);
}
