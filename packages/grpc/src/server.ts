/** What a server needs for calls: for those whose first caller waits for it. All of it is in the index too. */
export { jsonPayload } from "./json-payload.ts";
export { protobufPayload } from "./payload.ts";
export { httpSessions } from "./server-sessions.ts";
export { resolveHttp2Options } from "@kiteline/http2";
