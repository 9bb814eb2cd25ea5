/** What only servers need. It is not in the index, which programs import at every start and must do so quickly. */
export { Listener, type ListenerContext, type ListenerOptions } from "./listener.ts";
export { inProcessDialer } from "./in-process.ts";
export { MessageCall, ServerSession, type ServerSessionOptions } from "./server-session.ts";
export { StreamCall } from "./stream-call.ts";
