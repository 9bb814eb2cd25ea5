/**
 * A newer C library than this machine's, for programs built against one: Debian's packages, unpacked into a folder and used by
 * their own loader. Nothing is installed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PACKAGES = ["libc6", "libstdc++6", "libgcc-s1"];
const SUITE = "trixie";
const TIMEOUT_MS = 120_000;

/** A command line that stands before the program's own, or why there is none. */
export type Loader = { readonly command: readonly string[] } | { readonly missing: string };

/** Gets the library into `folder`, if it is not there yet. */
export function newerLibc(folder: string): Loader {
  if (process.platform !== "linux" || process.arch !== "x64") return { missing: "the library is there for Linux on x64 only" };
  const root = join(folder, "root");
  if (!existsSync(join(root, "complete"))) {
    const problem = unpack(folder, root);
    if (problem !== undefined) return { missing: problem };
    writeFileSync(join(root, "complete"), "");
  }
  const libraries = join(root, "usr/lib/x86_64-linux-gnu");
  return { command: [join(libraries, "ld-linux-x86-64.so.2"), "--library-path", libraries] };
}

function unpack(folder: string, root: string): string | undefined {
  const mirror = debianMirror();
  if (mirror === undefined) return "no source of Debian packages is configured";
  mkdirSync(join(folder, "lists/partial"), { recursive: true });
  mkdirSync(join(folder, "cache/archives/partial"), { recursive: true });
  mkdirSync(root, { recursive: true });
  const sources = join(folder, "sources.list");
  writeFileSync(sources, `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror} ${SUITE} main\n`);
  const options = [
    `Dir::Etc::sourcelist=${sources}`,
    "Dir::Etc::sourceparts=-",
    `Dir::State::lists=${join(folder, "lists")}`,
    `Dir::Cache=${join(folder, "cache")}`,
    "APT::Sandbox::User=root",
  ].flatMap((each) => ["-o", each]);
  const wanted = PACKAGES.map((each) => `${each}/${SUITE}`);
  for (const command of [
    ["apt-get", ...options, "update", "-qq"],
    ["apt-get", ...options, "download", "-qq", ...wanted],
  ]) {
    const problem = run(command, folder);
    if (problem !== undefined) return problem;
  }
  for (const archive of globSync("*.deb", { cwd: folder })) {
    const problem = run(["dpkg", "-x", archive, root], folder);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Returns why it failed. */
function run([program, ...args]: readonly string[], cwd: string): string | undefined {
  const done = spawnSync(program!, args, { cwd, encoding: "utf8", timeout: TIMEOUT_MS });
  if (done.error !== undefined) return `${program} cannot be run: ${done.error.message}`;
  return done.status === 0 ? undefined : `${program} ${args.at(-1)} failed: ${done.stderr.trim().split("\n").at(-1) ?? ""}`;
}

/** Where this machine gets its own packages. */
function debianMirror(): string | undefined {
  for (const path of ["/etc/apt/sources.list", ...globSync("/etc/apt/sources.list.d/*")]) {
    if (!existsSync(path)) continue;
    const found = /^(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s+(https?:\/\/\S*\/debian\/?)(?:\s|$)/m.exec(readFileSync(path, "utf8"));
    if (found !== null) return found[1];
  }
  return undefined;
}
