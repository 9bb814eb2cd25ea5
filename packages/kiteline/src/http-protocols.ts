/** What a server speaks over HTTP. All but its first bytes is loaded by the first connection that speaks it: others never pay for it. */
import type { ServiceDescription } from "@kiteline/core";
import type { HttpSessions, WebHandler } from "@kiteline/grpc";
import type { CallHost, Protocol } from "@kiteline/net";
import type { ResolvedServerOptions } from "./server-options.ts";
import { thriftPayload } from "./thrift-payload.ts";

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

/** gRPC, gRPC-Web and Connect, over HTTP/2 and HTTP/1.1. */
export function httpServerProtocols(options: ResolvedServerOptions, parts: HttpParts): Protocol[] {
  let sessions: HttpSessions | undefined;
  const loadAll = async (): Promise<void> => {
    const grpc = await import("@kiteline/grpc");
    sessions ??= makeSessions(grpc, options, parts);
  };
  const lazily = (name: "http1" | "http2", recognise: Protocol["recognise"]): Protocol => ({
    name: name === "http1" ? "HTTP/1.1" : "HTTP/2",
    recognise,
    load: loadAll,
    get loaded() {
      return sessions !== undefined;
    },
    open: (connection) => (sessions as HttpSessions)[name](connection),
  });
  return [
    lazily("http2", (bytes, start, end) => beginsWith([PREFACE], bytes, start, end)),
    lazily("http1", (bytes, start, end) => beginsWith(METHODS, bytes, start, end)),
  ];
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

function makeSessions(
  grpc: typeof import("@kiteline/grpc"),
  options: ResolvedServerOptions,
  { host, services, handler }: HttpParts,
): HttpSessions {
  const { http2, log, maxInFlight, maxMessageBytes, maxUnreadBytes, frameTimeoutMs, cors } = options;
  return grpc.httpSessions({
    host,
    payloads: [grpc.protobufPayload(), grpc.jsonPayload(services), thriftPayload(maxMessageBytes)],
    http2: grpc.resolveHttp2Options({ maxConcurrentStreams: maxInFlight, ...http2, log }),
    maxMessageBytes,
    maxUnreadBytes,
    headTimeoutMs: frameTimeoutMs,
    cors,
    other: handler,
    log,
  });
}
