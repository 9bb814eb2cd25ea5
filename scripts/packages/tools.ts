/** Two tools of others that judge an archive: publint (the manifest) and attw (whether types are found as the code is). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { runNode } from "../run-tool.ts";
import type { Archive } from "./pack.ts";

/** What they say of one archive. Suggestions count: an exception would need its reason here. */
export async function toolProblems(root: string, archive: Archive): Promise<string[]> {
  return [...(await publintProblems(archive)), ...(await attwProblems(root, archive))];
}

async function publintProblems(archive: Archive): Promise<string[]> {
  const bytes = readFileSync(archive.path);
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  return messages.map((message) => `${archive.name}: publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
}

async function attwProblems(root: string, archive: Archive): Promise<string[]> {
  const program = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js");
  // ESM only: `require` of it works on the Nodes we support, which attw does not know.
  const options = [
    "--profile=esm-only",
    "--no-definitely-typed",
    "--exclude-entrypoints=./package.json",
    "--format=ascii",
    "--no-emoji",
    "--no-color",
  ];
  const { ok, everything } = await runNode([program, archive.path, ...options], { cwd: root });
  return ok ? [] : [`${archive.name}: attw:\n${everything.trim()}`];
}
