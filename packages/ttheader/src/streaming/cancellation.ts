/** Why a stream is given up, as it is told to whom it was opened to. */
import { RpcError, type ClientCall } from "@kiteline/core";
import { ServerStream } from "./server-stream.ts";

/** Kitex's types of exceptions of streams. */
const CANCELLED_BY_CALLER = 12007;
const CANCELLED_UPSTREAM = 12010;
const TIMED_OUT = 12015;

/** The reason why the caller gives up. */
export function resetError({ cancelled, parent }: ClientCall): RpcError {
  const upstream = parent?.cancelled !== undefined && !parent.ended;
  const timedOut = cancelled === undefined || cancelled.code === "deadline_exceeded";
  const type = upstream ? CANCELLED_UPSTREAM : timedOut ? TIMED_OUT : CANCELLED_BY_CALLER;
  const text = cancelled?.detail ?? "it took longer than its caller waits";
  return new RpcError(cancelled?.code ?? "deadline_exceeded", text, { foreignCode: `thrift ${type}` });
}

/** Who gave up, over all hops: the callers' names, beginning with the first; empty when nobody has one. */
export function cancelPathOf({ binding: { caller }, parent }: ClientCall): string {
  const before = parent instanceof ServerStream ? parent.cancelPath : "";
  return before === "" || caller === "" ? before + caller : `${before},${caller}`;
}
