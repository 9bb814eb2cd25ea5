/**
 * Methods whose messages pass through as bytes, for proxies and for servers that answer what they do not know. The
 * bytes are structs in the binary protocol, whichever is spoken: of the arguments one way, and the other way of the
 * result with whatever it holds, declared exceptions included.
 */
import type { CallOptions, ServerCall, ServiceDescription } from "@kiteline/core";
import { defineService, type MethodInit } from "../service.ts";
import { rawStruct } from "./raw.ts";

export type PassThroughClient = Readonly<Record<string, (args: Uint8Array, options?: CallOptions) => Promise<Uint8Array>>>;
export type PassThroughHandler = Readonly<Record<string, (args: Uint8Array, call: ServerCall) => Promise<Uint8Array> | Uint8Array>>;

/** Describes a service of which nothing but the names of these methods is known. */
export function passThroughService(service: string, methods: readonly string[]): ServiceDescription<PassThroughClient, PassThroughHandler> {
  const inits: Record<string, MethodInit> = {};
  for (const name of methods) inits[name] = { name, arity: 1, args: rawStruct(`${name}_args`), whole: rawStruct(`${name}_result`) };
  return defineService(service, inits);
}
