/** gRPC over HTTP/2 streams with any payload codec: health, reflection, compression, rich errors; Connect and gRPC-Web on the server. */
export { errorDetail, errorDetails } from "./error-details.ts";
export { addHealth, type HealthControl, type HealthStatus } from "./health.ts";
export { addReflection } from "./reflection.ts";
export type { ServiceHost } from "./service-host.ts";
export type { CompressionName } from "./compression.ts";
export type { CorsOptions } from "./http/cors.ts";
export type { WebHandler } from "./http/web-host.ts";
export { resolveHttp2Options, type Http2Options } from "@kiteline/http2";

// For authors of payload formats and assemblers.
export { grpcSessions, type GrpcClientOptions } from "./client-session.ts";
export { httpSessions, type HttpServerOptions, type HttpSessions } from "./server-sessions.ts";
export { jsonPayload } from "./json-payload.ts";
export { payloadOf, protobufPayload, type GrpcPayload } from "./payload.ts";
