/** Hears the rest of a request that has been answered. */
import type { StreamReceiver } from "@kiteline/http2";

export const NOBODY: StreamReceiver = {
  onHeaders: () => undefined,
  onInformational: () => undefined,
  onData: () => undefined,
  onTrailers: () => undefined,
  onFailed: () => undefined,
  onWritable: () => undefined,
};
