/** What a server speaks over HTTP: gRPC, gRPC-Web and Connect on HTTP/2 and HTTP/1.1, and whatever else a handler of its own answers. */
import type { Log } from "@kiteline/core";
import { Http2ServerConnection, type ResolvedHttp2Options } from "@kiteline/http2";
import type { AcceptedSession, CallHost, Connection } from "@kiteline/net";
import { BufferLimits } from "./buffered.ts";
import { connectStream } from "./connect/connect-stream.ts";
import { connectUnary } from "./connect/connect-unary.ts";
import { grpc } from "./grpc-call.ts";
import { grpcWeb, grpcWebText } from "./grpc-web.ts";
import { CorsRules, type CorsOptions } from "./http/cors.ts";
import { http1Sessions } from "./http/http1-session.ts";
import { HttpHost, HttpRoutes } from "./http/http-host.ts";
import { WebHost, type WebHandler } from "./http/web-host.ts";
import type { GrpcPayload } from "./payload.ts";

export interface HttpServerOptions {
  readonly host: CallHost;
  /** The first is what a content type without a name means. */
  readonly payloads: readonly GrpcPayload[];
  readonly http2: ResolvedHttp2Options;
  /** Of responses. */
  readonly maxMessageBytes: number;
  /** Of requests. */
  readonly maxReceivedBytes: number;
  /** Bytes of a body over HTTP/1.1 that are held unread before no more are read. */
  readonly maxUnreadBytes: number;
  /** How long the head of a request over HTTP/1.1 may take to come. */
  readonly headTimeoutMs: number;
  readonly cors: CorsOptions | undefined;
  /** What answers requests that are no calls; asked for each of them, for it may come late. */
  readonly other: () => WebHandler | undefined;
  readonly log: Log;
}

/** Begin to serve a connection that speaks one or the other. */
export interface HttpSessions {
  readonly http1: (connection: Connection) => AcceptedSession;
  readonly http2: (connection: Connection) => AcceptedSession;
}

/** In the order of how often they are asked for. */
const DIALECTS = [grpc, connectUnary, connectStream, grpcWeb, grpcWebText];

/** Both on one set of routes. */
export function httpSessions(options: HttpServerOptions): HttpSessions {
  const { host, payloads, http2, maxMessageBytes, maxReceivedBytes, maxUnreadBytes, headTimeoutMs, cors, other, log } = options;
  const web = new WebHost(other, log);
  const routes = new HttpRoutes({
    host,
    payloads,
    dialects: DIALECTS,
    maxMessageBytes,
    maxReceivedBytes,
    buffers: new BufferLimits(http2, maxReceivedBytes),
    cors: cors === undefined ? undefined : new CorsRules(cors),
    other: () => (other() === undefined ? undefined : web),
  });
  return {
    http1: http1Sessions(routes, { maxHeaderListBytes: http2.maxHeaderListBytes, headTimeoutMs, maxUnreadBytes }),
    http2: (connection) => new Http2ServerConnection(connection, new HttpHost(connection, routes, true), http2),
  };
}
