/** What the codes of HTTP/2 mean for a call (gRPC over HTTP/2, "Errors"; Kitex for 1000). */
import type { Code } from "@kiteline/core";
import { ErrorCode } from "@kiteline/http2";

/** Kitex resets with it what is still open when its server goes. */
const KITEX_GRACEFUL_SHUTDOWN = 1000;

const RESETS: ReadonlyMap<number, Code> = new Map([
  [ErrorCode.NO_ERROR, "internal"],
  [ErrorCode.PROTOCOL_ERROR, "internal"],
  [ErrorCode.INTERNAL_ERROR, "internal"],
  [ErrorCode.FLOW_CONTROL_ERROR, "internal"],
  [ErrorCode.SETTINGS_TIMEOUT, "internal"],
  [ErrorCode.FRAME_SIZE_ERROR, "internal"],
  [ErrorCode.REFUSED_STREAM, "unavailable"],
  [ErrorCode.CANCEL, "cancelled"],
  [ErrorCode.COMPRESSION_ERROR, "internal"],
  [ErrorCode.CONNECT_ERROR, "internal"],
  [ErrorCode.ENHANCE_YOUR_CALM, "resource_exhausted"],
  [ErrorCode.INADEQUATE_SECURITY, "permission_denied"],
  [KITEX_GRACEFUL_SHUTDOWN, "unavailable"],
]);

/** The code of a call whose stream was reset; those that no document names are `unknown`. */
export function codeOfReset(code: number): Code {
  return RESETS.get(code) ?? "unknown";
}
