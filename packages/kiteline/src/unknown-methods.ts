/** Methods that no service has, served as bytes by the handler for them. */
import { RpcError, type Method, type ServerCall } from "@kiteline/core";
import type { ServedMethod } from "@kiteline/net";
import { MessageCall } from "@kiteline/net/server";
import { passThroughService } from "@kiteline/thrift/server";
import type { Registry, UnknownHandler } from "./registry.ts";

/** Names come from callers: only so many are remembered. */
const MAX_METHODS = 1000;

export class UnknownMethods {
  readonly #registry: Registry;
  readonly #served = new Map<string, ServedMethod>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** `service` is empty when the request names none. */
  serve(service: string, name: string, handler: UnknownHandler): ServedMethod {
    const key = `${service}\0${name}`;
    let served = this.#served.get(key);
    if (served === undefined) {
      const method = passThroughService(service, [name]).methods[name] as Method;
      served = this.#registry.serve(method, async (args, call) => {
        const oneway = call instanceof MessageCall && call.oneway;
        try {
          return await handler({ service, method: name, args: args as Uint8Array, oneway }, call as ServerCall);
        } catch (error) {
          throw error instanceof RpcError ? passedOn(error) : error;
        }
      });
      if (this.#served.size < MAX_METHODS) this.#served.set(key, served);
    }
    return served;
  }
}

/** What whoever was asked instead says of the call is true of this one, which is the same: not executed there is not executed. */
function passedOn(error: RpcError): RpcError {
  const { code, detail, executed, retriable, foreignCode, details } = error;
  return new RpcError(code, detail, { executed, retriable, details, cause: error, ...(foreignCode === undefined ? {} : { foreignCode }) });
}
