/** What a caller may learn of a call beside its result: pass a `CallInfo` in the call's options and read it when the promise has settled. */
import { Metadata } from "./metadata.ts";

export class CallInfo {
  /** Metadata that came with the reply (`backward`). */
  reply: Metadata = new Metadata();
  /** Where the last attempt went: `host:port` or `unix:PATH`. */
  peer: string | undefined = undefined;
  /** The labels of the endpoint that was called last, such as `version` and `lane`. */
  labels: Readonly<Record<string, string>> | undefined = undefined;
  /** The name of the route that was chosen. */
  route: string | undefined = undefined;
  /** How many times the call was sent or tried to be. */
  attempts = 0;
  /** Milliseconds since the call's start: when the last attempt had a connection, when its request was written, when the reply came, when the promise settled. */
  connectedMs: number | undefined = undefined;
  sentMs: number | undefined = undefined;
  repliedMs: number | undefined = undefined;
  endedMs: number | undefined = undefined;
}
