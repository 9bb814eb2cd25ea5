/**
 * The one shape everything here has: a function from a request and its call to a promised response. Handlers,
 * clients, balancers and retries are services; middleware turns one into another.
 *
 * Streams have the same shape. The request of a client- or bidirectional-streaming method is an `AsyncIterable` of
 * messages, and so is the response of a server- or bidirectional-streaming one: middleware that cares about single
 * messages wraps the iterable. The promise of such a response settles when the peer has begun to answer; the call goes on
 * until the iterable has ended. (A stub hands such a response out at once, before the promise has settled.)
 */
import type { Call } from "./call.ts";
import type { Method } from "./method.ts";

export type Service<Req = unknown, Res = unknown> = (request: Req, call: Call) => Promise<Res>;

/**
 * Makes a service out of the one below it and the method it serves. It is applied once per method, when a client or
 * server is built: a call then costs one function call per layer.
 */
export type Middleware = (next: Service, method: Method) => Service;

/**
 * Stacks middleware on a service. The first one listed sees the request first and the response last. Throws a `TypeError`
 * for middleware that makes no service.
 */
export function stack(layers: readonly Middleware[], service: Service, method: Method): Service {
  return layers.reduceRight((next, layer) => {
    const made: unknown = layer(next, method);
    if (typeof made === "function") return made as Service;
    const name = layer.name === "" ? "middleware" : `the middleware ${layer.name}`;
    throw new TypeError(`${name} made no service of ${method.fullName}: it must return a function of the request and the call`);
  }, service);
}
