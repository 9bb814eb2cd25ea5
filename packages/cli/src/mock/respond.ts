/** What a mock answers to one request: by example, or as the file of answers says. */
import { BusinessError, RpcError } from "@kiteline/core";
import { toJson } from "../printer.ts";
import type { IdlMethod } from "../services/service.ts";
import type { Answer } from "./replies.ts";

/** How a call ends. `shown` is for whoever watches the mock. */
export type Response =
  /** `json` is absent for methods that return nothing. */
  | { readonly kind: "reply"; readonly json: string | undefined; readonly shown: unknown }
  | { readonly kind: "exception" | "business" | "error"; readonly error: Error; readonly shown: unknown };

/** `request` is the JSON of a request; without an answer the example answers. */
export function respond(method: IdlMethod, request: unknown, answer: Answer | undefined): Response {
  const outcome = answer?.outcome ?? { kind: "example" };
  switch (outcome.kind) {
    case "example":
      return replyOf(method, method.exampleReply(request));
    case "reply":
      return toldReply(method, request, outcome.reply);
    case "exception":
      return { kind: "exception", ...method.exception(outcome.name, outcome.value) };
    case "business": {
      const { status, message, extra } = outcome;
      return {
        kind: "business",
        error: new BusinessError(status, message, new Map(Object.entries(extra))),
        shown: { status, message, extra },
      };
    }
    case "error": {
      const { code, message } = outcome;
      return { kind: "error", error: new RpcError(code, message), shown: { code, message } };
    }
  }
}

/** A reply that the file gives, in part or as a whole. */
export function toldReply(method: IdlMethod, request: unknown, told: unknown): Response {
  return replyOf(method, method.completeReply(method.exampleReply(request), told));
}

function replyOf({ returnsNothing }: IdlMethod, reply: unknown): Response {
  return returnsNothing ? { kind: "reply", json: undefined, shown: null } : { kind: "reply", json: toJson(reply), shown: reply };
}
