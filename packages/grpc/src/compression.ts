/** How messages are compressed (gRPC, "Compression"). Node's zlib is loaded when the first message is. */
import { RpcError } from "@kiteline/core";

/** Names of gRPC's registry. `deflate` has zlib's header around it. */
export type CompressionName = "gzip" | "deflate" | "zstd";

export interface Compression {
  readonly name: CompressionName;
  compress(bytes: Uint8Array): Uint8Array;
  /** Throws an `RpcError`: `resource_exhausted` when it has more than `maxBytes`, `internal` when it is broken. */
  inflate(bytes: Uint8Array, maxBytes: number): Buffer;
}

/** What we understand, as `grpc-accept-encoding` says it. */
export const ACCEPTED = "identity,deflate,gzip,zstd";

/** How much is inflated to see what is wrong with what says itself that it is too large. */
const LOOK_BYTES = 64 * 1024;

type Zlib = typeof import("node:zlib");
type Inflate = (bytes: Uint8Array, options: { maxOutputLength: number }) => Buffer;

function zlib(): Zlib {
  return process.getBuiltinModule("node:zlib");
}

/** `says`: the size that it says it inflates to, without a look at the rest, if it does. */
function compression(
  name: CompressionName,
  compress: (zlib: Zlib) => (bytes: Uint8Array) => Buffer,
  inflate: (zlib: Zlib) => Inflate,
  says: (bytes: Uint8Array) => number = () => 0,
): Compression {
  return {
    name,
    compress: (bytes) => compress(zlib())(bytes),
    inflate(bytes, maxBytes) {
      const maxOutputLength = says(bytes) > maxBytes ? Math.min(maxBytes, LOOK_BYTES) : maxBytes;
      try {
        return inflate(zlib())(bytes, { maxOutputLength });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
          throw new RpcError(
            "resource_exhausted",
            `a message of ${bytes.byteLength} bytes inflates to more than ${maxBytes} (maxReceivedBytes, maxMessageBytes)`,
          );
        }
        throw new RpcError("internal", `a message is not the ${name} that it is said to be: ${(error as Error).message}`, { cause: error });
      }
    },
  };
}

/** The size that the last four bytes tell (RFC 1952, section 2.3.1), which no honest one exceeds. */
function gzipSays(bytes: Uint8Array): number {
  const at = bytes.byteLength - 4;
  return at < 0 ? 0 : new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
}

const COMPRESSIONS: readonly Compression[] = [
  compression(
    "gzip",
    ({ gzipSync }) => gzipSync,
    ({ gunzipSync }) => gunzipSync,
    gzipSays,
  ),
  compression(
    "deflate",
    ({ deflateSync }) => deflateSync,
    ({ inflateSync }) => inflateSync,
  ),
  compression(
    "zstd",
    ({ zstdCompressSync }) => zstdCompressSync,
    ({ zstdDecompressSync }) => zstdDecompressSync,
  ),
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
