/** Typed details of errors: what `google.rpc.Status` carries beside code and text, such as a `BadRequest` or a `RetryInfo`. */
import type { ErrorDetail } from "@kiteline/core";
import { decode, encode, type MessageCodec } from "@kiteline/protobuf";

const URL_PREFIX = "type.googleapis.com/";

/** A detail to put into an `RpcError`: `new RpcError("invalid_argument", text, { details: [errorDetail(BadRequest, { … })] })`. Throws `ValueError`. */
export function errorDetail<Init>(codec: MessageCodec<unknown, Init>, value: Init): ErrorDetail {
  return { typeUrl: URL_PREFIX + codec.name, value: encode(codec, value) };
}

/** The details of this type that an error brought. Throws `DecodeError` for one that is broken. */
export function errorDetails<T>(error: { readonly details: readonly ErrorDetail[] }, codec: MessageCodec<T, never>): T[] {
  const ours = error.details.filter(({ typeUrl }) => typeUrl.slice(typeUrl.lastIndexOf("/") + 1) === codec.name);
  return ours.map(({ value }) => decode(codec, value));
}
