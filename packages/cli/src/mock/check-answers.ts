/**
 * Whether told replies and exceptions fit the IDL: each is really sent once, to a client in this process, so that what is
 * wrong is known before anybody calls.
 */
import { RpcError } from "@kiteline/core";
import { genericService, type idl } from "@kiteline/thrift";
import { createClient, createServer } from "kiteline";
import { exampleArguments } from "../example.ts";
import { invalidInput } from "../failure.ts";
import { GENERIC } from "../generic.ts";
import type { FoundFunction } from "../idl.ts";
import { toJson } from "../printer.ts";
import type { Answer } from "./replies.ts";
import { respond } from "./respond.ts";

/** Throws a failure that names the method and what does not fit. `path` is the file that tells. */
export async function checkAnswers(
  documents: idl.DocumentSet,
  functions: ReadonlyMap<string, FoundFunction>,
  replies: ReadonlyMap<string, readonly Answer[]>,
  path: string,
): Promise<void> {
  for (const [name, answers] of replies) {
    const found = functions.get(name);
    if (found === undefined || found.function.kind === "oneway") continue;
    const description = await genericService(documents, found.service.name, GENERIC);
    let current: Answer | undefined;
    const handler = async (request: string): Promise<unknown> => {
      const response = respond(found.function, JSON.parse(request) as Record<string, unknown>, current);
      if (response.kind === "reply") return response.json;
      throw response.error;
    };
    const handlers = Object.fromEntries(Object.keys(description.methods).map((stub) => [stub, handler]));
    await using server = createServer({ log: () => undefined }).add(description, handlers);
    await using client = createClient(description, { target: server });
    const [stub = ""] = Object.entries(description.methods).find(([, method]) => method.fullName === name) ?? [];
    const request = toJson(exampleArguments(found.function.arguments));
    for (const answer of answers) {
      if (answer.outcome.kind !== "reply" && answer.outcome.kind !== "exception") continue;
      current = answer;
      try {
        await client[stub]?.(request);
      } catch (error) {
        // What comes as an exception is what was told.
        if (error instanceof RpcError) throw invalidInput(`${path}: "${name}": ${error.detail}`, { cause: error });
      }
    }
  }
}
