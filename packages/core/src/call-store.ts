/**
 * The only global there is: which call the running code serves. It must be one for the whole process, or calls could
 * not be inherited across packages. `current-call.ts` gives it its type.
 */
import { AsyncLocalStorage } from "node:async_hooks";

export const callStore: AsyncLocalStorage<unknown> = new AsyncLocalStorage<unknown>({ name: "kiteline.call" });

/** Runs `task` outside of any call. For dials, watchers and everything else that outlives the call that happened to start it. */
export function runOutsideCall<R>(task: () => R): R {
  return callStore.getStore() === undefined ? task() : callStore.run(undefined, task);
}
