import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { runLine } from "./io.fixture.ts";

const HAS_BASH = spawnSync("bash", ["--version"]).status === 0;

/** What bash would offer for this line, whose last word is being typed. */
function offers(script: string, ...words: string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(" ");
  const program = `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _kiteline; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", program], { encoding: "utf8" });
  assert.equal(stderr, "");
  return stdout.split("\n").filter((each) => each !== "");
}

describe("completion", () => {
  it("has bash complete commands, options and choices, and leaves file names to bash", {
    skip: HAS_BASH ? false : "there is no bash",
  }, async () => {
    const { out } = await runLine(["completion", "bash"]);
    assert.deepEqual(offers(out, "kiteline", "comp"), ["completion"]);
    assert.deepEqual(offers(out, "kiteline", "completion", "z"), ["zsh"]);
    assert.deepEqual(offers(out, "kiteline", "completion", "--j"), ["--json"]);
    assert.deepEqual(offers(out, "kiteline", "nothing", ""), []);
  });

  it("refuses a shell it does not know with the nearest it knows", async () => {
    const { code, err } = await runLine(["completion", "fisch"]);
    assert.equal(code, 2);
    assert.match(err, /expected bash, zsh or fish, got "fisch"\n {2}did you mean fish\?/);
  });
});
