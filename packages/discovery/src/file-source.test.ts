import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it, type TestContext } from "node:test";
import { promisify } from "node:util";
import type { LogEvent } from "@kiteline/core";
import type { ParseFiles, Problem, Snapshot, Source } from "@kiteline/policy";
import { fileSource, type FileSourceOptions } from "./file-source.ts";
import { testSource } from "./source.contract.ts";

/**
 * A format for these tests: each line is the name of a virtual host; a line with "!" is an error, `?name` one if no
 * file has a line `name`, and one with "#" a warning.
 */
const parse: ParseFiles = (files) => {
  const problems: Problem[] = [];
  const names: string[] = [];
  const all = new Set(files.flatMap(({ text }) => text.trim().split("\n")));
  for (const { path, text } of files) {
    for (const [index, line] of text.trim().split("\n").entries()) {
      const problem = (severity: Problem["severity"], message: string): void =>
        void problems.push({ severity, file: path, line: index + 1, message });
      if (line.includes("!")) problem("error", "expected no !");
      else if (line.startsWith("?") && !all.has(line.slice(1))) problem("error", `there is no ${line.slice(1)}`);
      else if (line !== "") names.push(line);
      if (line.includes("#")) problem("warning", "a remark");
    }
  }
  const virtualHosts = names.map((name) => ({ name, domains: [name], routes: [] }));
  return { snapshot: { version: JSON.stringify(names), virtualHosts, clusters: {}, lanes: [] }, problems };
};

const namesOf = (snapshot: Snapshot | undefined): string[] | undefined => snapshot?.virtualHosts.map(({ name }) => name);

/** A folder in the system's place for such, gone after the test whose context is given; its name is random, so that nobody writes beside it. */
async function folderOf(context: TestContext | undefined, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kiteline-files-"));
  context?.after(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

function sourceOf(context: TestContext | undefined, folders: readonly string[], options: Partial<FileSourceOptions> = {}) {
  const logged: LogEvent[] = [];
  const source = fileSource({ folders, parse, log: (event) => logged.push(event), ...options });
  context?.after(() => source.close());
  return { source, logged };
}

/** Settles when the source has told of these names; the wait is for the event and bounded. */
function told(source: Source, ...names: string[]): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`expected ${names.join()}, got ${namesOf(source.current)?.join()}`)), 10_000);
    const subscription = source.subscribe((snapshot) => {
      if (namesOf(snapshot)?.join() !== names.join()) return;
      clearTimeout(timer);
      queueMicrotask(() => subscription.close());
      resolve(snapshot);
    });
  });
}

const fileNumber = { count: 0 };

describe("fileSource", () => {
  const folders: string[] = [];
  after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));
  testSource(async () => {
    const folder = await folderOf(undefined, { "a.yaml": "a" });
    folders.push(folder);
    const { source } = sourceOf(undefined, [folder]);
    let closed = false;
    const close = source.close.bind(source);
    source.close = () => {
      closed = true;
      close();
    };
    return {
      source,
      change: async () => {
        const name = `n${++fileNumber.count}`;
        await writeFile(join(folder, "a.yaml"), name);
        if (!closed) await told(source, name);
      },
    };
  });

  it("sees a change within a tenth of a second", async (context) => {
    const folder = await folderOf(context, { "a.yaml": "a" });
    const { source } = sourceOf(context, [folder], { rescanMs: 60_000 });
    await source.ready();
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      await writeFile(join(folder, "a.yaml"), `round ${round}`);
      await told(source, `round ${round}`);
      times.push(performance.now() - start);
    }
    assert.ok(Math.min(...times) < 100, times.join());
  });

  it("sees files that come, go, and are replaced by others under their name", async (context) => {
    const folder = await folderOf(context, { "a.yaml": "a" });
    const { source } = sourceOf(context, [folder], { rescanMs: 60_000 });
    await told(source, "a");
    await writeFile(join(folder, "b.yml"), "b");
    await told(source, "a", "b");
    await writeFile(join(folder, "next.tmp"), "c");
    await rename(join(folder, "next.tmp"), join(folder, "a.yaml"));
    await told(source, "c", "b");
    await rm(join(folder, "b.yml"));
    await told(source, "c");
  });

  it("delivers what did not change as the very same values, so that nobody looks at them again", async (context) => {
    const folder = await folderOf(context, { "a.yaml": "a", "b.yaml": "b" });
    const { source } = sourceOf(context, [folder]);
    const [first, second] = (await source.ready()).virtualHosts;
    await writeFile(join(folder, "b.yaml"), "c");
    const { virtualHosts } = await told(source, "a", "c");
    assert.equal(virtualHosts[0], first);
    assert.notEqual(virtualHosts[1], second);
  });

  it("reads only files with the right ending, no hidden ones, and none of folders within", async (context) => {
    const folder = await folderOf(context, { "a.yaml": "a", ".b.yaml": "b", "c.yaml~": "c", "d.txt": "d" });
    await mkdir(join(folder, "e"));
    await writeFile(join(folder, "e", "e.yaml"), "e");
    const { source } = sourceOf(context, [folder]);
    assert.deepEqual(namesOf(await source.ready()), ["a"]);
  });

  it("lays later folders over earlier ones: files of the same name replace, others are added", async (context) => {
    const lower = await folderOf(context, { "a.yaml": "lower a", "b.yaml": "lower b" });
    const upper = await folderOf(context, { "a.yaml": "upper a", "c.yaml": "upper c" });
    const { source } = sourceOf(context, [lower, upper]);
    assert.deepEqual(namesOf(await source.ready()), ["lower b", "upper a", "upper c"]);
    await rm(join(upper, "a.yaml"));
    await told(source, "lower a", "lower b", "upper c");
  });

  it("waits for a folder that does not exist, however deep, and for one that went", async (context) => {
    const folder = await folderOf(context);
    const deep = join(folder, "x", "y");
    const { source, logged } = sourceOf(context, [deep], { rescanMs: 60_000 });
    while (logged.length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(logged, [{ level: "warn", message: `waiting for a folder that does not exist: ${deep}` }]);
    await mkdir(deep, { recursive: true });
    await writeFile(join(deep, "a.yaml"), "a");
    await told(source, "a");
    await rm(join(folder, "x"), { recursive: true });
    await mkdir(deep, { recursive: true });
    await writeFile(join(deep, "a.yaml"), "again");
    await told(source, "again");
    await writeFile(join(deep, "a.yaml"), "and again");
    await told(source, "and again");
  });

  it("is told what it needs", () => {
    const make = (options: object) => (): Source => fileSource(options as FileSourceOptions);
    assert.throws(make({ folders: "mesh", parse }), /TypeError: folders must be a list of paths, such as \["mesh"\], got "mesh"/);
    assert.throws(make({ folder: "mesh", parse }), /TypeError: folders must be a list of paths/);
    assert.throws(make({ folders: ["mesh"] }), /TypeError: parse must be what makes a snapshot of files, such as createParser\(\)/);
  });

  it("does without a folder of several that does not exist", async (context) => {
    const lower = await folderOf(context, { "a.yaml": "a" });
    const upper = join(await folderOf(context), "later");
    const { source } = sourceOf(context, [lower, upper], { rescanMs: 60_000 });
    assert.deepEqual(namesOf(await source.ready()), ["a"]);
    await mkdir(upper);
    await writeFile(join(upper, "b.yaml"), "b");
    await told(source, "a", "b");
  });

  it("finds out by looking what it was not told of", async (context) => {
    const elsewhere = await folderOf(context, { "target.yaml": "a" });
    const folder = await folderOf(context);
    await symlink(join(elsewhere, "target.yaml"), join(folder, "a.yaml"));
    const { source } = sourceOf(context, [folder], { rescanMs: 5 });
    await told(source, "a");
    await writeFile(join(elsewhere, "target.yaml"), "changed");
    await told(source, "changed");
  });

  it("keeps a broken file's last good state while the others go on, and tells of it once", async (context) => {
    const folder = await folderOf(context, { "a.yaml": "a", "b.yaml": "b" });
    const { source, logged } = sourceOf(context, [folder]);
    await told(source, "a", "b");
    await writeFile(join(folder, "a.yaml"), "broken!");
    await writeFile(join(folder, "b.yaml"), "b2");
    await told(source, "a", "b2");
    await writeFile(join(folder, "b.yaml"), "b3");
    await told(source, "a", "b3");
    const errors = logged.filter(({ level }) => level === "error");
    assert.deepEqual(
      errors.map(({ message }) => message),
      [`${join(folder, "a.yaml")}:1: expected no !; the file's last state without errors stays in force`],
    );
    await writeFile(join(folder, "a.yaml"), "a2");
    await told(source, "a2", "b3");
  });

  it("uses what is good of a file that never was without errors", async (context) => {
    const folder = await folderOf(context, { "a.yaml": "good\nbad!" });
    const { source, logged } = sourceOf(context, [folder]);
    assert.deepEqual(namesOf(await source.ready()), ["good"]);
    assert.match(logged[0]?.message ?? "", /a\.yaml:2: expected no !$/);
  });

  it("keeps a file back, too, that refers to something in the new state of a broken one", async (context) => {
    const folder = await folderOf(context, { "a.yaml": "a", "b.yaml": "b" });
    const { source } = sourceOf(context, [folder], { debounceMs: 50 });
    await told(source, "a", "b");
    await writeFile(join(folder, "a.yaml"), "new\nbroken!");
    await writeFile(join(folder, "b.yaml"), "?new\nb2");
    await writeFile(join(folder, "c.yaml"), "c");
    await told(source, "a", "b", "c");
  });

  it("tells of warnings as such", async (context) => {
    const folder = await folderOf(context, { "a.yaml": "a #" });
    const { source, logged } = sourceOf(context, [folder]);
    await source.ready();
    assert.deepEqual(
      logged.map(({ level }) => level),
      ["warn"],
    );
  });

  it("goes on beside what has no end or is never opened: a pipe, a device, a file larger than can be meant", async (context) => {
    const folder = await folderOf(context, { "a.yaml": "a", "long.yaml": `long\n${"#".repeat(4 * 1024 * 1024)}` });
    if (process.platform !== "win32") {
      await promisify(execFile)("mkfifo", [join(folder, "pipe.yaml")]);
      await symlink("/dev/zero", join(folder, "zero.yaml"));
    }
    const { source, logged } = sourceOf(context, [folder]);
    await told(source, "a");
    assert.match(String(logged.find(({ message }) => message.includes("long.yaml"))?.error), /has 4194309 bytes, more than the 4194304/);
    await writeFile(join(folder, "a.yaml"), "a2");
    await told(source, "a2");
  });

  it("does not tell one by one of as many problems as a file has lines", async (context) => {
    const folder = await folderOf(context, { "a.yaml": "a" });
    const { source, logged } = sourceOf(context, [folder], {
      parse: (files) => {
        const problems = Array.from({ length: 50_000 }, (_, i): Problem => ({ severity: "error", file: "b", line: i + 1, message: "no" }));
        return { ...parse(files), problems };
      },
    });
    await told(source, "a");
    assert.equal(logged.length, 101);
    assert.equal(logged.at(-1)?.message, "there are 49900 more problems in the files, which are not told one by one");
  });

  it("survives a parser that throws", async (context) => {
    const folder = await folderOf(context, { "a.yaml": "a" });
    const { source, logged } = sourceOf(context, [folder], {
      parse: (files) => {
        if (files[0]?.text === "throw") throw new Error("no");
        return parse(files);
      },
    });
    await told(source, "a");
    await writeFile(join(folder, "a.yaml"), "throw");
    await writeFile(join(folder, "b.yaml"), "b");
    await writeFile(join(folder, "a.yaml"), "a2");
    await told(source, "a2", "b");
    assert.ok(logged.every(({ message }) => /could not be parsed/.test(message)));
  });

  it("never takes a file that is just being written for an empty one", async (context) => {
    const folder = await folderOf(context, { "a.yaml": "a" });
    const { source } = sourceOf(context, [folder], { debounceMs: 1 });
    await told(source, "a");
    const seen = new Set<string>();
    source.subscribe((snapshot) => seen.add(namesOf(snapshot)?.join() ?? ""));
    for (let round = 0; round < 200; round++) await writeFile(join(folder, "a.yaml"), round % 2 === 0 ? "b" : "a");
    await writeFile(join(folder, "a.yaml"), "end");
    await told(source, "end");
    assert.ok(!seen.has(""), [...seen].join(" | "));
  });

  it("takes a file that is emptied and stays so for empty", async (context) => {
    const folder = await folderOf(context, { "a.yaml": "a", "b.yaml": "b" });
    const { source } = sourceOf(context, [folder]);
    await told(source, "a", "b");
    await writeFile(join(folder, "a.yaml"), "");
    await told(source, "b");
  });

  it("is not ready, and says why when closed, while no folder exists", async (context) => {
    const { source } = sourceOf(context, [join(await folderOf(context), "never")]);
    const ready = source.ready();
    source.close();
    await assert.rejects(ready, /closed before it had a snapshot/);
  });

  it("leaves no watcher and no timer behind", async (context) => {
    const folder = await folderOf(context, { "a.yaml": "a" });
    const before = process.getActiveResourcesInfo().filter((name) => name.includes("FSEvent")).length;
    const { source } = sourceOf(context, [folder, join(folder, "missing")]);
    await source.ready();
    source.close();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(process.getActiveResourcesInfo().filter((name) => name.includes("FSEvent")).length, before);
  });
});
