/** `kiteline new`: a project that serves an IDL; run again, it follows the IDL and leaves alone what is the user's. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { scaffold, type ScaffoldFile } from "@kiteline/codegen";
import { requirePositionals, type Args } from "./args.ts";
import type { Command, Context } from "./command.ts";
import { EXIT, Failure, usage, type ExitCode } from "./failure.ts";
import { fileFailure } from "./file-failure.ts";
import { makeFolder } from "./folder.ts";
import { otherGenerated, planOutput, removeFiles, writeOutput } from "./gen/output.ts";
import { expandPatterns, IDL_OPTIONS, loadIdlFiles, withIdlFailures } from "./idl.ts";
import { ownVersion } from "./own-version.ts";
import { findArchives } from "./package-archives.ts";
import { counted, toJson, type Printer } from "./printer.ts";
import { methodsOf } from "./services/service.ts";
import { servicesOf } from "./services/services.ts";

/** How a scaffold's method files begin. */
const METHOD_FILE = /^\/\*\* \S+\. Yours to write: this file was made once/;

export const newService: Command = {
  name: "new",
  summary: "Make a service that runs, or have it follow its IDL.",
  usage: "NAME --idl FILE",
  description: [
    "Makes a project in the folder NAME that serves every service of the IDL (Thrift, .proto or both, on",
    "one port): it starts, has a test for each method, a Dockerfile and a README. The IDL stays where it is.",
    "",
    "src/methods has one file per method, which answers by example until you write it. Run again when the",
    "IDL has grown (npm run gen in the project does), it adds files for the new methods and writes",
    "src/gen and src/services.ts again; no other file that is there is touched.",
  ],
  options: [
    ...IDL_OPTIONS,
    {
      name: "packages",
      value: "DIR",
      completes: "directory",
      help: "Take Kiteline's packages from archives in DIR, not from the registry.",
    },
  ],
  examples: [
    "new hello --idl idl/hello.thrift",
    "new shop --idl idl/hello.thrift --idl proto/shop.proto",
    "new . --idl ../idl/hello.thrift -I ../idl",
  ],
  completes: "directory",
  run: runNew,
};

async function runNew(args: Args, { io, printer }: Context): Promise<ExitCode> {
  const [given = ""] = requirePositionals(args, ["NAME"]);
  const folder = resolve(io.cwd, given);
  const name = packageName(basename(folder));
  const listed = args.list("idl");
  if (listed.length === 0) throw usage("expected --idl FILE, got none");
  const paths = expandPatterns(listed, io);
  const include = args.list("include");
  const loaded = await loadIdlFiles(paths, include, io);
  const runtimes = [
    "kiteline",
    ...(loaded.thrift ? ["@kiteline/thrift"] : []),
    ...(loaded.proto ? ["@kiteline/protobuf", "@kiteline/grpc"] : []),
  ];

  const fromProject = (path: string): string => relative(folder, resolve(io.cwd, path)).replaceAll(sep, "/") || ".";
  const idl = paths.map(fromProject);
  const archives = args.text("packages");
  const packages = archives === undefined ? undefined : findArchives(archives, [...runtimes, "@kiteline/cli"], io);
  const { services, origins } = servicesOf(loaded);
  const methods = methodsOf(services, origins);
  const files = withIdlFailures(() =>
    scaffold(loaded, {
      name,
      version: ownVersion(),
      packages: packages && new Map([...packages].map(([each, path]) => [each, `file:${fromProject(path)}`])),
      flags: [...idl.map((path) => `--idl ${quoted(path)}`), ...include.map((path) => `-I ${quoted(fromProject(path))}`)].join(" "),
      idl,
      services: textIfThere(join(folder, "src/services.ts")),
      exampleOf: (method) => toJson(methods.get(method)?.method.exampleRequest()),
    }),
  );
  const isNew = !existsSync(join(folder, "package.json"));
  const done = writeProject(folder, files);
  const notes = notesOf(folder, files, isNew ? undefined : runtimes);
  if (isNew && packages === undefined && isCheckout()) {
    notes.push("this kiteline runs from a checkout; if no registry has its packages, --packages DIR takes what npm run pack made");
  }
  report({ ...done, folder: given, notes }, isNew, printer);
  return EXIT.ok;
}

interface Done {
  /** Paths in the project, with `/`. */
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
  /** Files of the user that were there. */
  readonly kept: readonly string[];
}

function writeProject(folder: string, files: readonly ScaffoldFile[]): Done {
  const generated = files.filter((file) => file.owner === "generated");
  // Before anything is written: it refuses to overwrite what was not generated.
  const plan = planOutput(folder, generated);
  const inGen = generated
    .filter((file) => file.path.startsWith("src/gen/"))
    .map((file) => ({ ...file, path: file.path.slice("src/gen/".length) }));
  const removed = otherGenerated(join(folder, "src/gen"), inGen);
  const isThere = (file: { path: string }): boolean => existsSync(join(folder, file.path));
  const own = files.filter((file) => file.owner === "user");
  const kept = own.filter(isThere).map((file) => file.path);
  const fresh = own.filter((file) => !isThere(file));
  const updated = plan.changed.filter(isThere).map((file) => file.path);
  const created = [...fresh, ...plan.changed.filter((file) => !isThere(file))].map((file) => file.path).sort();
  try {
    for (const file of fresh) {
      makeFolder(dirname(join(folder, file.path)));
      writeFileSync(join(folder, file.path), file.text, { flag: "wx" });
    }
    writeOutput(plan);
    removeFiles(join(folder, "src/gen"), removed);
  } catch (error) {
    throw error instanceof Failure ? error : fileFailure("write to", folder, error);
  }
  return { created, updated, removed: removed.map((path) => `src/gen/${path}`), kept };
}

/** What the user has to know or to do. `needed` are the packages that a manifest which was there must name. */
function notesOf(folder: string, files: readonly ScaffoldFile[], needed: readonly string[] | undefined): string[] {
  const known = new Set(files.map((file) => file.path));
  const notes = readdirSync(join(folder, "src/methods"))
    .map((name) => `src/methods/${name}`)
    .filter((path) => path.endsWith(".ts") && !known.has(path) && METHOD_FILE.test(readFileSync(join(folder, path), "utf8")))
    .map((path) => `${path} serves no method of the IDL any more: delete it and its test when you need them no more`);
  if (needed === undefined) return notes;
  const manifest = readFileSync(join(folder, "package.json"), "utf8");
  const missing = needed.filter((name) => !manifest.includes(`"${name}"`));
  if (missing.length > 0) notes.push(`package.json was there and lacks what is imported: npm install ${missing.join(" ")}`);
  return notes;
}

function report(done: Done & { folder: string; notes: readonly string[] }, isNew: boolean, printer: Printer): void {
  const { folder, created, updated, removed, kept, notes } = done;
  const { green, yellow, red, dim, bold } = printer.paint;
  const shown = (path: string): string => join(folder, path);
  const lines = [
    ...created.map((path) => `${green("created")} ${shown(path)}`),
    ...updated.map((path) => `${yellow("updated")} ${shown(path)}`),
    ...removed.map((path) => `${red("removed")} ${shown(path)}`),
    dim(`${created.length} created, ${updated.length} updated, ${counted(kept.length, "file")} of yours left alone`),
    ...notes.map((note) => `${yellow("note")} ${note}`),
    ...(isNew ? ["", bold("Next"), `  cd ${folder}`, "  npm install", "  npm test", "  npm start"] : []),
  ];
  printer.result(lines.join("\n"), { type: "scaffold", ...done });
}

/** A name that npm accepts. */
function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+|-+$/g, "");
  if (name === "") throw usage(`expected the name of a folder for the service, got "${folder}"`);
  return name;
}

/** Whether this file was not installed as a package. */
function isCheckout(): boolean {
  return !import.meta.dirname.split(sep).includes("node_modules");
}

function textIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** For a script in package.json, which sh and cmd read. */
function quoted(path: string): string {
  return /^[\w./:-]+$/.test(path) ? path : `"${path}"`;
}
