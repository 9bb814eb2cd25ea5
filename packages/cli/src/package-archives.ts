/** Packages of Kiteline as archives in a folder, where there is no registry that has them. */
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { invalidInput } from "./failure.ts";
import { fileFailure } from "./file-failure.ts";
import type { Io } from "./io.ts";

const ARCHIVE = /^kiteline(?:-([a-z][a-z0-9-]*?))?-\d+\.\d+\.\d+.*\.tgz$/;

/** The archives by the name of their package. Throws a failure when one of those `needed` is not among them. */
export function findArchives(folder: string, needed: readonly string[], { cwd }: Io): ReadonlyMap<string, string> {
  const path = resolve(cwd, folder);
  let names: string[];
  try {
    names = readdirSync(path).sort();
  } catch (error) {
    throw fileFailure("read", folder, error);
  }
  const archives = new Map<string, string>();
  for (const name of names) {
    const found = ARCHIVE.exec(name);
    if (found !== null) archives.set(found[1] === undefined ? "kiteline" : `@kiteline/${found[1]}`, resolve(path, name));
  }
  const missing = needed.filter((name) => !archives.has(name));
  if (missing.length === 0) return archives;
  throw invalidInput(`${folder} has no archive of ${missing.join(", ")}`, {
    hints: ["expected files such as kiteline-0.1.0.tgz, which npm run pack makes in a checkout of Kiteline"],
  });
}
