/**
 * The client's side of gRPC's suite: each case does and asserts what "Interoperability Test Case Descriptions" says of it. They are
 * written for Kiteline's stubs; whoever else has such stubs can make them too.
 */
import assert from "node:assert/strict";
import { inspect, isDeepStrictEqual } from "node:util";
import { decode } from "@kiteline/protobuf";
import { CallInfo, type Code, Metadata, RpcError } from "kiteline";
import { type OrcaLoadReport, OrcaLoadReportCodec } from "./gen/orca_data.ts";
import type { OpenRcaServiceClient } from "./gen/orca_service.ts";
import type {
  SimpleRequestInit,
  SimpleResponse,
  StreamingInputCallRequestInit,
  StreamingOutputCallRequestInit,
  StreamingOutputCallResponse,
  TestOrcaReport,
  TestServiceClient,
  UnimplementedServiceClient,
} from "./gen/testing.ts";
import { REPORT_KEY } from "./load-reports.ts";
import { INITIAL_KEY, nanoseconds, TRAILING_KEY } from "./test-service.ts";

/** Stubs of one connection, or set of connections, to the suite's server. */
export interface SuiteClients extends AsyncDisposable {
  readonly test: TestServiceClient;
  readonly unimplemented: UnimplementedServiceClient;
  readonly loads: OpenRcaServiceClient;
}

export type SuiteCase = (clients: SuiteClients) => Promise<void>;

const LARGE_REQUEST_BYTES = 271_828;
const LARGE_RESPONSE_BYTES = 314_159;
const REQUEST_BYTES = [27_182, 8, 1828, 45_904];
const RESPONSE_BYTES = [31_415, 9, 2653, 58_979];
const INITIAL_VALUE = "test_initial_metadata_value";
const TRAILING_VALUE = new Uint8Array([0xab, 0xab, 0xab]);
const SPECIAL_MESSAGE = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
const REPORT: Load = {
  cpuUtilization: 0.821,
  memoryUtilization: 0.5847,
  requestCost: new Map([["cost", 3456.32]]),
  utilization: new Map([["util", 0.30499]]),
};
/** Announced one after the other. */
const OOB_REPORTS: readonly Load[] = [
  { ...REPORT, requestCost: new Map() },
  { cpuUtilization: 0.29309, memoryUtilization: 0.2, requestCost: new Map(), utilization: new Map([["util", 0.2039]]) },
];
const PICK_FIRST_CALLS = 100;
const CANCEL_AFTER_MS = 20;

const LARGE: SimpleRequestInit = { responseSize: LARGE_RESPONSE_BYTES, payload: { body: new Uint8Array(LARGE_REQUEST_BYTES) } };

export const CASES: Readonly<Record<string, SuiteCase>> = {
  async empty_unary({ test }) {
    assert.deepEqual(await test.emptyCall({}), {});
  },

  async cacheable_unary({ test }) {
    const request: SimpleRequestInit = { payload: { body: Buffer.from(nanoseconds()) } };
    // Some proxies cache nothing for callers of their own host.
    const call = (): Promise<SimpleResponse> => test.cacheableUnaryCall(request, { metadata: new Metadata().set("x-user-ip", "1.2.3.4") });
    const [first, second] = [await call(), await call()];
    assert.ok(first.payload !== undefined && first.payload.body.byteLength > 0);
    assert.deepEqual(second.payload?.body, first.payload.body, "expected the same answer twice, from a cache in front of the server");
  },

  large_unary: ({ test }) => largeUnary(test, LARGE_REQUEST_BYTES, LARGE_RESPONSE_BYTES),

  async client_compressed_unary({ test }) {
    const call = (expected: boolean, compression?: string): Promise<SimpleResponse> =>
      test.unaryCall({ ...LARGE, expectCompressed: { value: expected } }, { compression });
    await assert.rejects(call(true), failsWith("invalid_argument"));
    for (const response of [await call(true, "gzip"), await call(false)])
      assert.equal(response.payload?.body.byteLength, LARGE_RESPONSE_BYTES);
  },

  async client_compressed_streaming({ test }) {
    const [first, second] = [27_182, 45_904];
    const message = (size: number, value: boolean): StreamingInputCallRequestInit => ({
      payload: zeros(size),
      expectCompressed: { value },
    });
    await assert.rejects(test.streamingInputCall([message(first, true)]), failsWith("invalid_argument"));
    const { aggregatedPayloadSize } = await test.streamingInputCall([message(first, true), message(second, false)], {
      compression: "gzip",
      compressMessage: (each) => (each as StreamingInputCallRequestInit).expectCompressed?.value === true,
    });
    assert.equal(aggregatedPayloadSize, first + second);
  },

  async server_compressed_unary({ test }) {
    for (const value of [true, false]) {
      const info = new CallInfo();
      const { payload } = await test.unaryCall({ ...LARGE, responseCompressed: { value } }, { info });
      assert.equal(payload?.body.byteLength, LARGE_RESPONSE_BYTES);
      assert.equal(info.compressedMessages, value ? 1 : 0);
    }
  },

  async server_compressed_streaming({ test }) {
    const info = new CallInfo();
    const responseParameters = [
      { size: 31_415, compressed: { value: true } },
      { size: 92_653, compressed: { value: false } },
    ];
    assert.deepEqual(await sizesOf(test.streamingOutputCall({ responseParameters }, { info })), [31_415, 92_653]);
    assert.equal(info.compressedMessages, 1);
  },

  async client_streaming({ test }) {
    const { aggregatedPayloadSize } = await test.streamingInputCall(REQUEST_BYTES.map((size) => ({ payload: zeros(size) })));
    assert.equal(aggregatedPayloadSize, 74_922);
  },

  async server_streaming({ test }) {
    const responses = test.streamingOutputCall({ responseParameters: RESPONSE_BYTES.map((size) => ({ size })) });
    assert.deepEqual(await sizesOf(responses), RESPONSE_BYTES);
  },

  async ping_pong({ test }) {
    const turns = new Turns(
      REQUEST_BYTES.map((size, at) => ({ responseParameters: [{ size: RESPONSE_BYTES[at] ?? 0 }], payload: zeros(size) })),
    );
    const sizes: number[] = [];
    for await (const { payload } of test.fullDuplexCall(turns)) {
      sizes.push(payload?.body.byteLength ?? 0);
      turns.next();
    }
    assert.deepEqual(sizes, RESPONSE_BYTES);
  },

  async empty_stream({ test }) {
    assert.deepEqual(await sizesOf(test.fullDuplexCall([])), []);
  },

  async timeout_on_sleeping_server({ test }) {
    const responses = test.fullDuplexCall(thenSilence({ payload: zeros(27_182) }), { timeoutMs: 1 });
    await assert.rejects(sizesOf(responses), failsWith("deadline_exceeded"));
  },

  async cancel_after_begin({ test }) {
    const controller = new AbortController();
    const result = test.streamingInputCall(thenSilence(), { signal: controller.signal });
    setTimeout(() => controller.abort(), CANCEL_AFTER_MS);
    await assert.rejects(result, failsWith("cancelled"));
  },

  async cancel_after_first_response({ test }) {
    const controller = new AbortController();
    const request = { responseParameters: [{ size: 31_415 }], payload: zeros(27_182) };
    let responses = 0;
    const read = async (): Promise<void> => {
      for await (const { payload } of test.fullDuplexCall(thenSilence(request), { signal: controller.signal })) {
        assert.equal(payload?.body.byteLength, 31_415);
        responses += 1;
        controller.abort();
      }
    };
    await assert.rejects(read(), failsWith("cancelled"));
    assert.equal(responses, 1);
  },

  async status_code_and_message({ test }) {
    const responseStatus = { code: 2, message: "test status message" };
    const expected = failsWith("unknown", responseStatus.message);
    await assert.rejects(test.unaryCall({ responseStatus }), expected);
    await assert.rejects(sizesOf(test.fullDuplexCall([{ responseStatus }])), expected);
  },

  async special_status_message({ test }) {
    await assert.rejects(test.unaryCall({ responseStatus: { code: 2, message: SPECIAL_MESSAGE } }), failsWith("unknown", SPECIAL_MESSAGE));
  },

  async custom_metadata({ test }) {
    const metadata = new Metadata().set(INITIAL_KEY, INITIAL_VALUE).set(TRAILING_KEY, TRAILING_VALUE);
    const requireEchoed = (info: CallInfo): void => {
      assert.equal(info.reply.get(INITIAL_KEY), INITIAL_VALUE);
      assert.deepEqual(new Uint8Array(info.trailers.getBytes(TRAILING_KEY) ?? []), TRAILING_VALUE);
    };
    const unary = new CallInfo();
    await test.unaryCall({ responseSize: LARGE_RESPONSE_BYTES, payload: zeros(LARGE_REQUEST_BYTES) }, { metadata, info: unary });
    requireEchoed(unary);
    const streamed = new CallInfo();
    const request = { responseParameters: [{ size: LARGE_RESPONSE_BYTES }], payload: zeros(LARGE_REQUEST_BYTES) };
    assert.deepEqual(await sizesOf(test.fullDuplexCall([request], { metadata, info: streamed })), [LARGE_RESPONSE_BYTES]);
    requireEchoed(streamed);
  },

  async unimplemented_method({ test }) {
    await assert.rejects(test.unimplementedCall({}), failsWith("unimplemented"));
  },

  async unimplemented_service({ unimplemented }) {
    await assert.rejects(unimplemented.unimplementedCall({}), failsWith("unimplemented"));
  },

  async pick_first_unary({ test }) {
    const servers = new Set<string>();
    for (let call = 0; call < PICK_FIRST_CALLS; call += 1)
      servers.add((await test.unaryCall({ responseSize: 1, fillServerId: true })).serverId);
    assert.equal(servers.size, 1);
    assert.ok(!servers.has(""), "the server does not say who it is");
  },

  async orca_per_rpc({ test }) {
    const info = new CallInfo();
    await test.unaryCall({ orcaPerQueryReport: REPORT }, { info });
    const report = decode(OrcaLoadReportCodec, info.trailers.getBytes(REPORT_KEY) ?? new Uint8Array());
    assert.deepEqual(loadOf(report), REPORT);
  },

  async orca_oob({ test, loads }) {
    const turns = new Turns(OOB_REPORTS.map((orcaOobReport) => ({ orcaOobReport, responseParameters: [{ size: 1 }] })));
    const reports = loads.streamCoreMetrics({ reportInterval: { seconds: 1n } })[Symbol.asyncIterator]();
    const expected = OOB_REPORTS.values();
    for await (const _ of test.fullDuplexCall(turns)) {
      await requireReport(reports, expected.next().value as Load);
      turns.next();
    }
    assert.ok(expected.next().done, "the server did not answer each report");
    await reports.return?.();
  },
};

/** One unary call with this much both ways, which the soak cases make again and again. */
export async function largeUnary(test: TestServiceClient, requestBytes: number, responseBytes: number): Promise<void> {
  const request: SimpleRequestInit = { responseSize: responseBytes, payload: zeros(requestBytes) };
  const { payload } = await test.unaryCall(request);
  assert.equal(payload?.body.byteLength, responseBytes);
  assert.ok(payload.body.every((each) => each === 0));
}

function zeros(size: number): { body: Uint8Array } {
  return { body: new Uint8Array(size) };
}

async function sizesOf(responses: AsyncIterable<StreamingOutputCallResponse>): Promise<number[]> {
  const sizes: number[] = [];
  for await (const { payload } of responses) sizes.push(payload?.body.byteLength ?? 0);
  return sizes;
}

function failsWith(code: Code, detail?: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof RpcError, `expected an RpcError, got ${String(error)}`);
    assert.equal(error.code, code);
    if (detail !== undefined) assert.equal(error.detail, detail);
    return true;
  };
}

/** Messages, and then neither more of them nor an end. */
async function* thenSilence<T>(...messages: readonly T[]): AsyncGenerator<T> {
  yield* messages;
  await new Promise(() => {});
}

/** Requests that wait for their turn: the first goes at once, each further one, and then the end, when `next` is called. */
class Turns implements AsyncIterable<StreamingOutputCallRequestInit> {
  readonly #requests: readonly StreamingOutputCallRequestInit[];
  #turn = Promise.withResolvers<void>();

  constructor(requests: readonly StreamingOutputCallRequestInit[]) {
    this.#requests = requests;
  }

  next(): void {
    this.#turn.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StreamingOutputCallRequestInit> {
    for (const request of this.#requests) {
      yield request;
      await this.#turn.promise;
      this.#turn = Promise.withResolvers();
    }
  }
}

type Load = Omit<TestOrcaReport, "$unknown">;

function loadOf({ cpuUtilization, memUtilization, requestCost, utilization }: OrcaLoadReport): Load {
  return { cpuUtilization, memoryUtilization: memUtilization, requestCost, utilization };
}

/** Reads reports until one says this; earlier ones may have been under way. */
async function requireReport(reports: AsyncIterator<OrcaLoadReport>, expected: Load): Promise<void> {
  for (let last: Load | undefined; !isDeepStrictEqual(last, expected); ) {
    const step = await reports.next();
    if (step.done === true) assert.fail(`the reports ended, the last was ${inspect(last)}`);
    last = loadOf(step.value);
  }
}
