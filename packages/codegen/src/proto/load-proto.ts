/** The way in: `.proto` files from disk or from memory to descriptors. */
import { readFile } from "node:fs/promises";
import { load, type LoadedProto, type ReadFile } from "./load.ts";
import { wellKnown } from "./well-known.ts";

export interface LoadProtoOptions {
  /**
   * The files to load. One that lies in a folder of `includePaths` is named from there, as protoc does; others are
   * sought in these folders.
   */
  readonly files: readonly string[];
  /** Folders from which files and imports are sought, in this order. Defaults to the current folder. */
  readonly includePaths?: readonly string[] | undefined;
  /**
   * The text of a file, or `undefined` when there is none; what it throws is told as the reason why the file cannot be
   * read. Defaults to reading from disk.
   */
  readonly read?: ReadFile | undefined;
}

/**
 * Loads `.proto` files (proto2, proto3, editions 2023 and 2024) and what they import, linked and checked, with their
 * options interpreted; comments are in their `sourceCodeInfo`. Google's own files (google/protobuf/any.proto and so on) need not
 * be in any folder; one that is goes before ours. Throws an `IdlError` that tells all that is wrong, with file, line and column.
 */
export function loadProto({ files, includePaths = [], read = fromDisk }: LoadProtoOptions): Promise<LoadedProto> {
  return load({ files, includePaths, read, known: wellKnown });
}

async function fromDisk(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
