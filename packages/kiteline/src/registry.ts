/** Which handler serves a request: by service and method, or by the method alone where the request names no service. */
import {
  bareName,
  nearest,
  RpcError,
  stack,
  type Call,
  type Method,
  type Middleware,
  type ServerCall,
  type Service,
  type ServiceDescription,
} from "@kiteline/core";
import type { ServedMethod } from "@kiteline/net";
import { requireDescription, requireOptions } from "./check.ts";

/** Returns the response or the promise of it. */
type Handler = (request: unknown, call: Call) => unknown;

/** Handlers by method, as they are given to `add`. */
type Implementation = Readonly<Record<string, ((...args: unknown[]) => unknown) | undefined>>;

/** A call of a method that no service here has. */
export interface UnknownRequest {
  /** Empty when the request names none. */
  readonly service: string;
  readonly method: string;
  /** The struct of arguments, in Thrift's binary protocol. */
  readonly args: Uint8Array;
  /** Whether the caller wants no answer. Defaults to false. */
  readonly oneway?: boolean | undefined;
}

/** Answers with the struct of the result in Thrift's binary protocol: field 0, or a declared exception. */
export type UnknownHandler = (request: UnknownRequest, call: ServerCall) => Promise<Uint8Array> | Uint8Array;

/** As Kitex says it; a method that a known service lacks is 1. */
const UNKNOWN_SERVICE = "thrift 20";

export class Registry {
  /** The services that were added. */
  readonly descriptions: ServiceDescription[] = [];
  readonly #middleware: readonly Middleware[];
  readonly #services = new Map<string, Map<string, ServedMethod>>();
  /** By `Service/method`, the service without its package; `undefined` where several have it. */
  readonly #bare = new Map<string, ServedMethod | undefined>();
  /** By the method's name alone; `undefined` where several services have it. */
  readonly #methods = new Map<string, ServedMethod | undefined>();
  /** Those of fallback services, asked before. */
  readonly #fallback = new Map<string, ServedMethod>();
  #unknown: UnknownHandler | undefined;
  /** What was found last, and for which names: wires give out the same strings for the same bytes. */
  #lastService: string | undefined;
  #lastName = "";
  #lastFound: ServedMethod | undefined;

  constructor(middleware: readonly Middleware[]) {
    this.#middleware = middleware;
  }

  get names(): string[] {
    return this.descriptions.map(({ name }) => name);
  }

  /** Throws a `TypeError` for a service that is there already and for a method without a handler. */
  add(description: ServiceDescription, implementation: object, fallback: boolean): void {
    requireDescription(description);
    requireOptions(implementation, `${description.name} is implemented by an object of its methods`);
    if (this.#services.has(description.name)) throw new TypeError(`the service ${description.name} has been added already`);
    const handlers = implementation as Implementation;
    const entries = Object.entries(description.methods);
    const missing = entries.filter(([stub]) => typeof handlers[stub] !== "function").map(([stub]) => stub);
    if (missing.length > 0) {
      const hints = missing.flatMap((stub) => hintFor(stub, Object.keys(implementation)));
      throw new TypeError([`the implementation of ${description.name} lacks ${missing.join(", ")}`, ...hints].join("; "));
    }
    const methods = new Map<string, ServedMethod>();
    for (const [stub, method] of entries) {
      const served = this.serve(method, (request, call) => invoke(handlers, stub, method, request, call));
      methods.set(method.name, served);
      this.#methods.set(method.name, this.#methods.has(method.name) ? undefined : served);
      const bare = bareKey(description.name, method.name);
      this.#bare.set(bare, this.#bare.has(bare) ? undefined : served);
      if (fallback) this.#fallback.set(method.name, served);
    }
    this.#services.set(description.name, methods);
    this.descriptions.push(description);
  }

  /** Has calls that nothing else serves served by this. Throws a `TypeError` when there is one already. */
  addUnknown(handler: UnknownHandler): void {
    if (this.#unknown !== undefined) throw new TypeError("there is a handler for unknown methods already");
    this.#unknown = handler;
  }

  /** Answers what no service has. */
  get unknown(): UnknownHandler | undefined {
    return this.#unknown;
  }

  serve(method: Method, handler: Handler): ServedMethod {
    // Without middleware nobody needs a promise where the handler returns none.
    if (this.#middleware.length === 0) return { method, serve: handler };
    const service: Service = (request, call) => {
      const result = handler(request, call);
      return result instanceof Promise ? result : Promise.resolve(result);
    };
    return { method, serve: stack(this.#middleware, service, method) };
  }

  /**
   * As Kitex searches: the service by its name, also where one of the two has no package or another; without a name, or
   * with one that is not known, a method whose name only one service has. `exact`: only the service of that very name, as in gRPC, or one that has no package.
   */
  find(service: string | undefined, name: string, exact = false): ServedMethod | undefined {
    if (name === this.#lastName && service === this.#lastService && this.#lastFound !== undefined) return this.#lastFound;
    const methods = service === undefined ? undefined : this.#services.get(service);
    const named = methods?.get(name);
    if (named === undefined) return this.#search(service, name, exact, methods !== undefined);
    this.#lastService = service;
    this.#lastName = name;
    return (this.#lastFound = named);
  }

  /** Looks by less than the whole name. `known`: there is such a service, but without the method. */
  #search(service: string | undefined, name: string, exact: boolean, known: boolean): ServedMethod | undefined {
    if (known && exact) return undefined;
    const bare = service === undefined ? undefined : this.#bare.get(bareKey(service, name));
    // Services of Thrift have no package, but Kitex says one; another package than a service has is another service.
    if (exact) return bare?.method.service.includes(".") === true ? undefined : bare;
    return bare !== undefined || known ? bare : (this.#fallback.get(name) ?? this.#methods.get(name));
  }

  /** Says to the caller why `find` found nothing. */
  missing(service: string | undefined, name: string): RpcError {
    const methods = service === undefined ? undefined : this.#services.get(service);
    const facts = { executed: "no", retriable: false } as const;
    if (methods !== undefined) {
      return RpcError.withoutStack(
        "unimplemented",
        `unknown method ${name} (service ${service} has ${[...methods.keys()].join(", ")})`,
        facts,
      );
    }
    if (service === undefined && this.#methods.has(name)) {
      return RpcError.withoutStack(
        "unimplemented",
        `several services have the method ${name} and the request names none: send it over TTHeader, which names the service, or add one of them with { fallback: true }`,
        facts,
      );
    }
    const services = this.names.length === 0 ? "none" : this.names.join(", ");
    return service === undefined
      ? RpcError.withoutStack("unimplemented", `unknown method ${name} (services here: ${services})`, facts)
      : RpcError.withoutStack("unimplemented", `unknown service ${service} (services here: ${services}), method ${name}`, {
          ...facts,
          foreignCode: UNKNOWN_SERVICE,
        });
  }
}

function bareKey(service: string, method: string): string {
  return `${bareName(service)}/${method}`;
}

function invoke(handlers: Implementation, stub: string, method: Method, request: unknown, call: Call): unknown {
  const handler = handlers[stub] as (...args: unknown[]) => unknown;
  return method.arity === 1 ? handler.call(handlers, request, call) : handler.call(handlers, ...(request as unknown[]), call);
}

/** What has nearly the name of a method that is missing. */
function hintFor(stub: string, names: readonly string[]): string[] {
  const meant = nearest(stub, names);
  return meant === undefined ? [] : [`is ${meant} meant to be ${stub}?`];
}
