/**
 * The call that the running code serves. This store is the only global there is: it must be one for the whole
 * process, or calls could not be inherited across packages. It costs about a quarter of a microsecond a handled call.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ServerCall } from "./server-call.ts";

const store = new AsyncLocalStorage<ServerCall | undefined>({ name: "kiteline.call" });

/** The call being handled, or `undefined` outside of any handler. */
export function currentCall(): ServerCall | undefined {
  return store.getStore();
}

/** Runs `task` as part of handling `call`: calls made in it, however late, inherit from `call`. */
export function runInCall<A, R>(call: ServerCall, task: (argument: A, call: ServerCall) => R, argument: A): R {
  return store.run(call, task, argument, call);
}

/** Runs `task` outside of any call. For dials, watchers and everything else that outlives the call that happened to start it. */
export function runOutsideCall<R>(task: () => R): R {
  return store.getStore() === undefined ? task() : store.run(undefined, task);
}
