/** HTTP/2 streams of headers, data and trailers, both ends: frames, HPACK, flow control, limits, drain. */
export { ErrorCode, errorCodeName } from "./error-codes.ts";
export { Fields, PreparedFields, type ExtraFields } from "./fields.ts";
export { resolveHttp2Options, type Http2Options, type ResolvedHttp2Options } from "./options.ts";
export { StreamFailure, type FailureOrigin } from "./stream-failure.ts";
export type { Http2Stream, StreamReceiver } from "./stream.ts";
export type { ClientOwner, GoAway, Http2ClientConnection, Http2ServerConnection, StreamHost } from "./connection.ts";
