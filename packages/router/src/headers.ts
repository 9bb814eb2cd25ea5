/** Conditions on a call's metadata. A call without metadata is asked without making any. */
import type { Metadata } from "@kiteline/core";
import { compileField, type FieldMatch } from "@kiteline/policy";

type Condition = (metadata: Metadata | undefined) => boolean;

export function headerOf(field: FieldMatch): Condition {
  const key = field.name.toLowerCase();
  const holds = compileField(field);
  const without = holds(undefined);
  return (metadata) => (metadata === undefined ? without : holds(valueOf(metadata, key)));
}

export function cookieOf(field: FieldMatch): Condition {
  const holds = compileField(field);
  const without = holds(undefined);
  return (metadata) => {
    const header = metadata === undefined ? undefined : valueOf(metadata, "cookie");
    return header === undefined ? without : holds(cookieIn(header, field.name));
  };
}

/** Several values are joined with commas, as Envoy and gRPC do. Bytes cannot be compared and count as missing. */
function valueOf(metadata: Metadata, key: string): string | undefined {
  let found: string | undefined;
  for (const entry of metadata.entries()) {
    if (entry.key !== key || typeof entry.value !== "string") continue;
    found = found === undefined ? entry.value : `${found},${entry.value}`;
  }
  return found;
}

/** RFC 6265, 4.2.1: pairs separated by semicolons; of several of one name the first counts. */
function cookieIn(header: string, name: string): string | undefined {
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (equals >= 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}
