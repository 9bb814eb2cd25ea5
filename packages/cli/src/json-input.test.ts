import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Failure } from "./failure.ts";
import { fakeIo, temporaryFolder } from "./io.fixture.ts";
import { parseJson, readJsonArgument } from "./json-input.ts";

const refusal = (text: string): Failure => {
  try {
    parseJson(text, "the JSON argument");
  } catch (error) {
    assert(error instanceof Failure);
    assert.equal(error.exit, 3);
    return error;
  }
  return assert.fail("was accepted");
};

describe("parseJson", () => {
  it("keeps integers that a number would round", () => {
    assert.deepEqual(parseJson('[9007199254740993, -9223372036854775808, 5, 1e300, "9007199254740993"]', "x"), [
      9007199254740993n,
      -9223372036854775808n,
      5,
      1e300,
      "9007199254740993",
    ]);
  });

  it("shows the line and a mark under the place where it goes wrong", () => {
    const failure = refusal('{\n  "a": 1,\n\t"b" 2\n}');
    assert.match(failure.message, /^the JSON argument is not JSON: .*\(line 3, column 6\)$/);
    assert.equal(failure.excerpt, '  3 | \t"b" 2\n    | \t    ^');
    assert.deepEqual(failure.fields, { origin: "the JSON argument", line: 3, column: 6 });
  });

  it("marks the end of text that stops too early, and says of empty text that it is empty", () => {
    assert.equal(refusal('{"a": ').excerpt, '  1 | {"a": \n    |       ^');
    assert.equal(refusal(" \n").message, "the JSON argument is not JSON: it is empty");
  });

  it("cuts long lines around the place", () => {
    const shown = refusal(`["${"x".repeat(300)}" y ${"z".repeat(300)}]`).excerpt ?? "";
    const [line = "", mark = ""] = shown.split("\n");
    assert(line.length < 115, line);
    assert.equal(line[mark.indexOf("^")], "y");
  });
});

describe("readJsonArgument", () => {
  it("says what may have happened when a shell changed the quotes", async () => {
    for (const text of ["{msg: hi}", "'{\"msg\": 1}'"]) {
      await assert.rejects(
        readJsonArgument(text, fakeIo()),
        (error) => error instanceof Failure && /did the shell change the quotes/.test(error.hints.join()),
      );
    }
    await assert.rejects(readJsonArgument('{"msg": ', fakeIo()), (error) => error instanceof Failure && error.hints.length === 0);
  });

  it("reads the argument itself, @FILE and standard input", async (t) => {
    const cwd = temporaryFolder(t);
    writeFileSync(join(cwd, "a.json"), '\uFEFF{"from":"file"}');
    const io = fakeIo({ cwd, stdin: '{"from":"stdin"}' });
    assert.deepEqual(await readJsonArgument('{"from":"line"}', io), { from: "line" });
    assert.deepEqual(await readJsonArgument("@a.json", io), { from: "file" });
    assert.deepEqual(await readJsonArgument("-", io), { from: "stdin" });
    await assert.rejects(readJsonArgument("@b.json", io), { message: "cannot read b.json: there is no such file" });
    await assert.rejects(readJsonArgument("@.", io), { message: "cannot read .: it is a folder" });
  });
});
