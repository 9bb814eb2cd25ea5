import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { filesIn, makeFolder } from "./folder.ts";

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "kiteline-folder-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe("makeFolder", () => {
  it("makes those above, too, and leaves what is there", (t) => {
    const path = join(folderFor(t), "a/b/c");
    makeFolder(path);
    makeFolder(path);
    assert.ok(existsSync(path));
  });

  it("ends where the folder above takes none, and says so", { skip: !existsSync("/proc/self") && "no /proc here" }, () => {
    assert.throws(() => makeFolder("/proc/kiteline/gen"), {
      name: "Failure",
      message: "cannot make the folder /proc/kiteline: /proc takes none",
    });
  });

  it("says that a file is in the way", (t) => {
    const file = join(folderFor(t), "file");
    writeFileSync(file, "");
    assert.throws(() => makeFolder(join(file, "a")), {
      message: `cannot make the folder ${join(file, "a")}: a part of the path is a file`,
    });
  });
});

describe("filesIn", () => {
  it("finds files at any depth, but not what is installed", (t) => {
    const folder = folderFor(t);
    for (const each of ["a", "node_modules/b", "c/node_modules", ".git"]) mkdirSync(join(folder, each), { recursive: true });
    for (const each of ["1", "a/2", "node_modules/b/3", "c/node_modules/4", ".git/5"]) writeFileSync(join(folder, each), "");
    assert.deepEqual([...filesIn(folder)].sort(), [join(folder, "1"), join(folder, "a/2")].sort());
    assert.deepEqual([...filesIn(join(folder, "none"))], []);
  });
});
