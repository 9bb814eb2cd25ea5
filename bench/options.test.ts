import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { helpOf, readOptions } from "./options.ts";

const CASES = ["echo", "streams"];

describe("options of the benchmarks", () => {
  it("run everything, in full, unless told otherwise", () => {
    assert.deepEqual(readOptions([], CASES), { short: false, json: false, cases: CASES, out: undefined });
  });

  it("choose cases in the order that was asked for", () => {
    const options = readOptions(["--short", "--json", "--case", "streams,echo", "--out", "report.json"], CASES);
    assert.deepEqual(options, { short: true, json: true, cases: ["streams", "echo"], out: "report.json" });
  });

  it("ask for help, whatever else they ask for", () => {
    for (const args of [["--help"], ["-h"], ["--case", "nothing", "--help"]]) assert.equal(readOptions(args, CASES), undefined);
    assert.match(helpOf(CASES), /--case NAME.*echo, streams/);
  });

  const wrong: readonly (readonly [args: readonly string[], said: RegExp])[] = [
    [["--fast"], /Unknown option '--fast'/],
    [["streams"], /Unexpected argument 'streams'/],
    [["--case"], /--case.*argument missing/],
    [["--case", "stream"], /no case named stream; there are echo, streams/],
    [["--case", ""], /no case named/],
    [["--short=yes"], /--short/],
    [["--out", "no-such-folder/report.json"], /--out must be a file in a folder that exists, got "no-such-folder\/report.json"/],
  ];
  for (const [args, said] of wrong) {
    it(`refuse ${args.join(" ")}`, () => {
      assert.throws(() => readOptions(args, CASES), said);
    });
  }
});
