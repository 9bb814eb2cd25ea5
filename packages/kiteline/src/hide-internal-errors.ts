/** Keeps from callers what a handler did not mean for them. */
import { asError, BusinessError, RpcError, type Log, type Method, type Middleware } from "@kiteline/core";

/**
 * Tells callers of an error that nobody foresaw only that there was one; the log gets all of it. Of a call that the handler itself made,
 * and whose failure it passes on, they get the code, but not the text, which says who was called and where. What was meant for callers
 * stays: an `RpcError` of the handler's own, a `BusinessError`, a declared exception. Belongs outside of all other middleware, which shall
 * see what happened.
 */
export function hideInternalErrors(log: Log): Middleware {
  return (next, method) =>
    async function hideInternalErrors(request, call) {
      try {
        const response = await next(request, call);
        return isStream(response) ? hideInStream(response, method, log) : response;
      } catch (error) {
        throw hidden(error, method, log);
      }
    };
}

/** A stream fails after it was handed out. */
async function* hideInStream(stream: AsyncIterable<unknown>, method: Method, log: Log): AsyncIterable<unknown> {
  try {
    yield* stream;
  } catch (error) {
    throw hidden(error, method, log);
  }
}

function isStream(response: unknown): response is AsyncIterable<unknown> {
  return typeof response === "object" && response !== null && Symbol.asyncIterator in response;
}

function hidden(thrown: unknown, method: Method, log: Log): unknown {
  const error = asError(thrown);
  // Another one was made of what is no error, which was not meant for callers either.
  if (error === thrown) {
    if (error instanceof RpcError) return error.ofCall ? hiddenCall(error, method, log) : error;
    if (error instanceof BusinessError || method.messages.declares?.(error) === true) return error;
  }
  log({ level: "error", message: `the handler of ${method.fullName} threw`, error: thrown });
  return hiddenFailure(method);
}

/** What callers learn of a failure that nobody foresaw. */
export function hiddenFailure({ fullName }: Method): RpcError {
  return new RpcError("internal", `the handler of ${fullName} failed; the server's log says why`, { executed: "yes", retriable: false });
}

function hiddenCall(error: RpcError, method: Method, log: Log): RpcError {
  log({ level: "error", message: `a call that the handler of ${method.fullName} made has failed`, peer: error.peer, error });
  return new RpcError(error.code, `a call that the handler of ${method.fullName} made has failed; the server's log says why`, {
    executed: "yes",
    retriable: false,
  });
}
