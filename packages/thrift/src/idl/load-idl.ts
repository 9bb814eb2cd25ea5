/** The way in: loads IDL from files or from memory. The parser is loaded when it is first used. */
import type { DocumentSet } from "./model.ts";

export interface LoadIdlOptions {
  /** Folders in which included files are sought, after that of the including file. Defaults to none. */
  readonly searchDirs?: readonly string[] | undefined;
  /**
   * The text of a file, or `undefined` when there is none; what it throws is told as the reason why the file cannot be
   * read. Defaults to reading from disk.
   */
  readonly readFile?: ((path: string) => string | undefined | Promise<string | undefined>) | undefined;
}

/**
 * Loads IDL files and those that they include: from a path or several, or from texts by path. Throws an `IdlError`
 * that tells all that is wrong with them, with file, line and column.
 */
export async function loadIdl(
  files: string | readonly string[] | Readonly<Record<string, string>>,
  options: LoadIdlOptions = {},
): Promise<DocumentSet> {
  const { loadTexts, loadWith } = await import("./load.ts");
  const { searchDirs = [], readFile = fromDisk } = options;
  if (typeof files === "string") return loadWith([files], searchDirs, readFile);
  return isList(files) ? loadWith(files, searchDirs, readFile) : loadTexts(files, searchDirs);
}

function isList(files: readonly string[] | Readonly<Record<string, string>>): files is readonly string[] {
  return Array.isArray(files);
}

async function fromDisk(path: string): Promise<string | undefined> {
  const { readFile } = await import("node:fs/promises");
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
