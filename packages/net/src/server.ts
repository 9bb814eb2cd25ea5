/** What only servers need: for those who import at every start and must do so quickly, it is not in the index. */
export { Listener, type ListenerContext, type ListenerOptions } from "./listener.ts";
export { inProcessDialer } from "./in-process.ts";
export { MessageCall, ServerSession, type ServerSessionOptions } from "./server-session.ts";
export { StreamCall } from "./stream-call.ts";
