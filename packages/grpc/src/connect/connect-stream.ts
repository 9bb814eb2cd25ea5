/** Connect's streams: messages behind prefixes as in gRPC, and a last one of JSON that says how the call went. */
import { BusinessError } from "@kiteline/core";
import type { StreamReceiver } from "@kiteline/http2";
import type { ServedMethod } from "@kiteline/net";
import type { CallContext, Dialect } from "../http/dialect.ts";
import type { Exchange } from "../http/exchange.ts";
import { HttpCall } from "../http/http-call.ts";
import { RequestHead } from "../http/request-head.ts";
import { PREFIX_BYTES } from "../message-reader.ts";
import { pushReplyMetadata } from "../metadata-fields.ts";
import { pushBusinessStatus } from "../status-fields.ts";
import { connectError, type ConnectError } from "./connect-error.ts";
import { connectPayload, STREAM_FIELDS, versionProblem } from "./connect-fields.ts";

const TYPE = "application/connect+";
/** The flag of the message that ends a stream. */
const END = 2;

interface EndOfStream {
  error?: ConnectError;
  metadata?: Record<string, string[]>;
}

export const connectStream: Dialect = {
  plain: false,
  carries: (kind) => kind !== "unary",

  read(fields, payloads) {
    const payload = connectPayload(fields, payloads, TYPE);
    if (payload === undefined) return undefined;
    const head = new RequestHead(fields, { payload, names: STREAM_FIELDS, contentType: TYPE + payload.name });
    head.problem ??= versionProblem(fields);
    return head;
  },

  open(context: CallContext, exchange: Exchange, head: RequestHead, served: ServedMethod, end: boolean): StreamReceiver {
    const call = new ConnectStreamCall(context, exchange, head, served);
    call.begin(end);
    return call;
  },

  refuse(exchange: Exchange, head: RequestHead, error: Error): void {
    exchange.sendHeaders(head.response, undefined, false);
    exchange.sendData(endOfStream({ error: connectError(error) }), true);
  },
};

class ConnectStreamCall extends HttpCall {
  protected override sayOutcome(error: Error | undefined, metadata: boolean): void {
    const end: EndOfStream = {};
    if (error !== undefined) end.error = connectError(error);
    const trailers: string[] = [];
    if (metadata && this.trailersIfAny !== undefined) pushReplyMetadata(trailers, this.trailersIfAny.entries());
    if (error instanceof BusinessError) pushBusinessStatus(trailers, error);
    if (trailers.length > 0) end.metadata = byName(trailers);
    if (!this.headersSent) this.sendHeaders();
    this.exchange.sendData(endOfStream(end), true);
  }
}

function endOfStream(end: EndOfStream): Buffer {
  const json = Buffer.from(JSON.stringify(end));
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + json.byteLength);
  frame[0] = END;
  frame.writeUInt32BE(json.byteLength, 1);
  json.copy(frame, PREFIX_BYTES);
  return frame;
}

function byName(flat: readonly string[]): Record<string, string[]> {
  const metadata: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (let at = 0; at < flat.length; at += 2) (metadata[flat[at] as string] ??= []).push(flat[at + 1] as string);
  return metadata;
}
