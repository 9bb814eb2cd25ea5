/**
 * Metadata as header fields (gRPC over HTTP/2, "Custom-Metadata"; Kitex's names for what travels further than a hop). A
 * plain field is transient. The table of all rows stands in `docs/metadata.md`.
 */
import { isUtf8 } from "node:buffer";
import type { MetadataEntry, MetadataScope } from "@kiteline/core";
import type { Fields } from "@kiteline/http2";

const PERSISTENT = "rpc-persist-";
const TRANSIENT = "rpc-transit-";
const BACKWARD = "rpc-backward-";

/** Names the caller to Kitex's servers and ours; no metadata. */
export const CALLER_FIELD = "source-service";
/** Says beside a failure whether the handler may have run: `no`, `never` (nor would it if tried again) or `yes`. Ours alone; others do not look at it. */
export const EXECUTED_FIELD = "kiteline-executed";
/** Kitex's business errors. */
export const BUSINESS_STATUS_FIELD = "biz-status";
export const BUSINESS_EXTRA_FIELD = "biz-extra";

/** What has a meaning of its own here or in HTTP, and so is no metadata in either direction. */
const TAKEN: ReadonlySet<string> = new Set([
  "content-type",
  "te",
  "host",
  "connection",
  "transfer-encoding",
  "upgrade",
  "keep-alive",
  "proxy-connection",
  "content-length",
  "content-encoding",
  "accept-encoding",
  "trailer",
  "connect-protocol-version",
  "connect-timeout-ms",
  "connect-content-encoding",
  "connect-accept-encoding",
  "grpc-timeout",
  "grpc-encoding",
  "grpc-accept-encoding",
  "grpc-status",
  "grpc-message",
  "grpc-status-details-bin",
  CALLER_FIELD,
  EXECUTED_FIELD,
  BUSINESS_STATUS_FIELD,
  BUSINESS_EXTRA_FIELD,
]);

const NAME = /^[0-9a-z_.-]+$/;
const ASCII = /^[ -~]*$/;
/** What HTTP forbids: it would end the field, or be mistaken for padding. */
const CONTROL = /\p{Cc}/u;

/** Adds a request's metadata to `fields`, flat. Throws a `TypeError` for what cannot travel. */
export function pushRequestMetadata(fields: string[], entries: readonly MetadataEntry[]): void {
  for (const entry of entries) {
    if (entry.scope === "persistent") push(fields, PERSISTENT + entry.key, entry);
    else if (entry.scope === "transient") push(fields, entry.key, entry);
  }
}

/** The same for what goes back, before or after the response. */
export function pushReplyMetadata(fields: string[], entries: readonly MetadataEntry[]): void {
  for (const entry of entries) push(fields, entry.scope === "backward" ? BACKWARD + entry.key : entry.key, entry);
}

function push(fields: string[], name: string, { value }: MetadataEntry): void {
  if (!NAME.test(name) || TAKEN.has(name)) {
    const why = TAKEN.has(name) ? "gRPC and HTTP use it themselves" : "keys have letters, digits, -, _ and .";
    throw new TypeError(`the metadata key "${name}" cannot travel over gRPC: ${why}`);
  }
  if (typeof value !== "string") {
    fields.push(name, Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64").replace(/=+$/, ""));
  } else if (ASCII.test(value)) {
    fields.push(name, value.trim());
  } else if (CONTROL.test(value)) {
    throw new TypeError(
      `the value of metadata "${name}" has control characters, which cannot travel over gRPC (bytes can, under a key that ends in -bin)`,
    );
  } else {
    // Beyond ASCII gRPC promises nothing; as UTF-8 it arrives with Kitex's peers and ours.
    fields.push(name, Buffer.from(value.trim(), "utf8").toString("latin1"));
  }
}

/** The metadata among the fields of a response or its trailers. */
export function readMetadata({ names, values }: Fields): readonly MetadataEntry[] {
  let entries: MetadataEntry[] | undefined;
  for (let at = 0; at < names.length; at++) entries = addMetadata(entries, names[at] as string, values[at] as string);
  return entries ?? NONE;
}

/** Adds what a field means as metadata to `entries`, which are made when there is something to add. */
export function addMetadata(entries: MetadataEntry[] | undefined, name: string, value: string): MetadataEntry[] | undefined {
  if (TAKEN.has(name)) return entries;
  const list = entries ?? [];
  if (name.startsWith(PERSISTENT)) add(list, name.slice(PERSISTENT.length), value, "persistent");
  else if (name.startsWith(TRANSIENT)) add(list, name.slice(TRANSIENT.length), value, "transient");
  else if (name.startsWith(BACKWARD)) add(list, name.slice(BACKWARD.length), value, "backward");
  else add(list, name, value, "transient");
  return list;
}

const NONE: readonly MetadataEntry[] = [];

function add(entries: MetadataEntry[], key: string, value: string, scope: MetadataScope): void {
  if (key === "") return;
  if (!key.endsWith("-bin")) {
    entries.push({ key, name: key, value: textOf(value), scope });
    return;
  }
  // Several values of a key may have been joined on the way; base64 has no comma, and its padding may be missing.
  for (const part of value.split(",")) entries.push({ key, name: key, value: Buffer.from(part.trim(), "base64"), scope });
}

/** A value with bytes beyond ASCII, one per character, is UTF-8, if it is. */
function textOf(value: string): string {
  if (Buffer.byteLength(value) === value.length) return value; // a look at 16 KB by a pattern takes as long as fifty calls
  const bytes = Buffer.from(value, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : value;
}
