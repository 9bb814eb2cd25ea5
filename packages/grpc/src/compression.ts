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

type Zlib = typeof import("node:zlib");
type Inflate = (bytes: Uint8Array, options: { maxOutputLength: number }) => Buffer;

function zlib(): Zlib {
  return process.getBuiltinModule("node:zlib");
}

function compression(
  name: CompressionName,
  compress: (zlib: Zlib) => (bytes: Uint8Array) => Buffer,
  inflate: (zlib: Zlib) => Inflate,
): Compression {
  return {
    name,
    compress: (bytes) => compress(zlib())(bytes),
    inflate(bytes, maxBytes) {
      try {
        return inflate(zlib())(bytes, { maxOutputLength: maxBytes });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
          throw new RpcError(
            "resource_exhausted",
            `a message of ${bytes.byteLength} bytes inflates to more than ${maxBytes} (maxMessageBytes)`,
          );
        }
        throw new RpcError("internal", `a message is not the ${name} that it is said to be: ${(error as Error).message}`, { cause: error });
      }
    },
  };
}

const COMPRESSIONS: readonly Compression[] = [
  compression(
    "gzip",
    ({ gzipSync }) => gzipSync,
    ({ gunzipSync }) => gunzipSync,
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
