import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { type Folder, newFolder, readFolder } from "./folder.ts";

async function bench(
  context: TestContext,
): Promise<{ folder: Folder; write: (text: string) => Promise<void>; look: () => Promise<boolean>; complaints: string[] }> {
  const path = await mkdtemp(join(tmpdir(), "kiteline-folder-"));
  context.after(() => rm(path, { recursive: true, force: true }));
  const folder = newFolder(path);
  const complaints: string[] = [];
  return {
    folder,
    write: (text) => writeFile(join(path, "a.yaml"), text),
    look: () => readFolder(folder, [".yaml"], (file) => complaints.push(file)),
    complaints,
  };
}

const textOf = (folder: Folder): string | undefined => folder.files.get("a.yaml")?.text;
const settled = (folder: Folder): boolean => folder.files.get("a.yaml")?.unsettled === 0;

describe("readFolder", () => {
  it("says whether something is different", async (context) => {
    const { folder, write, look } = await bench(context);
    assert.equal(await look(), true, "the folder is there");
    assert.equal(await look(), false);
    await write("one");
    assert.equal(await look(), true);
    assert.equal(textOf(folder), "one");
    assert.equal(await look(), false);
  });

  it("holds back a file that is empty all of a sudden until it has stayed so", async (context) => {
    const { folder, write, look } = await bench(context);
    await write("one");
    await look();
    await write("");
    for (let times = 0; times < 25; times++) {
      await look();
      assert.equal(settled(folder), false, String(times));
    }
    assert.equal(await look(), true);
    assert.equal(settled(folder), true);
    assert.equal(textOf(folder), "");
    await write("two");
    assert.equal(await look(), true);
    assert.equal(settled(folder), true);
  });

  it("does not hold it back when its text is there at the next look", async (context) => {
    const { folder, write, look } = await bench(context);
    await write("one");
    await look();
    await write("");
    await look();
    await write("two");
    assert.equal(await look(), true);
    assert.equal(settled(folder), true);
    assert.equal(textOf(folder), "two");
  });

  it("reads a file that was touched although its dates say nothing, and else trusts them", async (context) => {
    const { folder, write, look } = await bench(context);
    const date = new Date(2026, 0, 1);
    const writeUnnoticed = async (text: string): Promise<void> => {
      await write(text);
      await utimes(join(folder.path, "a.yaml"), date, date);
    };
    await writeUnnoticed("one");
    await look();
    await writeUnnoticed("two");
    assert.equal(await look(), false);
    folder.touched = new Set(["a.yaml"]);
    assert.equal(await look(), true);
    assert.equal(textOf(folder), "two");
  });

  it("complains of what it cannot read and keeps the rest", async (context) => {
    const { folder, write, look, complaints } = await bench(context);
    await write("one");
    await mkdir(join(folder.path, "b.yaml"));
    await look();
    assert.deepEqual(complaints, [join(folder.path, "b.yaml")]);
    assert.equal(textOf(folder), "one");
  });
});
