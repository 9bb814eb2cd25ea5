/** How messages are compressed (gRPC, "Compression"). Node's zlib is loaded when the first message is. */
import type { Transform } from "node:stream";
import { RpcError } from "@kiteline/core";
import { BLOWN_UP, mostAtOnce, TOO_LARGE, type Background, type Job, type OnDone } from "./background.ts";

/** Names of gRPC's registry. `deflate` has zlib's header around it. */
export type CompressionName = "gzip" | "deflate" | "zstd";

export interface Compression {
  readonly name: CompressionName;
  compress(bytes: Uint8Array): Uint8Array;
  /** The same on another thread, for more than `LONG_BYTES`: everybody would wait for it here. */
  compressLater(background: Background, bytes: Uint8Array, onDone: OnDone): Job;
  /**
   * `undefined` for what inflates to more than is done while everybody waits: see `inflateLater`. Throws an `RpcError`:
   * `resource_exhausted` when it has more than `maxBytes`, `internal` when it is broken.
   */
  inflate(bytes: Uint8Array, maxBytes: number): Buffer | undefined;
  /** The same on another thread, whatever it inflates to. */
  inflateLater(background: Background, bytes: Uint8Array, maxBytes: number, onDone: OnDone): Job;
}

/** What we understand, as `grpc-accept-encoding` says it. */
export const ACCEPTED = "identity,deflate,gzip,zstd";

/** More takes a thread of its own to compress: about a millisecond. */
export const LONG_BYTES: number = 32 * 1024;
/** More takes as long to inflate. */
const LONG_INFLATED_BYTES = 256 * 1024;
/** How much is inflated to see what is wrong with what says itself that it is too large. */
const LOOK_BYTES = 1024;
/** Not of more than this: to begin takes a quarter of a millisecond where it is seldom done. What was cut and cannot be told from it is shorter, mostly. */
const LOOKED_AT_BYTES = 4096;

type Zlib = typeof import("node:zlib");
type Inflate = (bytes: Uint8Array, options: { maxOutputLength: number }) => Buffer;
type MakeTransform = (options: { chunkSize: number }) => Transform;

/** What Node has for one of them. */
interface Methods {
  readonly compress: (bytes: Uint8Array) => Buffer;
  readonly makeCompressor: MakeTransform;
  readonly inflate: Inflate;
  readonly makeInflater: MakeTransform;
}

/** What a thread gives back at a time: others have their turn then, and everybody here. */
const CHUNK = { chunkSize: 64 * 1024 };
/** How many times smaller a message is, where nobody can tell. */
const USUAL_GAIN = 4;

class ZlibCompression implements Compression {
  readonly name: CompressionName;
  readonly #methods: (zlib: Zlib) => Methods;
  readonly #says: (bytes: Uint8Array) => number;

  /** `says`: the size that it says it inflates to, without a look at the rest, if it does. */
  constructor(name: CompressionName, methods: (zlib: Zlib) => Methods, says: (bytes: Uint8Array) => number = () => 0) {
    this.name = name;
    this.#methods = methods;
    this.#says = says;
  }

  compress(bytes: Uint8Array): Uint8Array {
    return this.#node.compress(bytes);
  }

  compressLater(background: Background, bytes: Uint8Array, onDone: OnDone): Job {
    const expectedBytes = Math.ceil(bytes.byteLength / USUAL_GAIN);
    return background.add({ make: () => this.#node.makeCompressor(CHUNK), bytes, expectedBytes, maxBytes: Infinity }, onDone);
  }

  inflate(bytes: Uint8Array, maxBytes: number): Buffer | undefined {
    const says = this.#says(bytes);
    if (says > maxBytes && bytes.byteLength > LOOKED_AT_BYTES) throw tooLarge(bytes, maxBytes);
    const here = Math.min(maxBytes, says > maxBytes ? LOOK_BYTES : Math.min(LONG_INFLATED_BYTES, mostAtOnce(bytes.byteLength)));
    if (says <= maxBytes && (says > here || bytes.byteLength > here)) return undefined;
    try {
      return this.#node.inflate(bytes, { maxOutputLength: here });
    } catch (error) {
      if (isTooLarge(error) && says <= maxBytes && here < maxBytes) return undefined;
      throw this.#told(error as Error, bytes, maxBytes);
    }
  }

  inflateLater(background: Background, bytes: Uint8Array, maxBytes: number, onDone: OnDone): Job {
    // What it says of itself is believed as far as messages of good will go: memory for the rest is found as it comes.
    const expectedBytes = Math.min(Math.max(this.#says(bytes), USUAL_GAIN * bytes.byteLength), BLOWN_UP * bytes.byteLength);
    return background.add({ make: () => this.#node.makeInflater(CHUNK), bytes, expectedBytes, maxBytes }, (error, inflated, tookMs) => {
      onDone(error === undefined ? undefined : this.#told(error, bytes, maxBytes), inflated, tookMs);
    });
  }

  get #node(): Methods {
    return this.#methods(process.getBuiltinModule("node:zlib"));
  }

  #told(error: Error, bytes: Uint8Array, maxBytes: number): RpcError {
    if (isTooLarge(error)) return tooLarge(bytes, maxBytes);
    return RpcError.withoutStack("internal", `a message is not the ${this.name} that it is said to be: ${error.message}`, { cause: error });
  }
}

function tooLarge(bytes: Uint8Array, maxBytes: number): RpcError {
  return RpcError.withoutStack(
    "resource_exhausted",
    `a message of ${bytes.byteLength} bytes inflates to more than ${maxBytes} (maxReceivedBytes, maxMessageBytes)`,
  );
}

function isTooLarge(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === TOO_LARGE;
}

/**
 * The size that the last four bytes tell (RFC 1952, section 2.3.1): of the last member, where it has several, so that it is no less than this. 0
 * for what is no gzip.
 */
function gzipSays(bytes: Uint8Array): number {
  const at = bytes.byteLength - 4;
  return at < 0 || bytes[0] !== 0x1f || bytes[1] !== 0x8b ? 0 : new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
}

const COMPRESSIONS: readonly Compression[] = [
  new ZlibCompression(
    "gzip",
    ({ gzipSync, createGzip, gunzipSync, createGunzip }) => ({
      compress: gzipSync,
      makeCompressor: createGzip,
      inflate: gunzipSync,
      makeInflater: createGunzip,
    }),
    gzipSays,
  ),
  new ZlibCompression("deflate", ({ deflateSync, createDeflate, inflateSync, createInflate }) => ({
    compress: deflateSync,
    makeCompressor: createDeflate,
    inflate: inflateSync,
    makeInflater: createInflate,
  })),
  new ZlibCompression("zstd", ({ zstdCompressSync, createZstdCompress, zstdDecompressSync, createZstdDecompress }) => ({
    compress: zstdCompressSync,
    makeCompressor: createZstdCompress,
    inflate: zstdDecompressSync,
    makeInflater: createZstdDecompress,
  })),
];

/** `undefined` for a name that we do not know, and for `identity`. */
export function findCompression(name: string | undefined): Compression | undefined {
  return name === undefined ? undefined : COMPRESSIONS.find((each) => each.name === name);
}

/** Whether a list such as `grpc-accept-encoding` or `accept-encoding` names it, and not only to say that it is not wanted. */
export function accepts(list: string | undefined, { name }: Compression): boolean {
  if (list === undefined) return false;
  return list.split(",").some((each) => {
    const [named = "", quality = ""] = each.split(";", 2);
    return named.trim() === name && !/^\s*q=0(\.0*)?\s*$/.test(quality);
  });
}
