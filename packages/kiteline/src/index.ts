/** `createClient`, `createServer`: the parts assembled. Start here; all else is a type or an option of those. */
export { createClient, controlOf, type Client, type ClientControl } from "./client.ts";
export type { ClientSettings, InProcessTarget } from "./client-options.ts";
export type { ClientState } from "./destinations.ts";
export { createForwarder, type Forwarder } from "./forwarder.ts";
export { createServer, type AddOptions, type ListenOptions, type Server } from "./server.ts";
export type { UnknownHandler, UnknownRequest } from "./registry.ts";
export type { MessageLimits } from "./message-limits.ts";
export type { ServerSettings } from "./server-options.ts";
export type { ClientOptions, ServerOptions, Suite } from "./suite.ts";
export type { ProtocolName } from "./protocols.ts";
export {
  BusinessError,
  CallInfo,
  currentCall,
  forEachMessage,
  Metadata,
  RpcError,
  type Call,
  type CallOptions,
  type ClientCall,
  type ClientOf,
  type Clock,
  type Code,
  type Counters,
  type Executed,
  type HandlerOf,
  type Idempotency,
  type Log,
  type LogEvent,
  type LogLevel,
  type ReadOptions,
  type MetadataEntry,
  type MetadataInit,
  type MetadataScope,
  type Method,
  type MethodKind,
  type Middleware,
  type Peer,
  type RpcErrorFacts,
  type ServerCall,
  type Service,
  type ServiceDescription,
  type TimeSpent,
  type Timer,
} from "@kiteline/core";
export type { ClientTls, ConnectionMode, Dialer, Pem, ServerTls } from "@kiteline/net";
export type { Snapshot, Source, Subscription } from "@kiteline/policy";
