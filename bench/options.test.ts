import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { helpOf, readOptions, type BenchOptions } from "./options.ts";

const CASES = ["echo", "attacks"];
const ATTACKS = ["PINGs", "large headers"];

describe("options of the benchmarks", () => {
  it("run everything, in full, unless told otherwise", () => {
    assert.deepEqual(read([]), { short: false, json: false, cases: CASES, attacks: undefined, out: undefined });
  });

  it("choose cases in the order that was asked for", () => {
    const options = read(["--short", "--json", "--case", "attacks,echo", "--out", "report.json"]);
    assert.deepEqual(options, { short: true, json: true, cases: ["attacks", "echo"], attacks: undefined, out: "report.json" });
  });

  it("choose attacks, and with them the case that has them", () => {
    const { cases, attacks } = read(["--attack", "large headers,PINGs"]) as BenchOptions;
    assert.deepEqual({ cases, attacks }, { cases: ["attacks"], attacks: ["large headers", "PINGs"] });
    assert.deepEqual(read(["--case", "echo,attacks", "--attack", "PINGs"])?.cases, ["echo", "attacks"]);
  });

  it("ask for help, whatever else they ask for", () => {
    for (const args of [["--help"], ["-h"], ["--case", "nothing", "--help"]]) assert.equal(read(args), undefined);
    assert.match(helpOf(CASES), /--case NAME.*echo, attacks/);
  });

  const wrong: readonly (readonly [args: readonly string[], said: RegExp])[] = [
    [["--fast"], /Unknown option '--fast'/],
    [["attacks"], /Unexpected argument 'attacks'/],
    [["--case"], /--case.*argument missing/],
    [["--case", "attack"], /no case named attack; there are echo, attacks/],
    [["--attack", "PING"], /no attack named PING; there are PINGs, large headers/],
    [["--case", ""], /no case named/],
    [["--short=yes"], /--short/],
    [["--out", "no-such-folder/report.json"], /--out must be a file in a folder that exists, got "no-such-folder\/report.json"/],
  ];
  for (const [args, said] of wrong) {
    it(`refuse ${args.join(" ")}`, () => {
      assert.throws(() => read(args), said);
    });
  }
});

function read(args: readonly string[]): BenchOptions | undefined {
  return readOptions(args, CASES, ATTACKS);
}
