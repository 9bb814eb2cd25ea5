/** How a call went, as the fields at its end (gRPC over HTTP/2, "Status"), and back. */
import {
  BusinessError,
  codeNumber,
  codeOfHttp,
  codeOfNumber,
  codeOfThrift,
  CODES,
  executedHere,
  RpcError,
  type ErrorDetail,
  type Executed,
} from "@kiteline/core";
import type { Fields } from "@kiteline/http2";
import { decode, encode } from "@kiteline/protobuf/formats";
import { BUSINESS_EXTRA_FIELD, BUSINESS_STATUS_FIELD, EXECUTED_FIELD } from "./metadata-fields.ts";
import { decodeMessageText, encodeMessageText } from "./message-text.ts";
import { StatusCodec } from "./gen/google/rpc/status.ts";

const STATUS = "grpc-status";
const MESSAGE = "grpc-message";
const DETAILS = "grpc-status-details-bin";
/** Did not run, nor would it elsewhere: the request is at fault. */
const NEVER = "never";
/** What Kitex's servers give a business error beside its own status. */
const BUSINESS_CODE = 13;

/** Adds what tells of an error to `fields`, flat. */
export function pushError(fields: string[], error: Error): void {
  if (error instanceof BusinessError) {
    fields.push(STATUS, String(BUSINESS_CODE), MESSAGE, encodeMessageText(error.detail));
    pushBusinessStatus(fields, error);
    return;
  }
  const told = error instanceof RpcError ? error : RpcError.from(error);
  const { code, detail, details, retriable } = told;
  const executed = executedHere(error);
  const number = codeNumber(code);
  fields.push(STATUS, String(number));
  if (detail !== "") fields.push(MESSAGE, encodeMessageText(detail));
  if (executed !== "maybe") fields.push(EXECUTED_FIELD, executed === "no" && !retriable ? NEVER : executed);
  if (details.length > 0) {
    const bytes = encode(StatusCodec, { code: number, message: detail, details });
    fields.push(DETAILS, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64").replace(/=+$/, ""));
  }
}

/** What tells Kitex's clients and ours of a business error, beside code and text. */
export function pushBusinessStatus(fields: string[], { status, extra }: BusinessError): void {
  fields.push(BUSINESS_STATUS_FIELD, String(status));
  if (extra.size > 0) fields.push(BUSINESS_EXTRA_FIELD, asciiJson(Object.fromEntries(extra)));
}

/** How the call went, by the fields at its end: an error, or `undefined` when it succeeded. `httpStatus` is the response's. */
export function readOutcome(fields: Fields, httpStatus: number): Error | undefined {
  const status = fields.get(STATUS);
  if (status === "0") return undefined;
  if (status === undefined) {
    return new RpcError(codeOfHttp(httpStatus), `the peer ended the call without saying how it went (no grpc-status; HTTP ${httpStatus})`, {
      foreignCode: `http ${httpStatus}`,
    });
  }
  const text = decodeMessageText(fields.get(MESSAGE) ?? "");
  const business = Number(fields.get(BUSINESS_STATUS_FIELD) ?? 0);
  if (business !== 0 && business === (business | 0)) return new BusinessError(business, text, readExtra(fields.get(BUSINESS_EXTRA_FIELD)));
  const number = /^\d{1,9}$/.test(status) ? Number(status) : -1;
  // Beyond gRPC's own, Kitex says Thrift's types, such as 20 for an unknown service.
  const code = number > CODES.length ? codeOfThrift(number) : codeOfNumber(number);
  const said = fields.get(EXECUTED_FIELD);
  const executed = readExecuted(said);
  return RpcError.withoutStack(code, text, {
    executed,
    // A server that is full or going says nothing of the others.
    retriable: said === "no" && (code === "unavailable" || code === "resource_exhausted"),
    details: readDetails(fields.get(DETAILS)),
    foreignCode: `grpc ${status}`,
  });
}

function readExecuted(value: string | undefined): Executed {
  return value === NEVER ? "no" : value === "no" || value === "yes" ? value : "maybe";
}

/** Details are a courtesy: a peer that garbles them has still said its code and text. */
function readDetails(value: string | undefined): ErrorDetail[] {
  if (value === undefined) return [];
  try {
    return decode(StatusCodec, Buffer.from(value, "base64")).details;
  } catch {
    return [];
  }
}

function readExtra(json: string | undefined): Map<string, string> {
  if (json === undefined) return new Map();
  try {
    const parsed: unknown = JSON.parse(Buffer.from(json, "latin1").toString("utf8"));
    return new Map(Object.entries(parsed as object).map(([key, value]) => [key, String(value)]));
  } catch {
    return new Map([[BUSINESS_EXTRA_FIELD, json]]);
  }
}

/** Kitex writes its JSON as it is, in UTF-8; escaped it is the same to readers and may travel through anything. */
function asciiJson(value: object): string {
  return JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
