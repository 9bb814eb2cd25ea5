/** Builds h2spec, the conformance tests of HTTP/2 servers, into the ignored folder `bin`. Go's cache makes a second run cheap. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GoPrograms } from "../go.ts";

const programs = new GoPrograms(import.meta.dirname);

/** Where h2spec is once it has been built. */
export const H2SPEC: string = programs.path("h2spec");

/** A certificate for this machine and its key, made by Go's own program. */
export function makeIdentity(): { readonly cert: string; readonly key: string } {
  const place = mkdtempSync(join(tmpdir(), "kiteline-h2spec-"));
  try {
    const root = spawnSync("go", ["env", "GOROOT"], { encoding: "utf8" }).stdout.trim();
    const program = join(root, "src", "crypto", "tls", "generate_cert.go");
    const done = spawnSync("go", ["run", program, "-host", "127.0.0.1", "-ecdsa-curve", "P256"], { cwd: place, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`no certificate was made: ${done.error?.message ?? done.stderr}`);
    return { cert: readFileSync(join(place, "cert.pem"), "utf8"), key: readFileSync(join(place, "key.pem"), "utf8") };
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** Throws with the compiler's words when it fails. The first time it fetches Go modules. */
export function buildH2spec(): void {
  programs.build("github.com/summerwind/h2spec/cmd/h2spec");
}
