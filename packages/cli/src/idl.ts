/** IDL for the commands: loads it from where the user is, and turns what is wrong with it into a failure. */
import { existsSync, globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { loadProto, type LoadedProto } from "@kiteline/codegen";
import { IdlError, loadIdl, type idl } from "@kiteline/thrift";
import type { OptionSpec } from "./args.ts";
import { EXIT, Failure, invalidInput } from "./failure.ts";
import type { Io } from "./io.ts";

/** For commands that read IDL at run time. */
export const IDL_OPTIONS: readonly OptionSpec[] = [
  { name: "idl", value: "FILE", multiple: true, completes: "file", help: "The IDL, Thrift or .proto (repeat for several)." },
  { name: "include", short: "I", value: "DIR", multiple: true, completes: "directory", help: "Look for included files here too (repeat)." },
];

/** What IDL files say, by their languages, which are told apart by how the files' names end. */
export interface LoadedIdl {
  readonly thrift: idl.DocumentSet | undefined;
  readonly proto: LoadedProto | undefined;
}

/**
 * Loads IDL files. Thrift's paths in the model and in messages are those that the user gave. `looked` is told the full path of each
 * file that is sought, there or not. Throws an input failure for wrong IDL.
 */
export async function loadIdlFiles(
  patterns: readonly string[],
  include: readonly string[],
  io: Io,
  looked: (path: string) => void = () => undefined,
): Promise<LoadedIdl> {
  const paths = expandPatterns(patterns, io);
  const protos = paths.filter(isProto);
  const others = paths.filter((each) => !isProto(each));
  const readFile = (path: string): Promise<string | undefined> => {
    const full = resolve(io.cwd, path);
    looked(full);
    return readIfThere(full);
  };
  return await withIdlFailuresAsync(async () => {
    const thrift = others.length === 0 ? undefined : await loadIdl(others, { searchDirs: include, readFile });
    const proto =
      protos.length === 0 ? undefined : await loadProto({ files: protos, includePaths: searched(protos, include, io), read: readFile });
    return { thrift, proto };
  });
}

function isProto(path: string): boolean {
  return path.endsWith(".proto");
}

/** A .proto file in none of the folders given is named from its own, as it is with Thrift. One may also be given as it is imported. */
function searched(protos: readonly string[], include: readonly string[], { cwd }: Io): string[] {
  const folders = include.map((each) => resolve(cwd, each) + sep);
  const isBelow = (folder: string, path: string): boolean => resolve(cwd, path).startsWith(folder);
  const isNamedFrom = (folder: string, path: string): boolean => !existsSync(resolve(cwd, path)) && existsSync(resolve(folder, path));
  const homeless = protos.filter((each) => !folders.some((folder) => isBelow(folder, each) || isNamedFrom(folder, each)));
  return [...new Set([...include, ...homeless.map((each) => dirname(each))])];
}

/** Runs what may throw an `IdlError`. */
export function withIdlFailures<T>(task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw asFailure(error);
  }
}

/** Awaits what may reject with an `IdlError`. */
async function withIdlFailuresAsync<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw asFailure(error);
  }
}

function asFailure(error: unknown): unknown {
  if (!(error instanceof IdlError)) return error;
  const { problems } = error;
  const [first] = problems;
  const message = first === undefined ? error.message : `${first.path}:${first.line}:${first.column}: ${first.message}`;
  return new Failure(EXIT.input, "invalid_idl", problems.length > 1 ? `the IDL has ${problems.length} problems` : "the IDL is wrong", {
    excerpt: error.message,
    fields: { message, problems },
    cause: error,
  });
}

/** Patterns, which the shells of Windows hand on as they are, as the files that they match. */
export function expandPatterns(paths: readonly string[], { cwd }: Io): string[] {
  return paths.flatMap((path) => {
    if (!/[*?]/.test(path)) return [path];
    const found = globSync(path, { cwd }).sort();
    if (found.length === 0) throw invalidInput(`no file matches ${path}`);
    return found;
  });
}

/** The text of a file; undefined when there is none. */
async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (code === "EISDIR") throw new Error("it is a folder", { cause: error });
    throw error;
  }
}
