/** One way to say a call in HTTP: gRPC, gRPC-Web in two forms, Connect in two forms. */
import type { CallScope, MethodKind } from "@kiteline/core";
import type { Fields, StreamReceiver } from "@kiteline/http2";
import type { CallHost, Connection, ServedMethod } from "@kiteline/net";
import type { IncomingContext } from "../incoming.ts";
import type { GrpcPayload } from "../payload.ts";
import type { Exchange } from "./exchange.ts";
import type { RequestHead } from "./request-head.ts";

/** What the calls of one connection share. */
export interface CallContext extends IncomingContext {
  readonly host: CallHost;
  readonly connection: Connection;
  readonly maxMessageBytes: number;
  readonly maxReceivedBytes: number;
  /** Where calls are handled; absent when calls made in handlers inherit nothing. */
  readonly scope: CallScope | undefined;
}

export interface Dialect {
  /** Whether its requests look like anybody's: where their path names no method they need not be meant as calls. */
  readonly plain: boolean;
  /** Whether methods of the kind are called in it. */
  carries(kind: MethodKind): boolean;
  /** What the fields of a request say; `undefined` when it is no call in this dialect. */
  read(fields: Fields, payloads: readonly GrpcPayload[]): RequestHead | undefined;
  /** Takes a call on; returns who hears the rest of its request. `end`: there is no body. */
  open(context: CallContext, exchange: Exchange, head: RequestHead, served: ServedMethod, end: boolean): StreamReceiver;
  /** Answers a request without taking it on. */
  refuse(exchange: Exchange, head: RequestHead, error: Error): void;
}
