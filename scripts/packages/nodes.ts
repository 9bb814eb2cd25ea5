/** The Nodes a published package is tried on: the one we run on, and the oldest we support. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { nodePackage } from "../node-packages.mjs";
import { runNpm, runTool } from "../run-tool.ts";

const OLDEST = 24;

/** An executable and its version. */
export interface NodeToTry {
  readonly executable: string;
  readonly version: string;
}

/** Installs the oldest supported Node below .cache the first time. Throws where it cannot be had. */
export async function nodesToTry(root: string): Promise<NodeToTry[]> {
  const current = { executable: process.execPath, version: process.versions.node };
  if (current.version.startsWith(`${OLDEST}.`)) return [current];
  const carrier = nodePackage();
  if (carrier === undefined)
    throw new Error(`nobody publishes Node ${OLDEST} for ${process.platform}-${process.arch}; run this check where one is published`);
  const folder = join(root, ".cache", `node-${OLDEST}`);
  const executable = join(folder, "node_modules", carrier.executable);
  if (!existsSync(executable)) {
    const install = [
      "install",
      "--prefix",
      folder,
      `${carrier.name}@${OLDEST}`,
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--no-save",
      "--loglevel=error",
    ];
    const { ok, everything } = await runNpm(install, { cwd: root });
    if (!ok) throw new Error(`Node ${OLDEST} could not be installed (${install.join(" ")}): ${everything}`);
  }
  const { output } = await runTool(executable, ["--version"], { cwd: root });
  return [{ executable, version: output.trim().slice(1) }, current];
}
