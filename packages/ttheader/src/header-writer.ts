/** Writes headers: a ready-made beginning per method, then what only this call has, then the padding. */
import type { Metadata, MetadataEntry } from "@kiteline/core";
import { TooLarge, type Output } from "@kiteline/net";
import {
  HEADER_AT,
  INT_SECTION,
  MAGIC,
  MAX_HEADER_BYTES,
  PERSISTENT_PREFIX,
  REPLY_KEYS,
  SIZE_AT,
  STRING_SECTION,
  TOKEN_KEY,
  TOKEN_SECTION,
  TRANSIENT_PREFIX,
} from "./layout.ts";

/** The header of a message that carries nothing else, without length, flags and sequence id. */
export type Template = Buffer;

export type IntPair = readonly [key: number, value: string];
export type StringPair = readonly [key: string, value: string];

/** Prepares the beginning that the messages of one method share. */
export function makeTemplate(protocolId: number, strings: readonly StringPair[], ints: readonly IntPair[]): Template {
  const parts: Buffer[] = [];
  const fixed = Buffer.alloc(HEADER_AT + 2);
  fixed.writeUInt16BE(MAGIC, 4);
  fixed[HEADER_AT] = protocolId;
  parts.push(fixed);
  if (strings.length > 0) {
    parts.push(sectionHead(STRING_SECTION, strings.length));
    for (const [key, value] of strings) parts.push(text(key), text(value));
  }
  if (ints.length > 0) {
    parts.push(sectionHead(INT_SECTION, ints.length));
    for (const [key, value] of ints) {
      const head = Buffer.alloc(2);
      head.writeUInt16BE(key);
      parts.push(head, text(value));
    }
  }
  return Buffer.concat(parts);
}

/** Writes the template and leaves the sections open. */
export function beginHeader(out: Output, template: Template, flags: number, seq: number): void {
  const size = template.length;
  out.ensure(size + 4);
  const at = out.position;
  out.bytes.set(template, at);
  out.view.setUint16(at + 6, flags);
  out.view.setInt32(at + 8, seq);
  out.position = at + size;
}

/** Adds a section with one integer pair whose value is a number. */
export function writeIntPair(out: Output, key: number, value: number): void {
  const digits = String(value);
  out.ensure(7 + digits.length + 4);
  const { bytes, view } = out;
  let at = out.position;
  bytes[at] = INT_SECTION;
  view.setUint16(at + 1, 1);
  view.setUint16(at + 3, key);
  view.setUint16(at + 5, digits.length);
  at += 7;
  for (let i = 0; i < digits.length; i++) bytes[at++] = digits.charCodeAt(i);
  out.position = at;
}

/** Adds a section with string pairs. */
export function writeStringPairs(out: Output, pairs: readonly StringPair[]): void {
  openStrings(out, pairs.length);
  for (const [key, value] of pairs) {
    writeText(out, "", key);
    writeText(out, "", value);
  }
}

const WIRE = Symbol("ttheader");

/**
 * Adds a request's metadata: transient and persistent entries under Kitex's prefixes, the token in its own section.
 * Metadata that is sent again, as that which calls inherit is, is encoded no more than twice.
 */
export function writeMetadata(out: Output, metadata: Metadata): void {
  const { encoded } = metadata;
  if (encoded?.wire !== WIRE) {
    encodeMetadata(out, metadata);
    metadata.encoded = { wire: WIRE, bytes: undefined };
    return;
  }
  if (encoded.bytes === undefined) {
    const start = out.position - out.messageStart; // the message may move while it grows
    encodeMetadata(out, metadata);
    encoded.bytes = Uint8Array.prototype.slice.call(out.bytes, out.messageStart + start, out.position);
    return;
  }
  const { bytes } = encoded;
  out.ensure(bytes.byteLength);
  out.bytes.set(bytes, out.position);
  out.position += bytes.byteLength;
}

function encodeMetadata(out: Output, metadata: Metadata): void {
  let count = 0;
  for (const entry of metadata) {
    if (entry.key === TOKEN_KEY && entry.scope === "transient") {
      out.ensure(1);
      out.bytes[out.position++] = TOKEN_SECTION;
      writeText(out, "", textOf(entry));
    } else if (entry.scope !== "backward") {
      count++;
    }
  }
  if (count === 0) return;
  openStrings(out, count);
  for (const entry of metadata) {
    if (entry.scope === "backward" || (entry.key === TOKEN_KEY && entry.scope === "transient")) continue;
    writeText(out, entry.scope === "persistent" ? PERSISTENT_PREFIX : TRANSIENT_PREFIX, entry.name);
    writeText(out, "", textOf(entry));
  }
}

/** Adds a reply's metadata, under its plain names as Kitex does. Throws a `TypeError` for a name by which the reply itself is told how it went. */
export function writeReplyMetadata(out: Output, entries: readonly MetadataEntry[]): void {
  if (entries.length === 0) return;
  openStrings(out, entries.length);
  for (const entry of entries) {
    if (REPLY_KEYS.has(entry.key))
      throw new TypeError(`the metadata key "${entry.name}" cannot travel in a reply over TTHeader, which uses it itself`);
    writeText(out, "", entry.name);
    writeText(out, "", textOf(entry));
  }
}

/** Pads the sections and writes their size. Throws `TooLarge` when there is too much in them. */
export function endHeader(out: Output): void {
  const start = out.messageStart + HEADER_AT;
  const padding = -(out.position - start) & 3;
  out.ensure(padding);
  for (let i = 0; i < padding; i++) out.bytes[out.position++] = 0;
  const size = out.position - out.messageStart - HEADER_AT;
  if (size > MAX_HEADER_BYTES)
    throw new TooLarge(`the header has ${size} bytes, more than TTHeader's ${MAX_HEADER_BYTES}: send less metadata`);
  out.view.setUint16(out.messageStart + SIZE_AT, size / 4);
}

/** Writes the frame's length, once its payload stands behind it. */
export function endFrame(out: Output): void {
  out.view.setUint32(out.messageStart, out.position - out.messageStart - 4);
}

/** Bytes travel as base64, as they do in HTTP/2 headers. */
function textOf(entry: MetadataEntry): string {
  return typeof entry.value === "string" ? entry.value : Buffer.from(entry.value).toString("base64");
}

function openStrings(out: Output, count: number): void {
  out.ensure(3);
  out.bytes[out.position] = STRING_SECTION;
  out.view.setUint16(out.position + 1, count);
  out.position += 3;
}

const MAX_TEXT_BYTES = 65_535;
const MEASURED_TEXT = 1024;
/** Below this, writing characters one by one beats a call into native code. */
const SHORT_TEXT = 24;

/** Writes `prefix` (ASCII) and `value` as one string with its length. */
function writeText(out: Output, prefix: string, value: string): void {
  const { length } = value;
  // A character takes three bytes at most. Long texts are measured: room for the worst case may be more than a message may have.
  out.ensure(2 + prefix.length + (length <= MEASURED_TEXT ? 3 * length : Buffer.byteLength(value)));
  const { bytes } = out;
  let at = out.position + 2;
  for (let i = 0; i < prefix.length; i++) bytes[at++] = prefix.charCodeAt(i);
  let i = 0;
  if (length <= SHORT_TEXT) {
    for (; i < length; i++) {
      const char = value.charCodeAt(i);
      if (char > 0x7f) break;
      bytes[at + i] = char;
    }
  }
  at += i === length ? length : bytes.write(value, at);
  const size = at - out.position - 2;
  if (size > MAX_TEXT_BYTES)
    throw new TooLarge(`metadata "${value.slice(0, 32)}…" has ${size} bytes, more than TTHeader's ${MAX_TEXT_BYTES}`);
  out.view.setUint16(out.position, size);
  out.position = at;
}

function sectionHead(id: number, count: number): Buffer {
  return Buffer.from([id, count >> 8, count & 0xff]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  if (bytes.byteLength > MAX_TEXT_BYTES) throw new RangeError(`"${value.slice(0, 32)}…" is longer than a TTHeader string may be`);
  return Buffer.concat([Buffer.from([bytes.byteLength >> 8, bytes.byteLength & 0xff]), bytes]);
}
