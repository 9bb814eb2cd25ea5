/** gRPC as one of the protocols that a port recognises. What is no gRPC on such a connection goes to a host of its own. */
import { CallScope, RpcError } from "@kiteline/core";
import {
  Http2ServerConnection,
  PreparedFields,
  recognisePreface,
  type Fields,
  type Http2Stream,
  type ResolvedHttp2Options,
  type StreamHost,
  type StreamReceiver,
} from "@kiteline/http2";
import type { AcceptedSession, CallHost, Connection, Protocol, ServedMethod } from "@kiteline/net";
import { payloadOf, type GrpcPayload } from "./payload.ts";
import { RequestHead } from "./request-head.ts";
import { refuse, ServerStream } from "./server-stream.ts";

export interface GrpcServerOptions {
  readonly host: CallHost;
  /** The first is what a content type without a name means. */
  readonly payloads: readonly GrpcPayload[];
  readonly http2: ResolvedHttp2Options;
  readonly maxMessageBytes: number;
  /** Answers requests that are no gRPC. Without one they get 415 or 405. */
  readonly other?: ((connection: Connection) => StreamHost) | undefined;
}

export function grpcProtocol(options: GrpcServerOptions): Protocol {
  const routes = new Map<string, ServedMethod>();
  return {
    name: "grpc",
    recognise: recognisePreface,
    open: (connection): AcceptedSession => new Http2ServerConnection(connection, new GrpcHost(connection, options, routes), options.http2),
  };
}

class GrpcHost implements StreamHost {
  readonly host: CallHost;
  readonly connection: Connection;
  readonly maxMessageBytes: number;
  readonly scope: CallScope | undefined;
  readonly #payloads: readonly GrpcPayload[];
  readonly #other: StreamHost | undefined;
  /** Methods by path; only those that there are, so that callers cannot fill it. */
  readonly #routes: Map<string, ServedMethod>;

  constructor(connection: Connection, options: GrpcServerOptions, routes: Map<string, ServedMethod>) {
    this.host = options.host;
    this.connection = connection;
    this.maxMessageBytes = options.maxMessageBytes;
    this.scope = options.host.inherit ? new CallScope() : undefined;
    this.#payloads = options.payloads;
    this.#other = options.other?.(connection);
    this.#routes = routes;
  }

  accept(stream: Http2Stream, fields: Fields, end: boolean): StreamReceiver {
    const head = (fields.memo ??= this.#readHead(fields)) as RequestHead | null;
    if (head === null) return this.#acceptOther(stream, fields, end);
    const found = this.#find(fields.path, head.payload);
    if (found instanceof RpcError) {
      refuse(stream, head.payload, found);
      return NOBODY;
    }
    const call = new ServerStream(this, stream, head, found);
    call.begin(end);
    return call;
  }

  /** `null` for what is no gRPC. */
  #readHead(fields: Fields): RequestHead | null {
    const payload = fields.method === "POST" ? payloadOf(fields.get("content-type"), this.#payloads) : undefined;
    return payload === undefined ? null : new RequestHead(fields, payload);
  }

  #find(path: string, payload: GrpcPayload): ServedMethod | RpcError {
    const known = this.#routes.get(path) ?? this.#route(path);
    if (known instanceof RpcError || known.method.messages.format === payload.format.messagesFormat) return known;
    return new RpcError(
      "unimplemented",
      `${known.method.fullName} has ${known.method.messages.format} messages, and the request ${payload.format.messagesFormat}`,
      {
        executed: "no",
        retriable: false,
      },
    );
  }

  #route(path: string): ServedMethod | RpcError {
    const slash = path.lastIndexOf("/");
    if (path.charAt(0) !== "/" || slash < 2 || slash === path.length - 1) {
      return new RpcError("unimplemented", `the path ${path} names no method: expected /package.Service/Method`, {
        executed: "no",
        retriable: false,
      });
    }
    const service = path.slice(1, slash);
    const found = this.host.find(service, path.slice(slash + 1), true);
    // By their own names alone: a host may take any package for the right one.
    if (!(found instanceof RpcError) && found.method.service === service) this.#routes.set(path, found);
    return found;
  }

  #acceptOther(stream: Http2Stream, fields: Fields, end: boolean): StreamReceiver {
    if (this.#other !== undefined) return this.#other.accept(stream, fields, end);
    stream.sendHeaders(fields.method === "POST" ? UNSUPPORTED : NOT_ALLOWED, undefined, true);
    return NOBODY;
  }

  misbehaved(connection: Connection, error: Error): void {
    this.host.misbehaved(connection, error);
  }
}

const UNSUPPORTED = new PreparedFields([
  [":status", "415"],
  ["accept-post", "application/grpc"],
]);
const NOT_ALLOWED = new PreparedFields([
  [":status", "405"],
  ["allow", "POST"],
]);

/** Hears the rest of a request that has been answered. */
const NOBODY: StreamReceiver = {
  onHeaders: () => undefined,
  onInformational: () => undefined,
  onData: () => undefined,
  onTrailers: () => undefined,
  onFailed: () => undefined,
  onWritable: () => undefined,
};
