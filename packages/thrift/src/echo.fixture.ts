/** A service written as generated code is, for tests. */
import type { Method } from "@kiteline/core";
import { defineService, missingField, type StructCodec } from "./gen.ts";

export interface Req {
  action: string;
  msg: string;
}

export const Req: StructCodec<Req, Partial<Req>> = {
  name: "Req",
  write(out, value) {
    out.begin("Req");
    if (value.action !== undefined) out.stringField(1, value.action);
    if (value.msg !== undefined) out.stringField(2, value.msg);
    out.end();
  },
  read(inp) {
    const value: Req = { action: "", msg: "" };
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) {
      switch (key) {
        case 0x0b0001:
          value.action = inp.string();
          break;
        case 0x0b0002:
          value.msg = inp.string();
          break;
        default:
          inp.skip(key);
      }
    }
    return value;
  },
};

export class NotFound extends Error {
  override readonly name = "NotFound";
  what = "";
}

export const NotFoundCodec: StructCodec<NotFound> = {
  name: "NotFound",
  write(out, value) {
    out.begin("NotFound");
    out.stringField(1, value.what);
    out.end();
  },
  read(inp) {
    const value = new NotFound();
    let what: string | undefined;
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) {
      if (key === 0x0b0001) what = inp.string();
      else inp.skip(key);
    }
    if (what === undefined) throw missingField("NotFound", 1, "what");
    value.what = what;
    return value;
  },
};

const EchoArgs: StructCodec<Req, Partial<Req>> = {
  name: "echo_args",
  write(out, request) {
    out.begin("echo_args");
    out.structField(1);
    Req.write(out, request);
    out.end();
  },
  read(inp) {
    let request: Req | undefined;
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) {
      if (key === 0x0c0001) request = Req.read(inp);
      else inp.skip(key);
    }
    if (request === undefined) throw missingField("echo_args", 1, "req");
    return request;
  },
};

const NoArgs: StructCodec<unknown> = {
  name: "ping_args",
  write(out) {
    out.begin("ping_args");
    out.end();
  },
  read(inp) {
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) inp.skip(key);
    return [];
  },
};

export const Echo = defineService("Echo", {
  echo: {
    name: "echo",
    arity: 1,
    args: EchoArgs,
    result: {
      key: 0x0c0000,
      write(out, value) {
        out.structField(0);
        Req.write(out, value as Req);
      },
      read: (inp) => Req.read(inp),
    },
    exceptions: [{ id: 1, codec: NotFoundCodec, is: (error) => error instanceof NotFound }],
  },
  ping: { name: "ping", arity: 0, args: NoArgs },
  tell: { name: "tell", arity: 0, args: NoArgs, kind: "oneway" },
});

export const echo = Echo.methods["echo"] as Method;
export const ping = Echo.methods["ping"] as Method;
export const tell = Echo.methods["tell"] as Method;
