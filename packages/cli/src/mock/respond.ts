/** What a mock does with one request: by example, or as the file of answers says. */
import { BusinessError, RpcError } from "@kiteline/core";
import { GenericException, idl } from "@kiteline/thrift";
import { exampleOf, exampleReply } from "../example.ts";
import { toJson } from "../printer.ts";
import type { Answer } from "./replies.ts";

/** How a call ends. `shown` is for whoever watches the mock. */
export type Response =
  /** `json` is absent for methods that return nothing. */
  | { readonly kind: "reply"; readonly json: string | undefined; readonly shown: unknown }
  | { readonly kind: "exception" | "business" | "error"; readonly error: Error; readonly shown: unknown };

/** `request` is the object of arguments by name; without an answer the example answers. */
export function respond(method: idl.ServiceFunction, request: Readonly<Record<string, unknown>>, answer: Answer | undefined): Response {
  const outcome = answer?.outcome ?? { kind: "example" };
  switch (outcome.kind) {
    case "example":
    case "reply": {
      if (method.returns === undefined) return { kind: "reply", json: undefined, shown: null };
      const example = exampleReply(method.returns, method.arguments, request);
      const reply = outcome.kind === "reply" ? overlay(method.returns, example, outcome.reply) : example;
      return { kind: "reply", json: toJson(reply), shown: reply };
    }
    case "exception": {
      const field = method.throws.find((each) => each.name === outcome.name);
      const type = field === undefined ? undefined : idl.plainType(field.type);
      if (type?.kind !== "struct") throw new Error(`${method.name} does not throw ${outcome.name}`); // refused when the answers were read
      const value = overlay(type, exampleOf(type), outcome.value);
      return {
        kind: "exception",
        error: new GenericException(type.definition.name, toJson(value)),
        shown: { [type.definition.name]: value },
      };
    }
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

/** The given fields of a struct over those of its example; anything else as it is given. */
function overlay(type: idl.Type, example: unknown, given: unknown): unknown {
  const plain = idl.plainType(type);
  const isObject = typeof given === "object" && given !== null && !Array.isArray(given);
  return plain.kind === "struct" && plain.definition.kind !== "union" && isObject ? { ...(example as object), ...given } : given;
}
