/** How long a call's messages took to encode and decode: measured around the codecs, so that nobody else's calls are slower. */
import type { Method } from "@kiteline/core";
import type { FieldCodec, StructCodec, ThriftMessages } from "@kiteline/thrift";

export class CodecTimes {
  encodeMs = 0;
  decodeMs = 0;

  /** The methods with codecs that note the time they take; each attempt's counts. */
  measure(methods: Readonly<Record<string, Method>>): Record<string, Method> {
    return Object.fromEntries(Object.entries(methods).map(([stub, method]) => [stub, this.#measured(method)]));
  }

  #measured(method: Method): Method {
    const messages = method.messages as ThriftMessages;
    const { args, result, exceptions } = messages;
    const measured: ThriftMessages = {
      ...messages,
      args: { ...args, write: this.#encode((out, value) => args.write(out, value)) },
      result: result && this.#result(result),
      exceptions: exceptions.map((each) => ({ ...each, codec: { ...each.codec, read: this.#decode((inp) => each.codec.read(inp)) } })),
    };
    return { ...method, messages: measured };
  }

  #result(result: FieldCodec): FieldCodec {
    return { key: result.key, write: (out, value) => result.write(out, value), read: this.#decode((inp) => result.read(inp)) };
  }

  #encode(write: StructCodec<unknown>["write"]): StructCodec<unknown>["write"] {
    return (out, value) => {
      const start = performance.now();
      try {
        write(out, value);
      } finally {
        this.encodeMs += performance.now() - start;
      }
    };
  }

  #decode(read: StructCodec<unknown>["read"]): StructCodec<unknown>["read"] {
    return (inp) => {
      const start = performance.now();
      try {
        return read(inp);
      } finally {
        this.decodeMs += performance.now() - start;
      }
    };
  }
}
