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
  type TestServiceHandler,
} from "./gen/testing.ts";
import type { LoadReports } from "./load-reports.ts";

export const INITIAL_KEY = "x-grpc-test-echo-initial";
export const TRAILING_KEY = "x-grpc-test-echo-trailing-bin";

/** What the service looks at of a call, whoever carries it. */
export type SuiteCall = Pick<ServerCall, "metadata" | "reply" | "trailers" | "signal">;

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
    if (request.orcaPerQueryReport !== undefined) reports.attach(call, request.orcaPerQueryReport);
    return { payload: payloadOf(request.responseSize), ...(request.fillServerId ? { serverId } : {}) };
  };
  return {
    emptyCall: () => ({}),
    unaryCall: unary,
    cacheableUnaryCall: unary,

    async *streamingOutputCall(request) {
      for (const parameters of request.responseParameters) yield await responseOf(parameters);
    },

    async streamingInputCall(requests) {
      let size = 0;
      for await (const { payload } of requests) size += payload?.body.byteLength ?? 0;
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

async function responseOf({ size, intervalUs }: ResponseParameters): Promise<{ payload: PayloadInit }> {
  if (intervalUs > 0) await delay(intervalUs / 1000);
  return { payload: payloadOf(size) };
}

function payloadOf(size: number): PayloadInit {
  if (size < 0) throw new RpcError("invalid_argument", `a response cannot have ${size} bytes`);
  return { body: new Uint8Array(size) };
}
