import assert from "node:assert/strict";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { IdlError } from "./idl-error.ts";
import { loadIdl } from "./load-idl.ts";

describe("loadIdl", () => {
  it("reads files from disk: relative to the including file, then in the search directories", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kiteline-idl-"));
    try {
      await mkdir(join(folder, "api"));
      await mkdir(join(folder, "shared/types"), { recursive: true });
      await writeFile(join(folder, "api/a.thrift"), 'include "b.thrift"\ninclude "types/c.thrift"\nstruct A { 1: b.B b, 2: c.C c }');
      await writeFile(join(folder, "api/b.thrift"), 'include "../shared/types/c.thrift" struct B { 1: c.C c }');
      await writeFile(join(folder, "shared/types/c.thrift"), "struct C {}");
      const { documents, roots } = await loadIdl(join(folder, "api/a.thrift"), { searchDirs: [join(folder, "shared")] });
      // Each once, though reached on two ways, and after those that it includes.
      assert.deepEqual(
        documents.map((each) => each.name),
        ["c", "b", "a"],
      );
      assert.deepEqual(
        roots.map((each) => each.name),
        ["a"],
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("reads from memory, and through a function that is passed in", async () => {
    const texts = { "x/a.thrift": 'include "./b.thrift"', "x/b.thrift": "struct B {}" };
    const fromMemory = await loadIdl(texts);
    assert.deepEqual(
      fromMemory.documents.map((each) => each.path),
      ["x/b.thrift", "x/a.thrift"],
    );
    assert.equal(fromMemory.roots.length, 2);
    const asked: string[] = [];
    const readFile = (path: string): string | undefined => {
      asked.push(path);
      return new Map(Object.entries(texts)).get(path);
    };
    const { roots } = await loadIdl(["x\\a.thrift"], { readFile });
    assert.equal(roots[0]!.includes[0]!.document.structs[0]!.name, "B");
    assert.deepEqual(asked, ["x/a.thrift", "x/b.thrift"]);
  });

  it("tells which places were searched for a file that is not there", async () => {
    const missing = 'include "gone.thrift"';
    await assert.rejects(loadIdl({ "x/a.thrift": missing }, { searchDirs: ["lib", "more"] }), (error) => {
      assert.ok(error instanceof IdlError);
      assert.match(error.message, /x\/a\.thrift:1:9: there is no x\/gone\.thrift, nor lib\/gone\.thrift, nor more\/gone\.thrift/);
      return true;
    });
    await assert.rejects(loadIdl("nowhere/at-all.thrift"), /nowhere\/at-all\.thrift: there is no such file/);
  });

  it("tells why a file cannot be read", async () => {
    const readFile = (path: string): string => {
      if (path === "a.thrift") return 'include "b.thrift"';
      throw new Error("permission denied");
    };
    await assert.rejects(loadIdl("a.thrift", { readFile }), /a\.thrift:1:9: b\.thrift cannot be read: permission denied/);
    await assert.rejects(loadIdl("c.thrift", { readFile }), /c\.thrift: cannot be read: permission denied/);
  });

  it("refuses files that include one another in a circle", async () => {
    const texts = { "a.thrift": 'include "b.thrift"', "b.thrift": 'include "c.thrift"', "c.thrift": '\ninclude "a.thrift"' };
    await assert.rejects(
      loadIdl(texts),
      /c\.thrift:2:9: files cannot include one another in a circle: a\.thrift -> b\.thrift -> c\.thrift -> a\.thrift/,
    );
  });
});
