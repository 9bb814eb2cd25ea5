/** A service as generated code describes it: `package bench; message Req { string action = 1; string msg = 2; } …`. */
import type { CallOptions, ServerCall } from "@kiteline/core";
import type { MessageCodec, ProtoFile } from "./codec.ts";
import { defineService, type ProtobufService } from "./service.ts";
import type { UnknownFields } from "./unknown-fields.ts";

export const file: ProtoFile = {
  name: "echo.proto",
  descriptor: () => "",
  imports: [],
  i64: "bigint",
  codecs: () => [ReqCodec],
  extensions: () => [],
};

export interface Req {
  action: string;
  msg: string;
  $unknown?: UnknownFields | undefined;
}

export interface ReqInit {
  action?: string | undefined;
  msg?: string | undefined;
  $unknown?: UnknownFields | undefined;
}

export const ReqCodec: MessageCodec<Req, ReqInit> = {
  name: "bench.Req",
  file,
  empty: () => ({ action: "", msg: "" }),
  write(out, value) {
    if (value.action !== undefined && value.action !== "") out.stringField(10, value.action);
    if (value.msg !== undefined && value.msg !== "") out.stringField(18, value.msg);
    out.unknown(value.$unknown);
  },
  read(inp, message = ReqCodec.empty()) {
    for (let tag: number; (tag = inp.tag()) !== 0; ) {
      switch (tag) {
        case 10: // 1: string action
          message.action = inp.string();
          break;
        case 18: // 2: string msg
          message.msg = inp.string();
          break;
        default:
          inp.unknown(tag, message);
      }
    }
    return message;
  },
};

export interface EchoClient {
  echo(request: ReqInit, options?: CallOptions): Promise<Req>;
  watch(request: ReqInit, options?: CallOptions): AsyncIterable<Req>;
}

export interface EchoHandler {
  echo(request: Req, call: ServerCall): Promise<ReqInit> | ReqInit;
  watch(request: Req, call: ServerCall): AsyncIterable<ReqInit>;
}

export const Echo: ProtobufService<EchoClient, EchoHandler> = defineService("bench.Echo", file, {
  echo: { name: "Echo", request: ReqCodec, response: ReqCodec },
  watch: { name: "Watch", request: ReqCodec, response: ReqCodec, kind: "server_stream" },
});
