/** How a call failed, as Connect says it: JSON with a code by its name (Connect Protocol Reference, "Error Codes", "Error End-Stream"). */
import { BusinessError, RpcError, type Code, type ErrorDetail } from "@kiteline/core";

/** What Kitex's servers give a business error beside its own status. */
const BUSINESS_CODE: Code = "internal";

export interface ConnectError {
  readonly code: string;
  readonly message?: string;
  readonly details?: readonly { readonly type: string; readonly value: string }[];
}

/** The code of any error that a handler throws. */
export function codeOf(error: Error): Code {
  return error instanceof BusinessError ? BUSINESS_CODE : RpcError.from(error).code;
}

export function connectError(error: Error): ConnectError {
  const { detail, details } =
    error instanceof BusinessError ? { detail: error.detail, details: [] as readonly ErrorDetail[] } : RpcError.from(error);
  const code = codeOf(error);
  return {
    // The one name that is spelled in another way.
    code: code === "cancelled" ? "canceled" : code,
    ...(detail === "" ? {} : { message: detail }),
    ...(details.length === 0 ? {} : { details: details.map(connectDetail) }),
  };
}

function connectDetail({ typeUrl, value }: ErrorDetail): { readonly type: string; readonly value: string } {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return { type: typeUrl.slice(typeUrl.lastIndexOf("/") + 1), value: bytes.toString("base64").replace(/=+$/, "") };
}
