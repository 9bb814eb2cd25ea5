/** The service that Connect's conformance suite calls: it answers as it is asked to, and tells what has come. */
import { setTimeout as sleep } from "node:timers/promises";
import { CODES, RpcError, type Metadata, type ServerCall } from "@kiteline/core";
import { packAny, type AnyMessage, type MessageCodec } from "@kiteline/protobuf";
import {
  BidiStreamRequestCodec,
  ClientStreamRequestCodec,
  ConformancePayload_RequestInfoCodec,
  IdempotentUnaryRequestCodec,
  ServerStreamRequestCodec,
  UnaryRequestCodec,
  type ConformancePayload_RequestInfoInit,
  type ConformancePayloadInit,
  type ConformanceServiceHandler,
  type Error_,
  type Header,
  type StreamResponseDefinition,
  type UnaryResponseDefinition,
} from "./gen/conformance.ts";

interface Payload {
  payload: ConformancePayloadInit;
}

export const conformance: ConformanceServiceHandler = {
  unary: (request, call) => answer(request.responseDefinition, [packAny(UnaryRequestCodec, request)], call),

  idempotentUnary: (request, call) => answer(request.responseDefinition, [packAny(IdempotentUnaryRequestCodec, request)], call),

  unimplemented() {
    throw new RpcError("unimplemented", "the suite wants it so");
  },

  async clientStream(requests, call) {
    let definition: UnaryResponseDefinition | undefined;
    const came: AnyMessage[] = [];
    for await (const request of requests) {
      if (came.length === 0) definition = request.responseDefinition;
      came.push(packAny(ClientStreamRequestCodec, request));
    }
    return answer(definition, came, call);
  },

  serverStream: (request, call) => answers(request.responseDefinition, [packAny(ServerStreamRequestCodec, request)], call),

  async *bidiStream(requests, call) {
    let definition: StreamResponseDefinition | undefined;
    let left: Uint8Array[] = [];
    let first = true;
    let fullDuplex = false;
    const came: AnyMessage[] = [];
    for await (const request of requests) {
      if (first) {
        definition = request.responseDefinition;
        left = [...(definition?.responseData ?? [])];
        ({ fullDuplex } = request);
        if (definition !== undefined) setMetadata(call, definition);
      }
      came.push(packAny(BidiStreamRequestCodec, request));
      const data = fullDuplex ? left.shift() : undefined;
      if (fullDuplex && data === undefined) break;
      if (data !== undefined) {
        await sleep(definition?.responseDelayMs ?? 0);
        yield { payload: { data, requestInfo: first ? infoOf(call, came) : { requests: came.slice(-1) } } };
        came.length = 0;
      }
      first = false;
    }
    yield* send(left, definition, call, first || !fullDuplex || came.length > 0 ? infoOf(call, came) : undefined);
  },
};

function setMetadata(call: ServerCall, { responseHeaders, responseTrailers }: UnaryResponseDefinition | StreamResponseDefinition): void {
  addAll(call.reply, responseHeaders);
  addAll(call.trailers, responseTrailers);
}

function addAll(to: Metadata, headers: readonly Header[]): void {
  for (const { name, value } of headers)
    for (const each of value) to.append(name, name.endsWith("-bin") ? Buffer.from(each, "base64") : each);
}

async function answer(definition: UnaryResponseDefinition | undefined, came: AnyMessage[], call: ServerCall): Promise<Payload> {
  const requestInfo = infoOf(call, came);
  if (definition === undefined) return { payload: { requestInfo } };
  setMetadata(call, definition);
  await sleep(definition.responseDelayMs);
  const { response } = definition;
  if (response.case === "error") throw errorOf(response.value, requestInfo);
  return { payload: { requestInfo, ...(response.case === "responseData" ? { data: response.value } : {}) } };
}

async function* answers(definition: StreamResponseDefinition | undefined, came: AnyMessage[], call: ServerCall): AsyncGenerator<Payload> {
  if (definition !== undefined) setMetadata(call, definition);
  yield* send(definition?.responseData ?? [], definition, call, infoOf(call, came));
}

/** Sends what is left to be sent; the first message, or the error instead of it, tells what came. */
async function* send(
  data: readonly Uint8Array[],
  definition: StreamResponseDefinition | undefined,
  _call: ServerCall,
  requestInfo: ConformancePayload_RequestInfoInit | undefined,
): AsyncGenerator<Payload> {
  let info = requestInfo;
  for (const each of data) {
    await sleep(definition?.responseDelayMs ?? 0);
    yield { payload: { data: each, ...(info === undefined ? {} : { requestInfo: info }) } };
    info = undefined;
  }
  if (definition?.error !== undefined) throw errorOf(definition.error, info);
}

function infoOf(call: ServerCall, requests: readonly AnyMessage[]): ConformancePayload_RequestInfoInit {
  const headers = new Map<string, string[]>();
  for (const { key, value } of call.metadata) {
    const text = typeof value === "string" ? value : Buffer.from(value).toString("base64");
    headers.set(key, [...(headers.get(key) ?? []), text]);
  }
  const { timeLeftMs } = call;
  return {
    requestHeaders: [...headers].map(([name, value]) => ({ name, value })),
    requests: [...requests],
    ...(timeLeftMs === Infinity ? {} : { timeoutMs: BigInt(Math.ceil(timeLeftMs)) }),
  };
}

function errorOf({ code, message, details }: Error_, requestInfo: ConformancePayload_RequestInfoInit | undefined): RpcError {
  const info =
    requestInfo === undefined
      ? []
      : [packAny(ConformancePayload_RequestInfoCodec as MessageCodec<unknown, typeof requestInfo>, requestInfo)];
  return new RpcError(CODES[code - 1] ?? "unknown", message ?? "", { details: [...details, ...info] });
}
