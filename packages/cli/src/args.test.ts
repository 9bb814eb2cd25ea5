import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readArgs, requirePositionals, type OptionSpec } from "./args.ts";
import { Failure } from "./failure.ts";

const OPTIONS: readonly OptionSpec[] = [
  { name: "out", short: "o", value: "DIR", help: "" },
  { name: "include", short: "I", value: "DIR", multiple: true, help: "" },
  { name: "protocol", value: "NAME", choices: ["framed", "buffered"], help: "" },
  { name: "timeout", value: "MS", help: "" },
  { name: "metadata", value: "K=V", multiple: true, help: "" },
  { name: "watch", help: "" },
];

function refusal(argv: string[], then: (args: ReturnType<typeof readArgs>) => unknown = () => undefined): Failure {
  try {
    then(readArgs(argv, OPTIONS));
  } catch (error) {
    assert(error instanceof Failure);
    assert.equal(error.exit, 2);
    return error;
  }
  return assert.fail("was accepted");
}

describe("readArgs", () => {
  it("reads long, short, joined and repeated options between positional arguments", () => {
    const args = readArgs(["a.thrift", "-o", "gen", "-Iidl", "--include=more", "b.thrift", "--watch"], OPTIONS);
    assert.deepEqual(args.positionals, ["a.thrift", "b.thrift"]);
    assert.equal(args.text("out"), "gen");
    assert.deepEqual(args.list("include"), ["idl", "more"]);
    assert.equal(args.flag("watch"), true);
    assert.equal(args.flag("json"), false);
    assert.equal(args.text("timeout"), undefined);
  });

  it("takes everything after -- and a lone - as positional", () => {
    assert.deepEqual(readArgs(["-", "--", "--watch"], OPTIONS).positionals, ["-", "--watch"]);
  });

  it("suggests the nearest option for an unknown one", () => {
    const failure = refusal(["--timout", "5"]);
    assert.equal(failure.message, "there is no option --timout");
    assert.deepEqual(failure.hints, ["did you mean --timeout?"]);
    assert.deepEqual(refusal(["--quux"]).hints, []);
  });

  it("refuses an option without its value, and does not take the next option for it", () => {
    assert.equal(refusal(["--out"]).message, "--out expects DIR, got nothing");
    assert.equal(refusal(["--out", "--watch"]).message, "--out expects DIR, got the option --watch");
    assert.equal(readArgs(["--out=--watch"], OPTIONS).text("out"), "--watch");
  });

  it("refuses a flag with a value, a single option given twice, and a value that is no choice", () => {
    assert.equal(refusal(["--watch=yes"]).message, '--watch takes no value, got "yes"');
    assert.equal(refusal(["--out", "a", "-o", "b"]).message, '-o is given twice: "a" and "b"');
    const failure = refusal(["--protocol", "frame"]);
    assert.equal(failure.message, '--protocol expects one of framed, buffered, got "frame"');
    assert.deepEqual(failure.hints, ["did you mean framed?"]);
  });

  it("reads whole numbers within their bounds and nothing that merely begins like one", () => {
    assert.equal(readArgs(["--timeout", "10"], OPTIONS).number("timeout", 1, 10), 10);
    for (const text of ["0", "11", "2.5", "-1", "5ms", "1e1", "0x5", " 5", ""]) {
      assert.match(
        refusal([`--timeout=${text}`], (args) => args.number("timeout", 1, 10)).message,
        /^--timeout expects a whole number from 1 to 10, got /,
      );
    }
  });

  it("splits pairs at the first equals sign", () => {
    assert.deepEqual(readArgs(["--metadata", "a=b=c", "--metadata", "d="], OPTIONS).pairs("metadata"), [
      ["a", "b=c"],
      ["d", ""],
    ]);
    assert.equal(refusal(["--metadata", "=x"], (args) => args.pairs("metadata")).message, '--metadata expects KEY=VALUE, got "=x"');
    assert.equal(refusal(["--metadata", "x"], (args) => args.pairs("metadata")).message, '--metadata expects KEY=VALUE, got "x"');
  });

  it("is a fault, not a usage failure, to read an option that is not declared", () => {
    assert.throws(() => readArgs([], OPTIONS).flag("nothing"), /read but not declared/);
  });
});

describe("requirePositionals", () => {
  const check = (argv: string[], names: string[]): string => refusal(argv, (args) => requirePositionals(args, names)).message;

  it("names what is missing and what is too much", () => {
    assert.equal(check(["a"], ["TARGET", "METHOD"]), "expected METHOD, got a");
    assert.equal(check([], ["TARGET", "METHOD"]), "expected TARGET and METHOD, got nothing");
    assert.equal(check(["a", "b"], ["TARGET"]), 'expected TARGET, got also "b"');
    assert.equal(check(["a"], []), 'expected no arguments, got also "a"');
  });

  it("lets a bracketed one be missing and a dotted one take the rest", () => {
    assert.deepEqual(requirePositionals(readArgs(["a"], OPTIONS), ["TARGET", "[JSON]"]), ["a"]);
    assert.deepEqual(requirePositionals(readArgs(["a", "b", "c"], OPTIONS), ["IDL..."]), ["a", "b", "c"]);
    assert.equal(check([], ["IDL..."]), "expected IDL..., got nothing");
  });
});
