/** gRPC and gRPC-Web on the server: calls whose outcome is told by fields. They differ in where those stand. */
import type { Fields, StreamReceiver } from "@kiteline/http2";
import { PreparedFields } from "@kiteline/http2";
import type { ServedMethod } from "@kiteline/net";
import type { CallContext, Dialect } from "./http/dialect.ts";
import type { Exchange } from "./http/exchange.ts";
import { HttpCall } from "./http/http-call.ts";
import { RequestHead, type HeadFields } from "./http/request-head.ts";
import { pushReplyMetadata } from "./metadata-fields.ts";
import { payloadOf, type GrpcPayload } from "./payload.ts";
import { pushError } from "./status-fields.ts";
import { decodeTimeout } from "./timeout.ts";

export const GRPC_FIELDS: HeadFields = {
  timeout: "grpc-timeout",
  decodeTimeout,
  encoding: "grpc-encoding",
  accepted: "grpc-accept-encoding",
  malformed: "internal",
};

const SUCCESS = new PreparedFields([["grpc-status", "0"]]);
const FAILURE = new PreparedFields([]);

export const grpc: Dialect = {
  plain: false,
  carries: () => true,

  read(fields: Fields, payloads: readonly GrpcPayload[]): RequestHead | undefined {
    const payload = fields.method === "POST" ? payloadOf(fields.get("content-type"), payloads) : undefined;
    return payload === undefined ? undefined : new RequestHead(fields, { payload, names: GRPC_FIELDS, contentType: payload.contentType });
  },

  open(context: CallContext, exchange: Exchange, head: RequestHead, served: ServedMethod, end: boolean): StreamReceiver {
    const call = new GrpcCall(context, exchange, head, served);
    call.begin(end);
    return call;
  },

  refuse: refuseByFields,
};

/** Answers without a response: fields that are its end, too. */
export function refuseByFields(exchange: Exchange, head: RequestHead, error: Error): void {
  const extra: string[] = [];
  pushError(extra, error);
  exchange.sendHeaders(head.response, extra, true);
}

export class GrpcCall extends HttpCall {
  /** The fields behind the messages: the last of the response. */
  protected sendTrailers(fields: PreparedFields, extra: readonly string[] | undefined): void {
    this.exchange.sendTrailers(fields, extra);
  }

  protected override sayOutcome(error: Error | undefined, metadata: boolean): void {
    // What the handler set for the head of the response is told there, although it failed before it sent a message.
    if (!this.headersSent && (error === undefined || (metadata && this.replyIfAny !== undefined))) this.sendHeaders();
    const trailers = metadata ? this.trailersIfAny : undefined;
    let extra: string[] | undefined;
    if (error !== undefined) {
      pushError((extra = []), error);
      this.pushAccepted(extra);
    }
    if (trailers !== undefined) pushReplyMetadata((extra ??= []), trailers.entries());
    if (this.headersSent) this.sendTrailers(error === undefined ? SUCCESS : FAILURE, extra);
    else this.exchange.sendHeaders(this.head.response, extra, true);
  }
}
