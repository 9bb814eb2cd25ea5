/** `kiteline gen`: TypeScript from IDL, written where it is wanted, kept fresh, or checked to be. */
import { join, resolve } from "node:path";
import type { GeneratedFile, I64Form } from "@kiteline/codegen";
import { requirePositionals, type Args } from "./args.ts";
import type { Command, Context } from "./command.ts";
import { EXIT, Failure, usage, type ExitCode } from "./failure.ts";
import { otherGenerated, planOutput, removeFiles, writeOutput, type OutputPlan } from "./gen/output.ts";
import { loadPlugin, type LoadedPlugin } from "./gen/plugins.ts";
import { generateFrom, type SourceOptions } from "./gen/sources.ts";
import { IdlWatch } from "./gen/watch.ts";
import { counted, type Printer } from "./printer.ts";

export const gen: Command = {
  name: "gen",
  summary: "Write TypeScript for IDL: types, codecs, service descriptions.",
  usage: "IDL... -o DIR",
  description: [
    "Writes one TypeScript file for each IDL file (Thrift or .proto) and each file that it includes. Files that",
    "would not change are not touched. Files that were not generated are never overwritten or removed; generated",
    "ones say so in their first line.",
    "",
    "A plugin is a module whose default export is a function (model, files) => files.",
  ],
  options: [
    { name: "out", short: "o", value: "DIR", completes: "directory", help: "Where the files go." },
    {
      name: "include",
      short: "I",
      value: "DIR",
      multiple: true,
      completes: "directory",
      help: "Look for included files here too (repeat).",
    },
    {
      name: "i64",
      value: "FORM",
      choices: ["bigint", "number", "string"],
      help: "64-bit integers as bigint, number or string. Defaults to bigint.",
    },
    {
      name: "import-extension",
      value: "EXT",
      choices: [".ts", ".js"],
      help: "How imports of generated files end: .ts or .js. Defaults to .ts.",
    },
    { name: "keep-unknown", help: "Keep fields that Thrift IDL does not know, and send them on; those of Protobuf always are." },
    {
      name: "plugin",
      value: "MODULE",
      multiple: true,
      completes: "file",
      help: "Change or add files with a plugin (repeat; the first runs first).",
    },
    { name: "clean", help: "Remove generated files from DIR that are not made any more." },
    { name: "check", help: "Write nothing; end with 4 if something would change." },
    { name: "watch", help: "Go on, and write again whenever the IDL changes." },
  ],
  examples: [
    "gen idl/echo.thrift -o src/gen",
    "gen idl/*.thrift -o src/gen --clean --watch",
    "gen -I proto proto/acme/v1/*.proto -o src/gen",
    "gen idl/echo.thrift -o src/gen --check",
  ],
  completes: "file",
  run: runGen,
};

/** What one run needs, read from the command line once. */
interface Job extends SourceOptions {
  readonly printer: Printer;
  /** As the user named it. */
  readonly out: string;
  readonly clean: boolean;
}

async function runGen(args: Args, { io, printer }: Context): Promise<ExitCode> {
  const paths = requirePositionals(args, ["IDL..."]);
  const out = args.text("out");
  if (out === undefined) throw usage("expected -o DIR, got none");
  if (args.flag("check") && args.flag("watch")) throw usage("expected --check or --watch, got both");
  const plugins: LoadedPlugin[] = [];
  for (const name of args.list("plugin")) plugins.push(await loadPlugin(name, io));
  const options: SourceOptions["options"] = {
    i64: args.choice<I64Form>("i64"),
    importExtension: args.choice<".ts" | ".js">("import-extension"),
    keepUnknown: args.flag("keep-unknown"),
  };
  const job: Job = { io, printer, paths, include: args.list("include"), out, options, plugins, clean: args.flag("clean") };
  if (args.flag("watch")) return watch(job);
  const output = plan(job, await generateFrom(job));
  return args.flag("check") ? check(output, job) : write(output, job);
}

interface Plan extends OutputPlan {
  /** Generated files that this run does not make. */
  readonly others: readonly string[];
}

/** Compares what was generated with what is on disk. */
function plan(job: Job, files: readonly GeneratedFile[]): Plan {
  const folder = resolve(job.io.cwd, job.out);
  return { ...planOutput(folder, files), others: otherGenerated(folder, files) };
}

function write(output: Plan, { out, clean, printer }: Job): ExitCode {
  const { folder, changed, unchanged, others } = output;
  writeOutput(output);
  if (clean) removeFiles(folder, others);
  const { green, red, dim } = printer.paint;
  const shown = (path: string): string => join(out, path);
  const lines = [
    ...changed.map(({ path }) => `${green("wrote")} ${shown(path)}`),
    ...(clean ? others.map((path) => `${red("removed")} ${shown(path)}`) : []),
    dim(`${changed.length} written, ${unchanged.length} unchanged`),
    ...(clean || others.length === 0 ? [] : [dim(`not made by this run: ${others.map(shown).join(", ")} (--clean removes them)`)]),
  ];
  const [removed, left] = clean ? [others, []] : [[], others];
  printer.result(lines.join("\n"), { type: "generated", out, written: changed.map(({ path }) => path), unchanged, removed, left });
  return EXIT.ok;
}

function check(output: Plan, { out, clean, printer }: Job): ExitCode {
  const changed = output.changed.map(({ path }) => path);
  const stale = clean ? output.others : [];
  if (changed.length === 0 && stale.length === 0) {
    printer.result(`${counted(output.unchanged.length, "file")} up to date`, { type: "fresh", out, unchanged: output.unchanged });
    return EXIT.ok;
  }
  throw new Failure(EXIT.stale, "stale", `${counted(changed.length + stale.length, "generated file")} out of date`, {
    excerpt: [
      ...changed.map((path) => `  ${join(out, path)} would change`),
      ...stale.map((path) => `  ${join(out, path)} would be removed`),
    ].join("\n"),
    hints: ["run the same without --check"],
    fields: { changed, stale },
  });
}

/** Goes on until it is told to stop; what is wrong is shown, and mended by the next change. */
async function watch(job: Job): Promise<ExitCode> {
  const { io, printer, paths, include } = job;
  const stop = io.stop();
  const folders = include.map((folder) => resolve(io.cwd, folder));
  const roots = paths.map((path) => resolve(io.cwd, path));
  const changes = new IdlWatch();
  // Before the first look, so that nothing is missed after it.
  changes.set(roots, folders);
  try {
    do {
      try {
        const files = await generateWatched(job, roots, folders, changes);
        write(plan(job, files), job);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        printer.failure("kiteline gen", error);
      }
      printer.note(printer.paintNotes.dim(`watching ${paths.join(", ")} and what they include`), { type: "watching", paths });
    } while (await changes.next(stop));
  } finally {
    changes.close();
  }
  return EXIT.ok;
}

/** Generates, and has watched whatever was sought for it: an import that was missing appears there. */
async function generateWatched(
  job: Job,
  roots: readonly string[],
  folders: readonly string[],
  changes: IdlWatch,
): Promise<readonly GeneratedFile[]> {
  const looked = new Set(roots);
  try {
    return await generateFrom({ ...job, looked: (path) => looked.add(path) });
  } finally {
    changes.set([...looked], folders);
  }
}
