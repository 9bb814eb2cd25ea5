/**
 * Reads headers. Callers send the same header again and again, but for the time that is left to them: what was made of
 * the last ones is kept and given out again when the same bytes come.
 */
import { MetadataBlock, type MetadataEntry, type MetadataScope } from "@kiteline/core";
import { DecodeError, Interner } from "@kiteline/net";
import {
  FIXED_BYTES,
  FLAGS_AT,
  HEADER_AT,
  INT_SECTION,
  KEY_FRAME_TYPE,
  KEY_FROM_SERVICE,
  KEY_TIMEOUT,
  KEY_TO_METHOD,
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
  WINDOW_KEY,
} from "./layout.ts";

/** What the sections of a header hold. Shared between the calls that came with the same bytes: never changed. */
export interface Sections {
  readonly service: string | undefined;
  readonly caller: string;
  readonly method: string;
  /** Of a stream's frame; empty for all others. */
  readonly frameType: string;
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

const NOTHING = Buffer.alloc(0);
/** Headers kept, one for each value of a hash of some of their bytes. */
const KEPT = 64;
/** Larger ones are read anew each time. */
const MAX_KEPT_BYTES = 4096;

/** Buffers beyond this are not held on to. */
const MAX_VIEWED_BYTES = 256 * 1024;

interface Kept {
  /** The header up to the time that is left, which stands last where one of ours has it, and without padding. */
  readonly bytes: Buffer;
  /** The same by four bytes, but for the last three at the most. */
  readonly words: Int32Array;
  readonly sections: Sections;
  /** The time that is left, if it stands further ahead. */
  readonly timeoutMs: number;
}

/** Where a frame's parts lie. One object per reader, used again for every frame. */
export class HeaderReader {
  flags = 0;
  seq = 0;
  protocolId = 0;
  /** Where the payload begins. */
  payload = 0;
  /** `Infinity` when the header does not say. */
  timeoutMs: number = Infinity;
  sections: Sections = NO_SECTIONS;

  readonly #names = new Interner();
  /** Most often the next is like the last. */
  #last: Kept | undefined;
  /** And very often the same down to the time that is left: the last one that came twice, whole and by four bytes. */
  readonly #whole = new Int32Array(MAX_KEPT_BYTES / 4);
  #wholeWords = 0;
  #wholeTimeoutMs = Infinity;
  #wholeSections: Sections = NO_SECTIONS;
  readonly #kept: (Kept | undefined)[] = new Array<undefined>(KEPT).fill(undefined);
  #viewed: Buffer = NOTHING;
  #view: DataView = new DataView(NOTHING.buffer);
  /** Set by `#parse`: where what can be kept ends, and the time that was found before that. */
  #keepTo = 0;
  #keptTimeoutMs = Infinity;

  /** Reads the header of the frame in `start` to `end`. Throws `DecodeError`. */
  read(bytes: Buffer, start: number, end: number): void {
    this.flags = ((bytes[start + FLAGS_AT] as number) << 8) | (bytes[start + FLAGS_AT + 1] as number);
    this.seq = int32(bytes, start + SEQ_AT);
    const size = uint16(bytes, start + SIZE_AT) * 4;
    const from = start + HEADER_AT;
    const to = from + size;
    this.protocolId = bytes[from] as number;
    if (size < 2 || to > end) throw new DecodeError(`a TTHeader of ${size} bytes does not fit its frame of ${end - start}`);
    this.payload = to;
    if (this.#isWhole(bytes, from, size)) {
      this.sections = this.#wholeSections;
      this.timeoutMs = this.#wholeTimeoutMs;
      return;
    }
    if (this.#last !== undefined && this.#use(this.#last, bytes, from, to)) return;
    const slot = slotOf(bytes, from, to);
    const kept = this.#kept[slot];
    if (kept !== undefined && this.#use(kept, bytes, from, to)) return;
    this.sections = this.#parse(bytes, from, to);
    if (this.#keepTo - from > MAX_KEPT_BYTES) return;
    // Kept as a copy: the read buffer will hold other bytes soon.
    const copy = Buffer.from(bytes.subarray(from, this.#keepTo));
    this.#last = this.#kept[slot] = { bytes: copy, words: wordsOf(copy), sections: this.sections, timeoutMs: this.#keptTimeoutMs };
  }

  /** Takes what was kept if this header is the same but for the time that is left. */
  #use(kept: Kept, bytes: Buffer, from: number, to: number): boolean {
    if (!this.#startsWith(bytes, from, to, kept)) return false;
    const timeoutMs = readTail(bytes, from + kept.bytes.byteLength, to);
    if (timeoutMs === OTHER_TAIL) return false;
    const again = kept.sections === this.sections;
    const lastMs = this.timeoutMs;
    this.sections = kept.sections;
    this.timeoutMs = timeoutMs === NO_TIMEOUT ? kept.timeoutMs : timeoutMs;
    this.#last = kept;
    if (again && this.timeoutMs === lastMs) this.#keepWhole(bytes, from, to);
    return true;
  }

  #keepWhole(bytes: Buffer, from: number, to: number): void {
    const words = (to - from) / 4;
    if (words > this.#whole.length) return;
    for (let i = 0; i < words; i++) this.#whole[i] = bytes.readInt32LE(from + 4 * i);
    this.#wholeWords = words;
    this.#wholeSections = this.sections;
    this.#wholeTimeoutMs = this.timeoutMs;
  }

  /** Begins at the end, where the time that is left stands: if it is another, that shows at once. */
  #isWhole(bytes: Buffer, from: number, size: number): boolean {
    if (size !== 4 * this.#wholeWords || (bytes !== this.#viewed && !this.#lookAt(bytes))) return false;
    const view = this.#view;
    const whole = this.#whole;
    const start = bytes.byteOffset + from;
    for (let at = size - 4; at >= 0; at -= 4) if (whole[at >> 2] !== view.getInt32(start + at, true)) return false;
    return true;
  }

  /** By words, since headers with metadata are long: byte by byte a hundred take 0.1 us. */
  #startsWith(bytes: Buffer, from: number, to: number, { bytes: known, words }: Kept): boolean {
    if (bytes !== this.#viewed && !this.#lookAt(bytes)) return startsWith(bytes, from, to, known, 0);
    if (known.length > to - from) return false;
    const view = this.#view;
    const start = bytes.byteOffset + from;
    for (let i = 0; i < words.length; i++) if (words[i] !== view.getInt32(start + 4 * i, true)) return false;
    return startsWith(bytes, from, to, known, 4 * words.length);
  }

  /** Most frames come in the same buffer. */
  #lookAt(bytes: Buffer): boolean {
    if (bytes.buffer.byteLength > MAX_VIEWED_BYTES) return false;
    this.#viewed = bytes;
    this.#view = new DataView(bytes.buffer);
    return true;
  }

  /** Reads string pairs alone, `u16` count and all. Throws `DecodeError`. */
  readPairs(bytes: Buffer, from: number, to: number): Sections {
    const found = new Found();
    const at = this.#pairs(STRING_SECTION, bytes, from, to, found);
    if (at !== to) throw new DecodeError(`${to - at} bytes follow the pairs of a header`);
    return found.sections();
  }

  #parse(bytes: Buffer, from: number, to: number): Sections {
    const protocolId = bytes[from] as number;
    if (!PROTOCOL_IDS.includes(protocolId))
      throw new DecodeError(`TTHeader protocol id 0x${protocolId.toString(16)} is not one we can read`);
    let at = from + 2 + (bytes[from + 1] as number);
    if (at > to) throw new DecodeError(`a TTHeader of ${to - from} bytes cannot name ${bytes[from + 1]} transforms`);
    const found = new Found();
    this.#keepTo = at;
    this.#keptTimeoutMs = Infinity;
    while (at < to) {
      const section = at;
      const id = bytes[at++];
      if (id === PADDING_SECTION) continue;
      if (id === TOKEN_SECTION) {
        found.add(TOKEN_KEY, TOKEN_KEY, this.#text(bytes, at, to), "transient");
        at += 2 + uint16(bytes, at);
      } else if (id === STRING_SECTION || id === INT_SECTION) {
        at = this.#pairs(id, bytes, at, to, found);
        if (isTimeout(bytes, section, at)) continue;
      } else {
        throw new DecodeError(`unknown TTHeader section 0x${(id as number).toString(16)}`);
      }
      this.#keepTo = at;
      this.#keptTimeoutMs = found.timeoutMs;
    }
    this.timeoutMs = found.timeoutMs;
    return found.sections();
  }

  /** Reads the pairs of a section; returns where it ends. */
  #pairs(id: number, bytes: Buffer, from: number, to: number, found: Found): number {
    if (from + 2 > to) throw cut();
    let at = from + 2;
    let count = uint16(bytes, from);
    // Each pair takes four bytes at the least.
    if (count * 4 > to - at) throw new DecodeError(`a TTHeader section announces ${count} pairs in ${to - at} bytes`);
    for (; count > 0; count--) {
      if (id === INT_SECTION) {
        if (at + 2 > to) throw cut();
        const key = uint16(bytes, at);
        const value = this.#text(bytes, at + 2, to);
        at += 4 + uint16(bytes, at + 2);
        if (key === KEY_FROM_SERVICE) found.caller = value;
        else if (key === KEY_TIMEOUT) found.timeoutMs = readTimeout(value);
        else if (key === KEY_TO_METHOD) found.method = value;
        else if (key === KEY_FRAME_TYPE) found.frameType = value;
      } else {
        const name = this.#text(bytes, at, to);
        at += 2 + uint16(bytes, at);
        const value = this.#text(bytes, at, to);
        at += 2 + uint16(bytes, at);
        found.pair(name, value);
      }
    }
    return at;
  }

  #text(bytes: Buffer, at: number, to: number): string {
    if (at + 2 > to) throw cut();
    const start = at + 2;
    const end = start + uint16(bytes, at);
    if (end > to) throw cut();
    return this.#names.read(bytes, start, end);
  }
}

/** What has been read so far. */
class Found {
  service: string | undefined = undefined;
  caller = "";
  method = "";
  frameType = "";
  timeoutMs: number = Infinity;
  #metadata: MetadataEntry[] | undefined;
  #strings: Map<string, string> | undefined;

  /** A string pair. As metadata, what has no prefix is transient and keeps its name; what is empty is none, as in Kitex. */
  pair(name: string, value: string): void {
    (this.#strings ??= new Map()).set(name, value);
    if (name === SERVICE_KEY) {
      this.service = value;
      return;
    }
    if (name === WINDOW_KEY) return;
    let scope: MetadataScope = "transient";
    let plain = name;
    if (name.startsWith(PERSISTENT_PREFIX)) {
      scope = "persistent";
      plain = name.slice(PERSISTENT_PREFIX.length);
    } else if (name.startsWith(UPSTREAM_PREFIX)) {
      plain = name.slice(UPSTREAM_PREFIX.length);
    } else if (name.startsWith(TRANSIENT_PREFIX)) {
      plain = name.slice(TRANSIENT_PREFIX.length);
    }
    if (plain !== "") this.add(plain.toLowerCase(), plain, value, scope);
  }

  add(key: string, name: string, value: string, scope: MetadataScope): void {
    if (value === "") return;
    (this.#metadata ??= []).push({ key, name, value: key.endsWith("-bin") ? Buffer.from(value, "base64") : value, scope });
  }

  sections(): Sections {
    const metadata = this.#metadata === undefined ? undefined : new MetadataBlock(this.#metadata);
    const { service, caller, method, frameType } = this;
    return { service, caller, method, frameType, metadata, strings: this.#strings };
  }
}

/** A section with nothing but the time that is left: `10 0001 000c`, length, digits. */
const TIMEOUT_SECTION = Buffer.from([INT_SECTION, 0, 1, 0, KEY_TIMEOUT, 0]);
/** In place of a time: none stands there. */
const NO_TIMEOUT = -1;
/** In place of a time: something else stands there, too. */
const OTHER_TAIL = -2;

function isTimeout(bytes: Buffer, from: number, to: number): boolean {
  return startsWith(bytes, from, to, TIMEOUT_SECTION, 0);
}

/** The time in `from` to `to`, where nothing but that and padding may stand. */
function readTail(bytes: Buffer, from: number, to: number): number {
  let at = from;
  let timeoutMs = NO_TIMEOUT;
  if (startsWith(bytes, at, to, TIMEOUT_SECTION, 0)) {
    at += TIMEOUT_SECTION.length;
    const end = at + 1 + (bytes[at] as number);
    if (end === at + 1 || end > to) return OTHER_TAIL;
    timeoutMs = 0;
    for (at++; at < end; at++) {
      const digit = (bytes[at] as number) - 0x30;
      if (digit < 0 || digit > 9) return OTHER_TAIL;
      timeoutMs = timeoutMs * 10 + digit;
    }
  }
  while (at < to) if (bytes[at++] !== PADDING_SECTION) return OTHER_TAIL;
  return timeoutMs;
}

/** A hash of every third byte, without the time that is left, which differs from call to call. */
function slotOf(bytes: Buffer, from: number, to: number): number {
  const end = withoutTimeout(bytes, from, to);
  let hash = 0;
  for (let at = from + 2; at < end; at += 3) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
  return (hash ^ (hash >>> 6)) & (KEPT - 1);
}

/** Where the last section begins if it looks like the time that is left; else the end. */
function withoutTimeout(bytes: Buffer, from: number, to: number): number {
  let at = to;
  while (at > from && bytes[at - 1] === 0) at--;
  const end = at;
  while (at > from && (bytes[at - 1] as number) >= 0x30 && (bytes[at - 1] as number) <= 0x39) at--;
  const start = at - 1 - TIMEOUT_SECTION.length;
  return start > from && bytes[at - 1] === end - at && bytes[start] === INT_SECTION ? start : to;
}

/** Whether `known` begins at `from`; its first `skip` bytes are known to. */
function startsWith(bytes: Buffer, from: number, to: number, known: Buffer, skip: number): boolean {
  const { length } = known;
  if (length > to - from) return false;
  for (let i = skip; i < length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}

function wordsOf(bytes: Buffer): Int32Array {
  return Int32Array.from({ length: bytes.length >> 2 }, (_, i) => bytes.readInt32LE(4 * i));
}

function readTimeout(text: string): number {
  const value = Number(text);
  return text !== "" && Number.isFinite(value) ? Math.max(0, value) : Infinity;
}

function int32(bytes: Buffer, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}

function uint16(bytes: Buffer, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function cut(): DecodeError {
  return new DecodeError("a TTHeader section ends before its announced length");
}

const NO_SECTIONS: Sections = {
  service: undefined,
  caller: "",
  method: "",
  frameType: "",
  metadata: undefined,
  strings: undefined,
};
