/** A service with one method, written as generated code is. */
import { defineService, type CallOptions, type ServerCall, type ServiceDescription, type StructCodec } from "@kiteline/thrift/gen";

export interface Message {
  action: string;
  msg: string;
}

export interface EchoClient {
  echo(request: Message, options?: CallOptions): Promise<Message>;
}

export interface EchoHandler {
  echo(request: Message, call: ServerCall): Promise<Message> | Message;
}

const MessageCodec: StructCodec<Message> = {
  name: "Message",
  write(out, value) {
    out.begin("Message");
    out.stringField(1, value.action);
    out.stringField(2, value.msg);
    out.end();
  },
  read(inp) {
    const value: Message = { action: "", msg: "" };
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) {
      if (key === 0x0b0001) value.action = inp.string();
      else if (key === 0x0b0002) value.msg = inp.string();
      else inp.skip(key);
    }
    return value;
  },
};

const ArgsCodec: StructCodec<Message> = {
  name: "echo_args",
  write(out, request) {
    out.begin("echo_args");
    out.structField(1);
    MessageCodec.write(out, request);
    out.end();
  },
  read(inp) {
    let request: Message = { action: "", msg: "" };
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) {
      if (key === 0x0c0001) request = MessageCodec.read(inp);
      else inp.skip(key);
    }
    return request;
  },
};

export const Echo: ServiceDescription<EchoClient, EchoHandler> = defineService("Echo", {
  echo: {
    name: "echo",
    arity: 1,
    args: ArgsCodec,
    result: {
      key: 0x0c0000,
      write(out, value) {
        out.structField(0);
        MessageCodec.write(out, value as Message);
      },
      read: (inp) => MessageCodec.read(inp),
    },
  },
});
