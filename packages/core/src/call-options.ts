/** What a caller may say of one call. */
import type { CallInfo } from "./call-info.ts";
import type { MetadataInit } from "./metadata.ts";
import type { ServerCall } from "./server-call.ts";

export interface CallOptions {
  /** Milliseconds the call may take, all attempts included. Defaults to the client's. An inherited deadline still binds when it is earlier. */
  readonly timeoutMs?: number | undefined;
  /** Cancels the call when aborted; its reason becomes the error's `cause`. */
  readonly signal?: AbortSignal | undefined;
  /** Travels with the request, beside what is inherited. */
  readonly metadata?: MetadataInit | undefined;
  /** Filled while the call goes on. */
  readonly info?: CallInfo | undefined;
  /** The call this one is made for: deadline, cancellation, persistent metadata and lane come from it. Defaults to the current call; `null` cuts. */
  readonly parent?: ServerCall | null | undefined;
  /** Says that running the call twice does no harm, for methods whose IDL does not say so. */
  readonly idempotent?: boolean | undefined;
  /** Rather waits than fails while nobody can be called: no route, no endpoint or no connection, as long as its deadline allows. Defaults to false. */
  readonly waitForReady?: boolean | undefined;
  /** How the request is compressed, where the protocol can: `gzip`, `deflate` or `zstd` over gRPC. Defaults to not at all. */
  readonly compression?: string | undefined;
  /** Which messages of a request that is compressed are: those for which it says true. Defaults to all that are worth it. */
  readonly compressMessage?: ((message: unknown) => boolean) | undefined;
}
