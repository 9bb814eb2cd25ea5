/** A server, as services see it that are about the server itself. */
import type { ServiceDescription } from "@kiteline/core";

export interface ServiceHost {
  /** Those that were added so far. */
  readonly services: readonly ServiceDescription[];
  add<Handler extends object>(description: ServiceDescription<unknown, Handler>, implementation: Handler): unknown;
  /** Calls `listener` when the server begins to close, before its callers learn of it. */
  onClosing(listener: () => void): void;
}
