/** The version of this package, which is that of all packages: they are released together. */
import { readFileSync } from "node:fs";

export function ownVersion(): string {
  // Beside src as well as beside dist.
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  return manifest.version;
}
