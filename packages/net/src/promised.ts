/**
 * The promise of a handler's response; `undefined` when `result` is the response itself. Query builders and the like are no `Promise`,
 * but are awaited like one. May throw: what a handler returns may be a proxy.
 */
export function promised(result: unknown): Promise<unknown> | undefined {
  if (result instanceof Promise) return result;
  if (typeof result !== "object" || result === null || typeof (result as { readonly then?: unknown }).then !== "function") return undefined;
  return Promise.resolve(result);
}
