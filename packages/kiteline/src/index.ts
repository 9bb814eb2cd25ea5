/** `createClient`, `createServer`: the parts assembled. Start here; all else is a type or an option of those. */
export { createClient, controlOf, type Client, type ClientControl } from "./client.ts";
export type { InProcessTarget } from "./client-options.ts";
export type { ClientState } from "./destinations.ts";
export { createServer, type AddOptions, type ListenOptions, type Server } from "./server.ts";
export type { UnknownHandler, UnknownRequest } from "./registry.ts";
export type { ClientOptions, ServerOptions, Suite } from "./suite.ts";
export type { ProtocolName } from "./wires.ts";
export {
  BusinessError,
  CallInfo,
  currentCall,
  Metadata,
  RpcError,
  type Call,
  type CallOptions,
  type ClientCall,
  type ClientOf,
  type Code,
  type Middleware,
  type ServerCall,
  type Service,
  type ServiceDescription,
} from "@kiteline/core";
export type { Source } from "@kiteline/policy";
