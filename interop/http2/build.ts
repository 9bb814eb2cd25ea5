/** Builds h2spec, the conformance tests of HTTP/2 servers, into the ignored folder `bin`. Go's cache makes a second run cheap. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const folder = import.meta.dirname;

/** Where h2spec is once it has been built. */
export const H2SPEC: string = join(folder, "bin", process.platform === "win32" ? "h2spec.exe" : "h2spec");

/** Throws with the compiler's words when it fails. The first time it fetches Go modules. */
export function buildH2spec(): void {
  const done = spawnSync("go", ["build", "-o", H2SPEC, "github.com/summerwind/h2spec/cmd/h2spec"], { cwd: folder, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`h2spec was not built: ${done.error?.message ?? `${done.stdout}${done.stderr}`.trim()}`);
}
