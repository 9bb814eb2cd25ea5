import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readArgs } from "./args.ts";
import { runLine } from "./io.fixture.ts";
import { COMMANDS } from "./run.ts";

describe("run", () => {
  it("shows help for no command, and ends with 2 since nothing was asked for", async () => {
    const bare = await runLine([]);
    assert.equal(bare.code, 2);
    const asked = await runLine(["--help"]);
    assert.deepEqual([asked.code, asked.out], [0, bare.out]);
    for (const command of COMMANDS) assert.match(asked.out, new RegExp(`^ {2}${command.name} +\\S`, "m"));
  });

  for (const command of COMMANDS) {
    it(`tells all about ${command.name}: every option, and lines to try that it understands`, async () => {
      const { code, out } = await runLine([command.name, "--help"]);
      assert.equal(code, 0);
      assert.match(out, new RegExp(`^kiteline ${command.name} `));
      for (const option of [...command.options, { name: "json" }, { name: "help" }]) assert.match(out, new RegExp(`--${option.name}\\b`));
      assert(
        out.split("\n").every((line) => line.length <= 120),
        "lines fit a terminal",
      );
      for (const example of command.examples) {
        // As a shell would take it apart, up to where it redirects.
        const [name, ...argv] = [...example.replace(/ [<>].*/, "").matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
        assert.equal(name, command.name);
        assert.doesNotThrow(() => readArgs(argv, command.options), example);
      }
      assert.deepEqual((await runLine([command.name, "--wrong", "-h"])).out, out, "help is given whatever else is on the line");
    });
  }

  it("prints its version", async () => {
    assert.match((await runLine(["--version"])).out, /^\d+\.\d+\.\d+\n$/);
    const { name, node } = JSON.parse((await runLine(["--version", "--json"])).out) as Record<string, string>;
    assert.deepEqual([name, node], ["kiteline", process.versions.node]);
  });

  it("suggests the nearest command for an unknown one", async () => {
    const { code, err } = await runLine(["genn", "a.thrift"]);
    assert.equal(code, 2);
    assert.match(err, /^kiteline: there is no command "genn"\n {2}did you mean gen\?\n {2}there are gen, new, call, mock, completion\n$/);
    assert.match((await runLine(["help"])).err, /help is written kiteline --help/);
    assert.match((await runLine(["--halp"])).err, /there is no option --halp\n {2}did you mean --help\?/);
  });

  it("says of a wrong line what the right one looks like", async () => {
    const { code, err } = await runLine(["gen", "a.thrift"]);
    assert.equal(code, 2);
    assert.equal(err, "kiteline gen: expected -o DIR, got none\n  usage: kiteline gen IDL... -o DIR\n  kiteline gen --help tells more\n");
  });

  it("speaks JSON about wrong lines when asked to, wherever --json stands, but not behind --", async () => {
    for (const argv of [
      ["gen", "--json", "--wrong"],
      ["gen", "--wrong", "--json"],
    ]) {
      const { code, out, err } = await runLine(argv);
      assert.deepEqual([code, out], [2, ""]);
      const error = JSON.parse(err) as Record<string, unknown>;
      assert.deepEqual([error["type"], error["code"], error["message"]], ["error", "usage", "there is no option --wrong"]);
    }
    assert.match((await runLine(["gen", "--wrong", "--", "--json"])).err, /^kiteline gen: /);
  });
});
