/** How long a call's messages took to encode and decode: measured around the codecs, so that nobody else's calls are slower. */
import type { Method } from "@kiteline/core";
import { isProtobuf, type ProtobufMessages } from "@kiteline/protobuf";
import type { Output } from "@kiteline/net";
import type { FieldCodec, ThriftMessages, ThriftReader, ThriftWriter } from "@kiteline/thrift";

export class CodecTimes {
  encodeMs = 0;
  decodeMs = 0;

  /** The methods with codecs that note the time they take; each attempt's counts. */
  measure(methods: Readonly<Record<string, Method>>): Record<string, Method> {
    return Object.fromEntries(Object.entries(methods).map(([stub, method]) => [stub, this.#measured(method)]));
  }

  #measured(method: Method): Method {
    const { messages } = method;
    return { ...method, messages: isProtobuf(messages) ? this.#protobuf(messages) : this.#thrift(messages as ThriftMessages) };
  }

  #protobuf(messages: ProtobufMessages): ProtobufMessages {
    const { format, request, response } = messages;
    return {
      format,
      request,
      response,
      encodeRequest: this.#encode((out: Output, value) => messages.encodeRequest(out, value)),
      decodeRequest: (bytes, start, end, limits) => messages.decodeRequest(bytes, start, end, limits),
      encodeResponse: (out, value) => messages.encodeResponse(out, value),
      decodeResponse: this.#decode((...from: Parameters<ProtobufMessages["decodeResponse"]>) => messages.decodeResponse(...from)),
    };
  }

  #thrift(messages: ThriftMessages): ThriftMessages {
    const { args, result, exceptions, streamed } = messages;
    return {
      ...messages,
      args: { ...args, write: this.#encode((out: ThriftWriter, value) => args.write(out, value)) },
      result: result && this.#result(result),
      exceptions: exceptions.map((each) => ({
        ...each,
        codec: { ...each.codec, read: this.#decode((inp: ThriftReader) => each.codec.read(inp)) },
      })),
      streamed: streamed && {
        request: { ...streamed.request, write: this.#encode((out: ThriftWriter, value) => streamed.request.write(out, value)) },
        response: { ...streamed.response, read: this.#decode((inp: ThriftReader) => streamed.response.read(inp)) },
      },
    };
  }

  #result(result: FieldCodec): FieldCodec {
    return {
      key: result.key,
      write: (out, value) => result.write(out, value),
      read: this.#decode((inp: ThriftReader) => result.read(inp)),
    };
  }

  #encode<Out>(write: (out: Out, value: unknown) => void): (out: Out, value: unknown) => void {
    return (out, value) => {
      const start = performance.now();
      try {
        write(out, value);
      } finally {
        this.encodeMs += performance.now() - start;
      }
    };
  }

  #decode<From extends unknown[]>(read: (...from: From) => unknown): (...from: From) => unknown {
    return (...from) => {
      const start = performance.now();
      try {
        return read(...from);
      } finally {
        this.decodeMs += performance.now() - start;
      }
    };
  }
}
