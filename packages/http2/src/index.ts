/** HTTP/2 streams of headers, data and trailers, both ends: frames, HPACK, flow control, limits, drain. */
export { ErrorCode, errorCodeName } from "./error-codes.ts";
export { Fields, PreparedFields, type ExtraFields } from "./fields.ts";
export { resolveHttp2Options, type Http2Options, type ResolvedHttp2Options } from "./options.ts";
export { StreamFailure, type FailureOrigin } from "./stream-failure.ts";
export { Http2Stream, type StreamReceiver } from "./stream.ts";
export { Http2ClientConnection, type ClientOwner, type GoAway } from "./client-connection.ts";
export { Http2ServerConnection, type StreamHost } from "./server-connection.ts";
export { recognisePreface } from "./preface.ts";
export type { Announced } from "./settings.ts";
