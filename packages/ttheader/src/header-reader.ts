/**
 * Reads headers. Callers send the same header again and again, so what was made of the last one is kept and given
 * out again when the same bytes come.
 */
import { MetadataBlock, type MetadataEntry, type MetadataScope } from "@kiteline/core";
import { DecodeError, Interner } from "@kiteline/net";
import {
  BACKWARD_PREFIX,
  FIXED_BYTES,
  FLAGS_AT,
  HEADER_AT,
  INT_SECTION,
  KEY_FROM_SERVICE,
  KEY_TIMEOUT,
  MAGIC,
  PADDING_SECTION,
  PERSISTENT_PREFIX,
  PROTOCOL_IDS,
  SEQ_AT,
  SERVICE_KEY,
  SIZE_AT,
  STRING_SECTION,
  TOKEN_KEY,
  TOKEN_SECTION,
  TRANSIENT_PREFIX,
  UPSTREAM_PREFIX,
} from "./layout.ts";

/** What the sections of a header hold. Shared between the calls that came with the same bytes: never changed. */
export interface Sections {
  readonly protocolId: number;
  readonly service: string | undefined;
  readonly caller: string;
  /** `Infinity` when there is none. */
  readonly timeoutMs: number;
  /** A request's metadata, scopes told apart by prefix. */
  readonly metadata: MetadataBlock | undefined;
  /** All string pairs as they came, for replies; `undefined` when there are none. */
  readonly strings: ReadonlyMap<string, string> | undefined;
}

/** The length of the frame that begins at `start`, or 0 when more bytes are needed. Throws `DecodeError`. */
export function frameBytes(bytes: Buffer, start: number, end: number): number {
  if (end - start < 6) return 0;
  const magic = ((bytes[start + 4] as number) << 8) | (bytes[start + 5] as number);
  if (magic !== MAGIC) throw new DecodeError(`expected the TTHeader magic 0x1000, got 0x${magic.toString(16).padStart(4, "0")}`);
  const length = bytes.readUInt32BE(start);
  if (length < FIXED_BYTES - 4) throw new DecodeError(`a TTHeader frame of ${length} bytes cannot hold its own header`);
  return length + 4;
}

/** Where a frame's parts lie. One object per reader, used again for every frame. */
export class HeaderReader {
  flags = 0;
  seq = 0;
  /** Where the payload begins. */
  payload = 0;
  sections: Sections = NO_SECTIONS;

  readonly #names = new Interner();
  #lastBytes: Buffer = Buffer.alloc(0);
  #lastSections: Sections = NO_SECTIONS;

  /** Reads the header of the frame in `start` to `end`. Throws `DecodeError`. */
  read(bytes: Buffer, start: number, end: number): void {
    this.flags = ((bytes[start + FLAGS_AT] as number) << 8) | (bytes[start + FLAGS_AT + 1] as number);
    this.seq = int32(bytes, start + SEQ_AT);
    const size = (((bytes[start + SIZE_AT] as number) << 8) | (bytes[start + SIZE_AT + 1] as number)) * 4;
    const from = start + HEADER_AT;
    const to = from + size;
    if (size < 2 || to > end) throw new DecodeError(`a TTHeader of ${size} bytes does not fit its frame of ${end - start}`);
    this.payload = to;
    const last = this.#lastBytes;
    if (last.byteLength === size && same(last, bytes, from)) {
      this.sections = this.#lastSections;
      return;
    }
    this.sections = this.#parse(bytes, from, to);
    // Kept as a copy: the read buffer will hold other bytes soon.
    this.#lastBytes = Buffer.from(bytes.subarray(from, to));
    this.#lastSections = this.sections;
  }

  #parse(bytes: Buffer, from: number, to: number): Sections {
    const protocolId = bytes[from] as number;
    if (!PROTOCOL_IDS.includes(protocolId))
      throw new DecodeError(`TTHeader protocol id 0x${protocolId.toString(16)} is not one we can read`);
    let at = from + 2 + (bytes[from + 1] as number);
    let service: string | undefined;
    let caller = "";
    let timeoutMs = Infinity;
    let metadata: MetadataEntry[] | undefined;
    let strings: Map<string, string> | undefined;
    while (at < to) {
      const id = bytes[at++];
      if (id === PADDING_SECTION) continue;
      if (id === TOKEN_SECTION) {
        const value = this.#text(bytes, at, to);
        at += 2 + byteLengthAt(bytes, at);
        (metadata ??= []).push({ key: TOKEN_KEY, name: TOKEN_KEY, value, scope: "transient" });
      } else if (id === STRING_SECTION || id === INT_SECTION) {
        if (at + 2 > to) throw cut();
        let count = byteLengthAt(bytes, at);
        at += 2;
        // Each pair takes four bytes at the least.
        if (count * 4 > to - at) throw new DecodeError(`a TTHeader section announces ${count} pairs in ${to - at} bytes`);
        for (; count > 0; count--) {
          if (id === INT_SECTION) {
            if (at + 2 > to) throw cut();
            const key = byteLengthAt(bytes, at);
            const value = this.#text(bytes, at + 2, to);
            at += 4 + byteLengthAt(bytes, at + 2);
            if (key === KEY_FROM_SERVICE) caller = value;
            else if (key === KEY_TIMEOUT) timeoutMs = readTimeout(value);
          } else {
            const name = this.#text(bytes, at, to);
            at += 2 + byteLengthAt(bytes, at);
            const value = this.#text(bytes, at, to);
            at += 2 + byteLengthAt(bytes, at);
            if (name === SERVICE_KEY) service = value;
            else if (name !== "" && value !== "") (metadata ??= []).push(entryOf(name, value));
            (strings ??= new Map()).set(name, value);
          }
        }
      } else {
        throw new DecodeError(`unknown TTHeader section 0x${(id as number).toString(16)}`);
      }
    }
    return { protocolId, service, caller, timeoutMs, metadata: metadata && new MetadataBlock(metadata), strings };
  }

  #text(bytes: Buffer, at: number, to: number): string {
    if (at + 2 > to) throw cut();
    const start = at + 2;
    const end = start + byteLengthAt(bytes, at);
    if (end > to) throw cut();
    return this.#names.read(bytes, start, end);
  }
}

/** A request's string pair as metadata. What has no prefix is transient and keeps its name. */
function entryOf(name: string, value: string): MetadataEntry {
  let scope: MetadataScope = "transient";
  let plain = name;
  if (name.startsWith(PERSISTENT_PREFIX)) {
    scope = "persistent";
    plain = name.slice(PERSISTENT_PREFIX.length);
  } else if (name.startsWith(UPSTREAM_PREFIX)) {
    plain = name.slice(UPSTREAM_PREFIX.length);
  } else if (name.startsWith(TRANSIENT_PREFIX)) {
    plain = name.slice(TRANSIENT_PREFIX.length);
  } else if (name.startsWith(BACKWARD_PREFIX)) {
    scope = "backward";
    plain = name.slice(BACKWARD_PREFIX.length);
  }
  const key = plain.toLowerCase();
  return { key, name: plain, value: key.endsWith("-bin") ? Buffer.from(value, "base64") : value, scope };
}

function readTimeout(text: string): number {
  const value = Number(text);
  return text !== "" && Number.isFinite(value) ? Math.max(0, value) : Infinity;
}

function same(known: Buffer, bytes: Buffer, from: number): boolean {
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}

function int32(bytes: Buffer, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}

function byteLengthAt(bytes: Buffer, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function cut(): DecodeError {
  return new DecodeError("a TTHeader section ends before its announced length");
}

const NO_SECTIONS: Sections = {
  protocolId: 0,
  service: undefined,
  caller: "",
  timeoutMs: Infinity,
  metadata: undefined,
  strings: undefined,
};
