/**
 * Whether told replies and exceptions fit the IDL: each is really sent once, to a client in this process, so that what is
 * wrong is known before anybody calls.
 */
import { RpcError } from "@kiteline/core";
import { createClient, createServer } from "kiteline";
import { invalidInput } from "../failure.ts";
import { toJson } from "../printer.ts";
import { streamsReplies, streamsRequests, type FoundMethod, type IdlMethod, type JsonClient } from "../services/service.ts";
import { mockHandler, type CallWatcher } from "./handler.ts";
import type { Answer } from "./replies.ts";

const NOBODY: CallWatcher = { asked: () => undefined, answered: () => undefined, ended: () => undefined };

/** Throws a failure that names the method and what does not fit. `path` is the file that tells. */
export async function checkAnswers(
  methods: ReadonlyMap<string, FoundMethod>,
  replies: ReadonlyMap<string, readonly Answer[]>,
  path: string,
): Promise<void> {
  for (const [name, answers] of replies) {
    const found = methods.get(name);
    const told = answers.flatMap(toldPart);
    if (found === undefined || found.method.kind === "oneway" || told.length === 0) continue;
    const { service, method } = found;
    const description = await service.describe();
    const handler = mockHandler(method, told, () => NOBODY);
    const handlers = Object.fromEntries(Object.keys(description.methods).map((stub) => [stub, handler]));
    await using server = createServer({ log: () => undefined }).add(description, handlers);
    await using client = createClient(description, { target: server });
    const [stub = ""] = Object.entries(description.methods).find(([, each]) => each.fullName === name) ?? [];
    for (let count = 0; count < told.length; count++) {
      try {
        await callOnce(method, (client as JsonClient)[stub]);
      } catch (error) {
        // What comes as an exception is what was told.
        if (error instanceof RpcError) throw invalidInput(`${path}: "${name}": ${error.detail}`, { cause: error });
      }
    }
  }
}

/** What of an answer can fail to fit: at once, and without the failure that it may end with. */
function toldPart(answer: Answer): Answer[] {
  const { kind } = answer.outcome;
  if (kind === "reply" || kind === "exception") return [{ ...answer, delayMs: 0 }];
  return answer.replies === undefined ? [] : [{ delayMs: 0, replies: answer.replies, outcome: { kind: "example" } }];
}

async function callOnce(method: IdlMethod, stub: JsonClient[string] | undefined): Promise<void> {
  const request = toJson(method.exampleRequest());
  const reply = stub?.(streamsRequests(method) ? [request] : request);
  if (streamsReplies(method)) await Array.fromAsync(reply as AsyncIterable<unknown>);
  else await reply;
}
