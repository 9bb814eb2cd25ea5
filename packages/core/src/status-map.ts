/**
 * How Thrift's, Kitex's and HTTP's codes map onto ours, and ours onto theirs: one table, one row per pair of
 * numbers. Sources: Thrift's TApplicationException, Kitex `kerrors`, `pkg/remote/trans_errors.go` and `pkg/remote/trans/ttstream/exception.go`, the gRPC
 * document "HTTP to gRPC Status Code Mapping" and gRPC-gateway's reverse.
 */
import { CODES, type Code } from "./errors.ts";

/** TApplicationException types, with Kitex's 20 and 21 and those of its streams. What arrives as a number not listed is `unknown`. */
const THRIFT_TO_CODE: ReadonlyMap<number, Code> = new Map([
  [0, "unknown"],
  [1, "unimplemented"], // unknown method
  [2, "internal"], // invalid message type
  [3, "internal"], // wrong method name
  [4, "internal"], // bad sequence id
  [5, "internal"], // missing result
  [6, "internal"], // internal error: what any failed handler becomes in Kitex
  [7, "invalid_argument"], // protocol error: the peer could not read our message
  [8, "invalid_argument"],
  [9, "invalid_argument"],
  [10, "invalid_argument"],
  [20, "unimplemented"], // Kitex: unknown service
  [21, "unimplemented"], // Kitex: no service name
  [12001, "internal"], // Kitex's streams: the handler failed
  [12002, "internal"], // a header where none was expected
  [12003, "internal"], // a business error that cannot be read
  [12004, "internal"], // an illegal frame
  [12005, "internal"], // an illegal operation
  [12006, "unavailable"], // the connection is closing
  [12007, "cancelled"], // by the caller
  [12008, "cancelled"], // by the caller, for a reason
  [12009, "cancelled"], // by the one called
  [12010, "cancelled"], // by the caller's own caller
  [12011, "cancelled"], // by something else than a stream
  [12012, "cancelled"], // the handler has returned
  [12013, "cancelled"], // the caller's connection was closed
  [12014, "deadline_exceeded"], // no message in time
  [12015, "deadline_exceeded"], // the stream was not over in time
]);

const HTTP_TO_CODE: ReadonlyMap<number, Code> = new Map([
  [400, "internal"],
  [401, "unauthenticated"],
  [403, "permission_denied"],
  [404, "unimplemented"],
  [429, "unavailable"],
  [502, "unavailable"],
  [503, "unavailable"],
  [504, "unavailable"],
]);

const CODE_TO_HTTP: Readonly<Record<Code, number>> = {
  cancelled: 499,
  unknown: 500,
  invalid_argument: 400,
  deadline_exceeded: 504,
  not_found: 404,
  already_exists: 409,
  permission_denied: 403,
  resource_exhausted: 429,
  failed_precondition: 400,
  aborted: 409,
  out_of_range: 400,
  unimplemented: 501,
  internal: 500,
  unavailable: 503,
  data_loss: 500,
  unauthenticated: 401,
};

/** The gRPC number of a code, 1 to 16. */
export function codeNumber(code: Code): number {
  return CODES.indexOf(code) + 1;
}

/** The code of a gRPC number; numbers outside 1 to 16 are `unknown`. */
export function codeOfNumber(number: number): Code {
  return CODES[number - 1] ?? "unknown";
}

/** The code of a TApplicationException type. */
export function codeOfThrift(type: number): Code {
  return THRIFT_TO_CODE.get(type) ?? "unknown";
}

/**
 * The TApplicationException type that tells a Thrift peer of a code: unimplemented is 1 (unknown method), an
 * argument we could not read 7, all else 6, which is what Kitex writes for any failed handler. Our own peers read
 * the exact code beside it (`CODE_KEY` in the header).
 */
export function thriftOfCode(code: Code): number {
  if (code === "unimplemented") return 1;
  return code === "invalid_argument" ? 7 : 6;
}

/** The code of an HTTP status that came instead of an RPC answer. */
export function codeOfHttp(status: number): Code {
  return HTTP_TO_CODE.get(status) ?? "unknown";
}

/** The HTTP status that tells a browser or proxy of a code. */
export function httpOfCode(code: Code): number {
  return CODE_TO_HTTP[code];
}
