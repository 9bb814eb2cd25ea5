/**
 * grpc-js behind Kiteline's stubs and handlers, so that gRPC's suite can be run by it too: its calls, streams, metadata and errors
 * are its own, the messages are written and read by generated code.
 */
import { once } from "node:events";
import * as grpc from "@grpc/grpc-js";
import { codeNumber, codeOfNumber } from "@kiteline/core";
import { decode, encode, isProtobuf, type MessageCodec, type ProtobufService } from "@kiteline/protobuf";
import { type CallInfo, type CallOptions, Metadata, RpcError } from "kiteline";
import type { SuiteCall } from "./test-service.ts";

type Method = ProtobufService["methods"][string];
type Messages = AsyncIterable<unknown> | Iterable<unknown>;

/** How one method's messages are written and read. */
interface Form {
  readonly path: string;
  readonly request: MessageCodec;
  readonly response: MessageCodec;
}

function formOf({ messages, service, name, fullName }: Method): Form {
  if (!isProtobuf(messages)) throw new TypeError(`${fullName} is not a method of Protobuf`);
  return { path: `/${service}/${name}`, request: messages.request, response: messages.response };
}

function writer(codec: MessageCodec): (message: unknown) => Buffer {
  return (message) => Buffer.from(encode(codec, message));
}

function reader(codec: MessageCodec): (bytes: Buffer) => unknown {
  return (bytes) => decode(codec, bytes);
}

/** The stubs of a service, whose calls grpc-js makes. */
export function grpcJsStubs<Stubs>(service: ProtobufService<Stubs>, client: grpc.Client): Stubs {
  const stubs = Object.entries(service.methods).map(([name, method]) => [name, stubOf(client, method)]);
  return Object.fromEntries(stubs) as Stubs;
}

function stubOf(client: grpc.Client, method: Method): (request: never, options?: CallOptions) => unknown {
  const { path, request, response } = formOf(method);
  const [write, read] = [writer(request), reader(response)];
  const settled = (start: (answer: grpc.requestCallback<unknown>) => grpc.ClientUnaryCall, options: CallOptions): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const call = start((error, value) => (error === null ? resolve(value) : reject(rpcError(error))));
      watch(call, options);
    });
  switch (method.kind) {
    case "client_stream":
      return (requests: Messages, options = {}) =>
        settled((answer) => {
          const call = client.makeClientStreamRequest(path, write, read, sent(options), limits(options), answer);
          void sendAll(call, requests);
          return call;
        }, options);
    case "server_stream":
      return (message: unknown, options = {}) =>
        received(client.makeServerStreamRequest(path, write, read, message, sent(options), limits(options)), options);
    case "bidi_stream":
      return (requests: Messages, options = {}) => {
        const call = client.makeBidiStreamRequest(path, write, read, sent(options), limits(options));
        void sendAll(call, requests);
        return received(call, options);
      };
    default:
      return (message: unknown, options = {}) =>
        settled((answer) => client.makeUnaryRequest(path, write, read, message, sent(options), limits(options), answer), options);
  }
}

function limits({ timeoutMs }: CallOptions): grpc.CallOptions {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

function sent({ metadata }: CallOptions): grpc.Metadata {
  return toGrpc(metadata === undefined ? new Metadata() : Metadata.from(metadata));
}

/** Whatever its kind, a call is given up by a signal and tells its metadata by events. */
function watch(call: grpc.ClientUnaryCall, { signal, info }: CallOptions): void {
  signal?.addEventListener("abort", () => call.cancel());
  if (info !== undefined) fill(call, info);
}

function fill(call: grpc.ClientUnaryCall, info: CallInfo): void {
  call.on("metadata", (reply: grpc.Metadata) => (info.reply = fromGrpc(reply)));
  call.on("status", (status: grpc.StatusObject) => (info.trailers = fromGrpc(status.metadata)));
}

async function* received(call: grpc.ClientReadableStream<unknown>, options: CallOptions): AsyncGenerator<unknown> {
  watch(call, options);
  try {
    yield* call;
  } catch (error) {
    throw rpcError(error as grpc.ServiceError);
  }
}

/** What ends a call while messages are sent is said to those who wait for its answer. */
async function sendAll(call: grpc.ClientWritableStream<unknown>, messages: Messages): Promise<void> {
  try {
    for await (const message of messages) if (!call.write(message)) await once(call, "drain");
    call.end();
  } catch {
    call.cancel();
  }
}

function rpcError({ code, details }: grpc.ServiceError): RpcError {
  return new RpcError(codeOfNumber(code), details);
}

type Handler = (request: never, call: SuiteCall) => unknown;
type AnyCall = grpc.ServerUnaryCall<unknown, unknown> | grpc.ServerReadableStream<unknown, unknown> | Answering;
type Answering = grpc.ServerWritableStream<unknown, unknown> | grpc.ServerDuplexStream<unknown, unknown>;

/** Adds what serves the methods of a service that `handlers` has, by the stubs' names. */
export function addToGrpcJs(server: grpc.Server, service: ProtobufService, handlers: object): void {
  const methods = Object.entries(service.methods).filter(([name]) => name in handlers);
  const definition = methods.map(([name, method]) => [name, definitionOf(method)]);
  const implementation = methods.map(([name, { kind }]) => {
    const handler = (handlers as Readonly<Record<string, Handler>>)[name] as Handler;
    return [name, kind === "server_stream" || kind === "bidi_stream" ? streaming(handler) : answering(handler)];
  });
  server.addService(
    Object.fromEntries(definition) as grpc.ServiceDefinition,
    Object.fromEntries(implementation) as grpc.UntypedServiceImplementation,
  );
}

function definitionOf(method: Method): grpc.MethodDefinition<unknown, unknown> {
  const { path, request, response } = formOf(method);
  return {
    path,
    requestStream: method.kind === "client_stream" || method.kind === "bidi_stream",
    responseStream: method.kind === "server_stream" || method.kind === "bidi_stream",
    requestSerialize: writer(request),
    requestDeserialize: reader(request),
    responseSerialize: writer(response),
    responseDeserialize: reader(response),
  };
}

function answering(handler: Handler) {
  return async (call: AnyCall, answer: grpc.sendUnaryData<unknown>): Promise<void> => {
    const handled = handledCall(call);
    try {
      const response = await handler(requestOf(call), handled);
      call.sendMetadata(toGrpc(handled.reply));
      answer(null, response, toGrpc(handled.trailers));
    } catch (error) {
      answer(statusOf(error, handled));
    }
  };
}

function streaming(handler: Handler) {
  return async (call: Answering): Promise<void> => {
    const handled = handledCall(call);
    let begun = false;
    try {
      for await (const response of handler(requestOf(call), handled) as AsyncIterable<unknown>) {
        if (!begun) call.sendMetadata(toGrpc(handled.reply));
        begun = true;
        if (!call.write(response)) await once(call, "drain");
      }
      call.end(toGrpc(handled.trailers));
    } catch (error) {
      call.emit("error", statusOf(error, handled));
    }
  };
}

/** A stream that is read to its end must stay: it has to be answered. */
function requestOf(call: AnyCall): never {
  return ("request" in call ? call.request : call.iterator({ destroyOnReturn: false })) as never;
}

function handledCall(call: AnyCall): SuiteCall {
  const gone = new AbortController();
  (call as NodeJS.EventEmitter).on("cancelled", () => gone.abort());
  // What grpc-js knows of compression it keeps to itself.
  const compression = { compression: undefined, compressedMessages: 0 };
  return { metadata: fromGrpc(call.metadata), reply: new Metadata(), trailers: new Metadata(), signal: gone.signal, ...compression };
}

function statusOf(error: unknown, { trailers }: SuiteCall): Partial<grpc.StatusObject> {
  const { code, detail } = RpcError.from(error, "unknown");
  return { code: codeNumber(code), details: detail, metadata: toGrpc(trailers) };
}

function toGrpc(metadata: Metadata): grpc.Metadata {
  const made = new grpc.Metadata();
  for (const { key, value } of metadata) made.add(key, typeof value === "string" ? value : Buffer.from(value));
  return made;
}

function fromGrpc(metadata: grpc.Metadata): Metadata {
  const made = new Metadata();
  for (const [key, values] of Object.entries(metadata.toJSON())) for (const value of values) made.append(key, value);
  return made;
}
