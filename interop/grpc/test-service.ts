/** The server's side of gRPC's suite: what its methods do is said in "Interoperability Test Case Descriptions". */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { codeOfNumber } from "@kiteline/core";
import { RpcError, type ServerCall, type ServiceDescription } from "kiteline";
import {
  TestService,
  type EchoStatus,
  type PayloadInit,
  type ResponseParameters,
  type SimpleRequest,
  type SimpleResponseInit,
  type StreamingInputCallRequest,
  type TestServiceHandler,
} from "./gen/testing.ts";
import type { LoadReports } from "./load-reports.ts";

export const INITIAL_KEY = "x-grpc-test-echo-initial";
export const TRAILING_KEY = "x-grpc-test-echo-trailing-bin";
const COMPRESSION = "gzip";
const CACHEABLE_SECONDS = 60;

/** What the service looks at of a call, whoever carries it. */
export type SuiteCall = Pick<ServerCall, "metadata" | "reply" | "trailers" | "signal" | "compression" | "compressedMessages">;

/** What is implemented; the suite calls `unimplementedCall` to see that it is not. */
export type TestHandler = Omit<TestServiceHandler, "unimplementedCall">;

export function implemented(): ServiceDescription<unknown, TestHandler> {
  const { unimplementedCall: _, ...methods } = TestService.methods;
  return { name: TestService.name, methods };
}

export function testHandler(reports: LoadReports): TestHandler {
  const serverId = randomUUID();
  const unary = (request: SimpleRequest, call: SuiteCall): SimpleResponseInit => {
    echoMetadata(call);
    requireOk(request.responseStatus);
    requireCompressed([request], call);
    if (request.responseCompressed?.value === true) call.compression = COMPRESSION;
    if (request.orcaPerQueryReport !== undefined) reports.attach(call, request.orcaPerQueryReport);
    return { payload: payloadOf(request.responseSize), ...(request.fillServerId ? { serverId } : {}) };
  };
  return {
    emptyCall: () => ({}),
    unaryCall: unary,

    cacheableUnaryCall(_request, call) {
      call.reply.set("cache-control", `max-age=${CACHEABLE_SECONDS}, public`);
      return { payload: { body: Buffer.from(nanoseconds()) } };
    },

    async *streamingOutputCall(request, call) {
      for (const parameters of request.responseParameters) {
        call.compression = parameters.compressed?.value === true ? COMPRESSION : undefined;
        yield await responseOf(parameters);
      }
    },

    async streamingInputCall(requests, call) {
      let size = 0;
      const all: Pick<StreamingInputCallRequest, "expectCompressed">[] = [];
      for await (const { payload, expectCompressed } of requests) {
        size += payload?.body.byteLength ?? 0;
        all.push({ expectCompressed });
      }
      requireCompressed(all, call);
      return { aggregatedPayloadSize: size };
    },

    async *fullDuplexCall(requests, call) {
      echoMetadata(call);
      for await (const request of requests) {
        requireOk(request.responseStatus);
        if (request.orcaOobReport !== undefined) reports.announce(request.orcaOobReport);
        for (const parameters of request.responseParameters) yield await responseOf(parameters);
      }
    },

    async *halfDuplexCall(requests) {
      const asked: ResponseParameters[] = [];
      for await (const { responseParameters } of requests) asked.push(...responseParameters);
      for (const parameters of asked) yield await responseOf(parameters);
    },
  };
}

/** The time now, as text. */
export function nanoseconds(): string {
  return String(BigInt(Date.now()) * 1_000_000n + (process.hrtime.bigint() % 1_000_000n));
}

function echoMetadata(call: SuiteCall): void {
  const initial = call.metadata.get(INITIAL_KEY);
  if (initial !== undefined) call.reply.set(INITIAL_KEY, initial);
  const trailing = call.metadata.getBytes(TRAILING_KEY);
  if (trailing !== undefined) call.trailers.set(TRAILING_KEY, trailing);
}

function requireOk(status: EchoStatus | undefined): void {
  if (status === undefined || status.code === 0) return;
  throw new RpcError(codeOfNumber(status.code), status.message);
}

/** All messages of the request have come, and some say whether they should be compressed. */
function requireCompressed(messages: readonly Pick<SimpleRequest, "expectCompressed">[], { compressedMessages }: SuiteCall): void {
  const said = messages.flatMap(({ expectCompressed }) => (expectCompressed === undefined ? [] : [expectCompressed.value]));
  const expected = said.filter((each) => each).length;
  if (said.length === 0 || compressedMessages === expected) return;
  throw new RpcError("invalid_argument", `${compressedMessages} messages came compressed instead of ${expected}`);
}

async function responseOf({ size, intervalUs }: ResponseParameters): Promise<{ payload: PayloadInit }> {
  if (intervalUs > 0) await delay(intervalUs / 1000);
  return { payload: payloadOf(size) };
}

function payloadOf(size: number): PayloadInit {
  if (size < 0) throw new RpcError("invalid_argument", `a response cannot have ${size} bytes`);
  return { body: new Uint8Array(size) };
}
