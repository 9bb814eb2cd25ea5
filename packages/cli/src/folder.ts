/** Folders that files are written into, and what is in them. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { invalidInput } from "./failure.ts";
import { fileFailure } from "./file-failure.ts";

/**
 * Makes a folder, and those above it that are missing. Node's `recursive` tries for ever where a folder that is there will not have it, as
 * `/proc`. Throws a failure.
 */
export function makeFolder(path: string): void {
  const above = dirname(path);
  if (existsSync(path)) return;
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return; // somebody else has made it by now
    if (code === "ENOENT") throw invalidInput(`cannot make the folder ${path}: ${above} takes none`, { fields: { path }, cause: error });
    throw fileFailure("make the folder", path, error);
  }
}

/** The paths of all files in a folder, or of none where it is not there. What npm and Git put beside a program's own is left out. Throws a failure. */
export function* filesIn(folder: string): Generator<string> {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw fileFailure("read the folder", folder, error);
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isFile()) yield path;
    else if (entry.isDirectory() && entry.name !== "node_modules" && entry.name !== ".git") yield* filesIn(path);
  }
}
