/** `createForwarder`: a client for calls of which nothing is known but their names, as proxies make them. */
import type { CallOptions, Method } from "@kiteline/core";
import { ClientCore, type Caller, type ClientControl } from "./client.ts";
import { resolveClientOptions } from "./client-options.ts";
import type { UnknownRequest } from "./registry.ts";
import { clientSettings, type ClientOptions } from "./suite.ts";

/** Methods whose callers are kept. Names come from whoever calls the proxy: only so many are remembered. */
const MAX_METHODS = 1000;

export interface Forwarder extends ClientControl {
  /**
   * Makes the call that a server's handler for unknown methods was given, or any other. Resolves with the struct of the
   * result in Thrift's binary protocol, whatever it holds: field 0, or a declared exception. Rejects as all calls do.
   */
  forward(request: UnknownRequest, options?: CallOptions): Promise<Uint8Array>;
}

/**
 * Makes a client that passes on what a server's `addUnknown` takes: `server.addUnknown((request) => forwarder.forward(request))`
 * is a proxy. Inside a handler the deadline, cancellation, persistent metadata and, where it is trusted, the lane of the
 * call being handled are inherited; what else shall go on says the option `metadata` of the call. Callers choose the
 * names: a proxy that serves only some methods has to look.
 * Throws a `TypeError` or `RangeError` for wrong options, such as a protocol that does not carry Thrift.
 */
export function createForwarder(options: ClientOptions): Forwarder {
  const resolved = resolveClientOptions(clientSettings(options));
  if (resolved.protocol === "grpc") throw new TypeError("a forwarder passes on Thrift's calls, and not over gRPC");
  const core = new ClientCore(resolved);
  const callers = new Map<string, Caller>();
  const addCaller = async (key: string, { service, method, oneway }: UnknownRequest): Promise<Caller> => {
    // With the first call: programs without a forwarder never pay for it.
    const { passThroughService } = await import("@kiteline/thrift/wires");
    const described = passThroughService(service, [method]).methods[method] as Method;
    const caller = core.caller(oneway === true ? { ...described, kind: "oneway" } : described);
    if (callers.size < MAX_METHODS) callers.set(key, caller);
    return caller;
  };
  return Object.defineProperties(
    {
      async forward(request: UnknownRequest, callOptions?: CallOptions): Promise<Uint8Array> {
        const key = `${request.service}\0${request.method}\0${request.oneway === true}`;
        const caller = callers.get(key) ?? (await addCaller(key, request));
        const result = (await caller.call(request.args, callOptions)) as Uint8Array | undefined;
        return result ?? NO_RESULT;
      },
    },
    Object.getOwnPropertyDescriptors(core.control(() => ANY_METHOD)),
  ) as Forwarder;
}

/** Of a oneway call: a struct without fields. */
const NO_RESULT: Uint8Array = Uint8Array.of(0);

/** Stands for whatever will be forwarded, to ask where it would go. */
const ANY_METHOD: Method = {
  service: "",
  name: "",
  fullName: ".",
  kind: "unary",
  idempotency: "unknown",
  arity: 1,
  messages: { format: "thrift" },
};
