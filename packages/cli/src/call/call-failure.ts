/** What came instead of a result, as a failure of the command: who, what happened to the call, what to do. */
import { BusinessError, RpcError, type Code } from "@kiteline/core";
import { ValueError } from "@kiteline/net";
import type { Registry } from "@kiteline/protobuf";
import { GenericException } from "@kiteline/thrift";
import { EXIT, Failure, invalidInput } from "../failure.ts";
import { toJson } from "../printer.ts";
import { showDetails } from "./error-details.ts";
import { inFlags } from "./flags.ts";
import { milliseconds, rounded } from "./timing.ts";

/** What a failure speaks of. */
export interface FailedCall {
  /** `Service.method`. */
  readonly method: string;
  /** What the method takes. */
  readonly example: string;
  /** Whether the request is `{}` because there was none on the command line. */
  readonly guessed: boolean;
  /** The types that details of the error may have, beside Google's own. */
  readonly registry: Registry;
}

/** `error` is what a generic call in JSON rejected with, or its stream threw. */
export function callFailure(error: unknown, { method, example, guessed, registry }: FailedCall): Failure {
  if (error instanceof GenericException) {
    const { exception, value } = error;
    const fields: unknown = JSON.parse(String(value));
    return new Failure(EXIT.exception, "exception", `${method} answered with the exception ${exception}`, {
      excerpt: toJson(fields, 2),
      fields: { exception, value: fields, method },
      cause: error,
    });
  }
  if (error instanceof BusinessError) {
    const { status, detail, extra } = error;
    return new Failure(
      EXIT.exception,
      "business",
      `${method} answered with business status ${status}${detail === "" ? "" : `: ${detail}`}`,
      {
        ...(extra.size === 0 ? {} : { excerpt: [...extra].map(([key, value]) => `  ${key}: ${value}`).join("\n") }),
        fields: { status, detail, extra: Object.fromEntries(extra), method },
        cause: error,
      },
    );
  }
  if (!(error instanceof RpcError)) throw error;
  // The JSON of a message that was to be sent.
  if (error.cause instanceof Failure) return error.cause;
  if (error.cause instanceof ValueError) {
    // Never sent: it is the JSON that is wrong, not the call.
    return invalidInput(`the JSON does not fit the IDL: ${error.cause.message}`, { hints: [example], fields: { method }, cause: error });
  }
  const { code, executed, retriable, peer, foreignCode, time } = error;
  const detail = inFlags(error.detail);
  const details = showDetails(error.details, registry);
  const detailLines = details.map(({ "@type": type, ...fields }) => `  ${type} ${toJson(fields)}`);
  return new Failure(EXIT.callFailed, code, `${code}: ${detail}`, {
    excerpt: [...detailLines, `  ${factsLine(error)}`].join("\n"),
    hints: [...(guessed ? [`no JSON was given, so {} was sent; ${example}`] : []), ...adviceFor(error)],
    fields: {
      message: detail,
      executed,
      retriable,
      peer,
      method,
      foreignCode,
      ...(details.length === 0 ? {} : { details }),
      time: time && { waitingMs: rounded(time.waitingMs), remoteMs: rounded(time.remoteMs) },
    },
    cause: error,
  });
}

/** What is known of the call, in one line. */
function factsLine({ executed, retriable, peer, foreignCode, time }: RpcError): string {
  const ran = { no: "was not executed", maybe: "may have been executed", yes: "was executed" }[executed];
  const facts = [`the call ${ran}`, retriable ? "it may be tried again" : "trying again will not help"];
  if (peer !== undefined) facts.push(`peer ${peer}`);
  if (foreignCode !== undefined) facts.push(`the peer's code ${foreignCode}`);
  // Zero after it was sent means that it never was.
  if (time !== undefined && time.remoteMs > 0)
    facts.push(`${milliseconds(time.waitingMs)} until sent, ${milliseconds(time.remoteMs)} after`);
  return facts.join("; ");
}

const ADVICE: Partial<Record<Code, string>> = {
  deadline_exceeded: "--timeout MS waits longer",
  unimplemented: "is the IDL the one that the server was made from, and TARGET the right server?",
};

function adviceFor({ code, foreignCode, executed }: RpcError): string[] {
  const advice = ADVICE[code];
  if (advice !== undefined) return [advice];
  // Nothing that the peer said: what came could not be read.
  const unreadable = (code === "internal" || code === "resource_exhausted") && foreignCode === undefined && executed === "maybe";
  return unreadable ? ["does the server speak this --protocol?"] : [];
}
