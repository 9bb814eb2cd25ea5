/** IDL for the commands: loads it from where the user is, and turns what is wrong with it into a failure. */
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { suggest } from "@kiteline/core";
import { idl, IdlError, loadIdl } from "@kiteline/thrift";
import type { Args, OptionSpec } from "./args.ts";
import { EXIT, Failure, invalidInput, usage } from "./failure.ts";
import type { Io } from "./io.ts";

/** For commands that read IDL at run time. */
export const IDL_OPTIONS: readonly OptionSpec[] = [
  { name: "idl", value: "FILE", multiple: true, completes: "file", help: "The IDL (repeat for several)." },
  { name: "include", short: "I", value: "DIR", multiple: true, completes: "directory", help: "Look for included files here too (repeat)." },
];

/** Loads what `--idl` and `--include` name. Throws a usage failure without `--idl`, and an input failure for wrong IDL. */
export function loadIdlOption(args: Args, io: Io): Promise<idl.DocumentSet> {
  const paths = args.list("idl");
  if (paths.length === 0) throw usage("expected --idl FILE, got none");
  return loadIdlFiles(paths, args.list("include"), io);
}

/** Loads IDL files. Their paths in the model and in messages are those that the user gave. */
export async function loadIdlFiles(paths: readonly string[], include: readonly string[], io: Io): Promise<idl.DocumentSet> {
  return await withIdlFailuresAsync(() =>
    loadIdl(expandPatterns(paths, io), { searchDirs: include, readFile: (path) => readIfThere(resolve(io.cwd, path)) }),
  );
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
export async function withIdlFailuresAsync<T>(task: () => Promise<T>): Promise<T> {
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
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (code === "EISDIR") throw new Error("it is a folder", { cause: error });
    throw error;
  }
}

export interface FoundFunction {
  readonly service: idl.Service;
  readonly function: idl.ServiceFunction;
}

/** The services that the IDL given defines; those of files that it only includes are others' business. */
export function servicesOf(documents: idl.DocumentSet): readonly idl.Service[] {
  return [...new Set(documents.roots)].flatMap((document) => document.services);
}

/** The functions of these services by `Service.method`. Throws a failure where there are none. */
export function functionsOfServices(documents: idl.DocumentSet): ReadonlyMap<string, FoundFunction> {
  const all = new Map<string, FoundFunction>();
  const services = servicesOf(documents);
  for (const service of services) {
    const twin = services.find((each) => each.name === service.name && each !== service);
    // A call names the service by its name alone.
    if (twin !== undefined)
      throw invalidInput(`two services are called ${service.name}: in ${service.document.path} and in ${twin.document.path}`);
    for (const each of idl.functionsOf(service)) all.set(`${service.name}.${each.name}`, { service, function: each });
  }
  if (all.size > 0) return all;
  throw invalidInput(`${documents.roots.map((document) => document.path).join(", ")}: expected a service with a method, found none`);
}

/** Finds `Service.method`. Throws a usage failure that says what there is. */
export function findFunction(documents: idl.DocumentSet, wanted: string): FoundFunction {
  const all = functionsOfServices(documents);
  const found = all.get(wanted);
  if (found !== undefined) return found;
  const names = [...all.keys()];
  const short = names.filter((name) => name.endsWith(`.${wanted}`));
  const hints = short.length > 0 ? [`did you mean ${short.join(" or ")}?`] : suggest(wanted, names);
  throw usage(`there is no method ${wanted} in the IDL`, ...hints, `there are ${names.join(", ")}`);
}
