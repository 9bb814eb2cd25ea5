/** The typed details of a failed call (`google.rpc.Status`) as JSON: those of Google's own types, and of those that the IDL has. */
import type { ErrorDetail } from "@kiteline/core";
import { file as errorDetails } from "@kiteline/grpc/google/rpc/error_details";
import { createRegistry, toJson, unpackAnyOf, type JsonValue, type Registry } from "@kiteline/protobuf";

/** One detail; its `@type` is the message's full name. What no type is known of has its bytes in base64 as `value`. */
export type ShownDetail = Readonly<Record<string, unknown>> & { readonly "@type": string };

type JsonObject = Readonly<Record<string, JsonValue>>;

export function showDetails(details: readonly ErrorDetail[], registry: Registry): readonly ShownDetail[] {
  if (details.length === 0) return [];
  const google = createRegistry(errorDetails);
  return details.map((detail) => show(detail, registry) ?? show(detail, google) ?? raw(detail));
}

/** `undefined` for a type that the registry does not know, and for bytes that are no such message. */
function show(detail: ErrorDetail, registry: Registry): ShownDetail | undefined {
  try {
    const { codec, message } = unpackAnyOf(detail, registry);
    const json = toJson(codec, message, { registry, rawAny: true });
    const fields = typeof json === "object" && json !== null && !Array.isArray(json) ? (json as JsonObject) : { value: json };
    return { "@type": codec.name, ...fields };
  } catch {
    return undefined;
  }
}

function raw({ typeUrl, value }: ErrorDetail): ShownDetail {
  return { "@type": typeUrl.slice(typeUrl.lastIndexOf("/") + 1), value: Buffer.from(value).toString("base64") };
}
