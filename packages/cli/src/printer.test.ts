import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { invalidInput } from "./failure.ts";
import { fakeIo } from "./io.fixture.ts";
import { Printer, toJson } from "./printer.ts";

describe("Printer", () => {
  it("colours for a terminal only, and not where NO_COLOR or a dumb terminal says no", () => {
    const red = (options: Parameters<typeof fakeIo>[0]): string => new Printer(fakeIo(options), false).paint.red("x");
    assert.equal(red({ terminal: true }), "\u001b[31mx\u001b[39m");
    assert.equal(red({ terminal: false }), "x");
    assert.equal(red({ terminal: true, env: { NO_COLOR: "1" } }), "x");
    assert.equal(red({ terminal: true, env: { TERM: "dumb" } }), "x");
    assert.equal(red({ terminal: true, env: { NO_COLOR: "" } }), "\u001b[31mx\u001b[39m");
  });

  it("puts results on stdout and notes on stderr, as lines or as one JSON value a line", () => {
    const text = fakeIo();
    new Printer(text, false).result("three", 3);
    new Printer(text, false).note("so", { type: "aside" });
    assert.deepEqual([text.out, text.err], ["three\n", "so\n"]);
    const json = fakeIo();
    new Printer(json, true).result("three", { n: 3n });
    new Printer(json, true).note("so", { type: "aside" });
    assert.deepEqual([json.out, json.err], ['{"n":"3"}\n', '{"type":"aside"}\n']);
  });

  it("prints a failure with its excerpt and hints, or as one flat JSON object", () => {
    const failure = invalidInput("is wrong", { excerpt: "  1 | x", hints: ["mend it"], fields: { path: "a.thrift" } });
    const text = fakeIo();
    new Printer(text, false).failure("kiteline gen", failure);
    assert.equal(text.err, "kiteline gen: is wrong\n  1 | x\n  mend it\n");
    const json = fakeIo();
    new Printer(json, true).failure("kiteline gen", failure);
    assert.deepEqual(JSON.parse(json.err), {
      type: "error",
      code: "invalid_input",
      message: "is wrong",
      path: "a.thrift",
      hints: ["mend it"],
    });
  });
});

describe("toJson", () => {
  it("writes 64-bit integers as strings at any depth", () => {
    assert.equal(toJson({ a: [{ b: 9007199254740993n }] }), '{"a":[{"b":"9007199254740993"}]}');
  });
});
