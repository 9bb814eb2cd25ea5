/** What a server speaks over HTTP. All but its first bytes is loaded by the first connection that speaks it. */
import type { ServiceDescription } from "@kiteline/core";
import type { HttpSessions, WebHandler } from "@kiteline/grpc";
import type { CallHost, Protocol } from "@kiteline/net";
import { lazyProtocol } from "./lazy-protocol.ts";
import type { ResolvedServerOptions } from "./server-options.ts";

/** The first bytes of HTTP/2 (RFC 9113, section 3.4): enough to tell it from everything else. */
const PREFACE = "PRI * HTTP/2.0\r\n";
/** The methods that requests over HTTP/1.1 begin with; others are none that a call or a page would use. */
const METHODS = ["GET ", "HEAD ", "POST ", "PUT ", "PATCH ", "DELETE ", "OPTIONS ", "TRACE ", "CONNECT "];

/** The server, as what it speaks over HTTP needs it. */
export interface HttpParts {
  readonly host: CallHost;
  /** The services that were added so far. */
  readonly services: () => readonly ServiceDescription[];
  /** Answers requests that are no calls. */
  readonly handler: () => WebHandler | undefined;
}

export interface HttpProtocols {
  readonly protocols: readonly Protocol[];
  /** Settles when the options that only they look at, if there are any, are known to be right. Rejects with a `TypeError` or `RangeError`. */
  readonly check: () => Promise<void>;
}

/** gRPC, gRPC-Web and Connect, over HTTP/2 and HTTP/1.1. */
export function httpServerProtocols(options: ResolvedServerOptions, parts: HttpParts): HttpProtocols {
  let loading: Promise<HttpSessions> | undefined;
  const load = (): Promise<HttpSessions> => (loading ??= loadSessions(options, parts));
  return {
    protocols: [
      lazyProtocol(
        "HTTP/2",
        (bytes, start, end) => beginsWith([PREFACE], bytes, start, end),
        async () => (await load()).http2,
      ),
      lazyProtocol(
        "HTTP/1.1",
        (bytes, start, end) => beginsWith(METHODS, bytes, start, end),
        async () => (await load()).http1,
      ),
    ],
    // Who has such options will speak it, so nothing is loaded in vain.
    check: async () => {
      if (options.http2 !== undefined || options.cors !== undefined) await load();
    },
  };
}

/** Whether bytes begin with one of these; `undefined` when more are needed to know. */
function beginsWith(all: readonly string[], bytes: Buffer, start: number, end: number): boolean | undefined {
  let answer: false | undefined = false;
  for (const text of all) {
    let at = 0;
    while (at < text.length && start + at < end && bytes[start + at] === text.charCodeAt(at)) at++;
    if (at === text.length) return true;
    if (start + at === end) answer = undefined;
  }
  return answer;
}

async function loadSessions(options: ResolvedServerOptions, { host, services, handler }: HttpParts): Promise<HttpSessions> {
  const [grpc, { thriftPayload }] = await Promise.all([import("@kiteline/grpc/server"), import("./thrift-payload.ts")]);
  const { http2, log, maxInFlight, maxMessageBytes, maxReceivedBytes, maxUnreadBytes, maxBufferedBytes, frameTimeoutMs, turnWork, cors } =
    options;
  return grpc.httpSessions({
    host,
    payloads: [grpc.protobufPayload(options.limits), grpc.jsonPayload(services, options.limits), thriftPayload(options)],
    http2: grpc.resolveHttp2Options({ maxConcurrentStreams: maxInFlight, turnWork, maxBufferedBytes, ...http2, log }),
    maxMessageBytes,
    maxReceivedBytes,
    maxUnreadBytes,
    headTimeoutMs: frameTimeoutMs,
    cors,
    other: handler,
    log,
  });
}
