/** What the fields of Connect's requests say (Connect Protocol Reference, "Unary-Request", "Streaming-Request", "Unary-Get-Request"). */
import type { Fields } from "@kiteline/http2";
import type { HeadFields } from "../http/request-head.ts";
import { mediaType, type GrpcPayload } from "../payload.ts";

const VERSION = "1";
const VERSION_FIELD = "connect-protocol-version";
const TIMEOUT = /^\d{1,10}$/;

const COMMON = {
  timeout: "connect-timeout-ms",
  decodeTimeout: (value: string): number | undefined => (TIMEOUT.test(value) ? Number(value) : undefined),
  malformed: "invalid_argument",
} as const;

export const UNARY_FIELDS: HeadFields = { ...COMMON, encoding: "content-encoding", accepted: "accept-encoding" };
export const STREAM_FIELDS: HeadFields = { ...COMMON, encoding: "connect-content-encoding", accepted: "connect-accept-encoding" };

/** Why the version that a request names is none; callers need not name one. */
export function versionProblem(fields: Fields): string | undefined {
  const version = fields.get(VERSION_FIELD);
  return version === undefined || version === VERSION ? undefined : `its ${VERSION_FIELD} is "${version}": expected ${VERSION}`;
}

/** The payload that a request's type names behind `prefix`. */
export function connectPayload(fields: Fields, payloads: readonly GrpcPayload[], prefix: string): GrpcPayload | undefined {
  const contentType = fields.method === "POST" ? fields.get("content-type") : undefined;
  if (contentType === undefined) return undefined;
  const type = mediaType(contentType);
  return payloads.find(({ name }) => type === prefix + name);
}

/** A call in a URL, which caches and prefetchers understand. */
export interface GetQuery {
  readonly payload: GrpcPayload;
  readonly message: Buffer;
  readonly encoding: string | undefined;
  readonly problem: string | undefined;
}

/** `undefined` for a URL that holds no call. */
export function readGetQuery({ method, path }: Fields, payloads: readonly GrpcPayload[]): GetQuery | undefined {
  const question = method === "GET" ? path.indexOf("?") : -1;
  if (question < 0) return undefined;
  const query = new URLSearchParams(path.slice(question + 1));
  const message = query.get("message");
  const encoding = query.get("encoding");
  const payload = payloads.find(({ name }) => name === encoding);
  if (message === null || payload === undefined) return undefined;
  const compression = query.get("compression");
  const version = query.get("connect");
  return {
    payload,
    message: query.get("base64") === "1" ? Buffer.from(message, "base64") : Buffer.from(message),
    encoding: compression === null || compression === "" || compression === "identity" ? undefined : compression,
    problem: version === null || version === `v${VERSION}` ? undefined : `its parameter connect is "${version}": expected v${VERSION}`,
  };
}
