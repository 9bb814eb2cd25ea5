/** What a client needs for calls, without services, descriptors and JSON: for those whose first call waits for it. All of it is in the index too. */
export { grpcSessions } from "./client-session.ts";
export { protobufPayload } from "./payload.ts";
export { resolveHttp2Options } from "@kiteline/http2";
