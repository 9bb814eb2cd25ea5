/** package-lock.json: names no registry, and agrees with the manifests, so that `npm ci` works wherever packages come from. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Manifest, Workspace } from "./workspace.ts";
import { readManifest } from "./workspace.ts";

interface Lock {
  readonly packages: Readonly<Record<string, Manifest & { readonly resolved?: string }>>;
}

const FIELDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;

export function lockProblems(workspace: Workspace): string[] {
  const path = join(workspace.root, "package-lock.json");
  if (!existsSync(path)) return ["package-lock.json: is missing; run npm install"];
  const lock = JSON.parse(readFileSync(path, "utf8")) as Lock;
  const problems: string[] = [];
  for (const [name, entry] of Object.entries(lock.packages)) {
    if (entry.resolved?.includes("://"))
      problems.push(`package-lock.json: ${name} is locked to ${entry.resolved}; run npm install with the repository's .npmrc`);
  }
  problems.push(...missingPlatforms(lock));
  const folders = [
    "",
    ...workspace.packages.map((unit) => unit.folder),
    ...workspace.beside.filter((unit) => unit.manifest !== undefined).map((unit) => unit.folder),
  ];
  for (const folder of folders) {
    const manifest = readManifest(join(workspace.root, folder, "package.json"));
    const locked = lock.packages[folder];
    if (FIELDS.some((field) => sorted(manifest?.[field]) !== sorted(locked?.[field]))) {
      problems.push(`package-lock.json: does not agree with ${join(folder, "package.json")}; run npm install`);
    }
  }
  return problems;
}

/**
 * Packages for other platforms that the lock lacks. npm leaves them out when the registry in reach does not have them; `npm ci`
 * then refuses the lock everywhere.
 */
function missingPlatforms(lock: Lock): string[] {
  return Object.entries(lock.packages).flatMap(([folder, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter(
        (name) => lock.packages[`node_modules/${name}`] === undefined && lock.packages[`${folder}/node_modules/${name}`] === undefined,
      )
      .map(
        (name) => `package-lock.json: lacks ${name}, which ${folder || "the root"} needs on another platform; npm ci refuses such a lock`,
      ),
  );
}

function sorted(versions: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  return lines.sort((a, b) => (a < b ? -1 : 1)).join("\n");
}
