/** A call, a service, middleware, metadata, deadlines, errors, method descriptions, counters; the contracts of the other parts. */
export {
  asError,
  BusinessError,
  CODES,
  executedHere,
  rejection,
  retrace,
  RpcError,
  textOf,
  type Code,
  type ErrorDetail,
  type Executed,
  type RpcErrorFacts,
  type TimeSpent,
} from "./errors.ts";
export { Metadata, type EncodedMetadata, type MetadataEntry, type MetadataInit, type MetadataScope } from "./metadata.ts";
export { MetadataBlock } from "./metadata-block.ts";
export { CallInfo } from "./call-info.ts";
export type { CallOptions } from "./call-options.ts";
export { runOutsideCall } from "./call-store.ts";
export { CallScope, currentCall, runInCall } from "./current-call.ts";
export { Counters } from "./counters.ts";
export { consoleLog, type Log, type LogEvent, type LogLevel } from "./log.ts";

// For authors of middleware.
export { Call } from "./call.ts";
export { ClientCall, type Peer } from "./client-call.ts";
export { ServerCall, type ChildCall } from "./server-call.ts";
export { stack, type Middleware, type Service } from "./service.ts";
export { bareName } from "./method.ts";
export type { ClientOf, HandlerOf, Idempotency, Messages, Method, MethodKind, ServiceDescription } from "./method.ts";
export { ManualClock, systemClock, type Clock, type Timer } from "./clock.ts";

// For authors of transports, codecs and balancers.
export { Attempt, MethodBinding, type AttemptController, type AttemptHolder } from "./client-call.ts";
export { forEachMessage, type ReadByCalls, type ReadOptions } from "./for-each-message.ts";
export { MessageQueue, type MessageMemory, type QueueOwner } from "./message-queue.ts";
export { isMessageSource, OutgoingMessages, type MessageSink, type MessageSource } from "./outgoing-messages.ts";
export { limitedLog } from "./limited-log.ts";
export { TimingWheel, type WheelEntry } from "./timing-wheel.ts";
export { exceptionError, exceptionText, exceptionType } from "./application-exception.ts";
export { codeNumber, codeOfHttp, codeOfNumber, codeOfThrift, httpOfCode, thriftOfCode } from "./status-map.ts";

// For whoever checks words that people type.
export { nearest, suggest } from "./nearest.ts";
