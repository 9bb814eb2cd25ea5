/**
 * The packages check: what would be published, looked at as those who install it see it. Builds, packs, reads each archive,
 * lets two independent tools judge it, then installs all archives in an empty project and imports every entry there.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importProblems } from "./packages/consumer.ts";
import { contentProblems } from "./packages/contents.ts";
import { nodesToTry } from "./packages/nodes.ts";
import { packAll } from "./packages/pack.ts";
import { toolProblems } from "./packages/tools.ts";
import { runNode } from "./run-tool.ts";

/** Everything wrong with the packages of the repository at `root`. Its files are made in a temporary folder and removed. */
export async function checkPackages(root: string): Promise<string[]> {
  const built = await runNode([join(root, "node_modules/typescript/bin/tsc"), "-b"], { cwd: root });
  if (!built.ok) return ["does not build; see the check named types", built.everything.trim()];
  const work = mkdtempSync(join(tmpdir(), "kiteline-packages-"));
  try {
    const archives = await packAll(root, work);
    const contents = archives.flatMap((archive) =>
      contentProblems(
        archive.name,
        archive.manifest,
        new Map(archive.files.map((path) => [path, () => readFileSync(join(archive.folder, path), "utf8")])),
      ),
    );
    const judged: string[] = [];
    for (const archive of archives) judged.push(...(await toolProblems(root, archive)));
    return [...contents, ...judged, ...(await importProblems(root, work, archives, await nodesToTry(root)))];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
