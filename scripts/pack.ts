/** `npm run pack`: writes the archives to publish, one per package, to the folder given or to .cache/archives. */
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { packAll } from "./packages/pack.ts";

const root = join(import.meta.dirname, "..");
const target = resolve(process.argv[2] ?? join(root, ".cache/archives"));
mkdirSync(target, { recursive: true });
for (const archive of await packAll(root, target)) console.log(`${archive.name}@${archive.version} ${archive.path}`);
rmSync(join(target, "packages"), { recursive: true }); // the folders that were packed
