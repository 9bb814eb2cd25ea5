/** gRPC-Web, for browsers: gRPC with the fields at the end as a last frame of the body, binary or all of it in base64 (PROTOCOL-WEB). */
import type { Fields, PreparedFields, StreamReceiver } from "@kiteline/http2";
import type { ServedMethod } from "@kiteline/net";
import { Base64Exchange } from "./base64-exchange.ts";
import { GRPC_FIELDS, GrpcCall, refuseByFields } from "./grpc-call.ts";
import type { CallContext, Dialect } from "./http/dialect.ts";
import type { Exchange } from "./http/exchange.ts";
import { RequestHead } from "./http/request-head.ts";
import { PREFIX_BYTES } from "./message-reader.ts";
import { payloadOf, type GrpcPayload } from "./payload.ts";

/** The flag of the frame that holds the trailers. */
const TRAILERS = 0x80;

export const grpcWeb: Dialect = {
  plain: false,
  carries: () => true,
  read: (fields, payloads) => readHead(fields, payloads, "application/grpc-web"),
  refuse: refuseByFields,

  open(context: CallContext, exchange: Exchange, head: RequestHead, served: ServedMethod, end: boolean): StreamReceiver {
    const call = new GrpcWebCall(context, exchange, head, served);
    call.begin(end);
    return call;
  },
};

export const grpcWebText: Dialect = {
  plain: false,
  carries: () => true,
  read: (fields, payloads) => readHead(fields, payloads, "application/grpc-web-text"),
  refuse: refuseByFields,

  open(context: CallContext, exchange: Exchange, head: RequestHead, served: ServedMethod, end: boolean): StreamReceiver {
    const text = new Base64Exchange(exchange, context.maxMessageBytes);
    const call = new GrpcWebCall(context, text, head, served);
    text.attach(call);
    call.begin(end);
    return text;
  },
};

function readHead(fields: Fields, payloads: readonly GrpcPayload[], type: string): RequestHead | undefined {
  const payload = fields.method === "POST" ? payloadOf(fields.get("content-type"), payloads, type) : undefined;
  return payload === undefined
    ? undefined
    : new RequestHead(fields, { payload, names: GRPC_FIELDS, contentType: `${type}+${payload.name}` });
}

class GrpcWebCall extends GrpcCall {
  protected override sendTrailers({ list }: PreparedFields, extra: readonly string[] = []): void {
    let text = "";
    for (const [name, value] of list) text += `${name}: ${value}\r\n`;
    for (let at = 0; at < extra.length; at += 2) text += `${extra[at]}: ${extra[at + 1]}\r\n`;
    const frame = Buffer.allocUnsafe(PREFIX_BYTES + text.length);
    frame[0] = TRAILERS;
    frame.writeUInt32BE(text.length, 1);
    // Values of fields hold a byte of the wire per character.
    frame.write(text, PREFIX_BYTES, "latin1");
    this.exchange.sendData(frame, true);
  }
}
