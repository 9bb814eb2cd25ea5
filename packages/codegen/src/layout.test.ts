import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assignment,
  block,
  bracketed,
  callWithObject,
  clause,
  fill,
  group,
  hardline,
  indent,
  join,
  line,
  lines,
  print,
  softline,
} from "./layout.ts";

const LONG = "x".repeat(60);

describe("layout", () => {
  it("keeps a group on one line that is exactly as wide as allowed, and breaks all its lines when it is wider", () => {
    const items = ["a".repeat(68), "b".repeat(66)];
    assert.equal(print([bracketed("[", items, "]"), ";"]), `[${items.join(", ")}];\n`);
    assert.equal(print([bracketed("[", items, "]"), ";"]).length, 140);
    assert.equal(print([bracketed("[", [...items, ""], "]"), ";"]).split("\n")[0], "[");
    assert.equal(print(bracketed("{", ["a", "b"], "}", " ")), "{ a, b }\n");
    assert.equal(print(bracketed("{", [], "}", " ")), "{}\n");
  });

  it("breaks the outer group first, and inner ones only if they still do not fit", () => {
    const inner = (count: number): Parameters<typeof print>[0] =>
      bracketed(
        "[",
        Array.from({ length: count }, () => LONG),
        "]",
      ); // prettier-ignore
    assert.equal(
      print(bracketed("[", [inner(1), inner(3)], "]")),
      `[\n  [${LONG}],\n  [\n    ${LONG},\n    ${LONG},\n    ${LONG},\n  ],\n]\n`,
    );
  });

  it("breaks every group around a line that must be broken", () => {
    assert.equal(print(group(["a", indent([line, group(["b", hardline, "c"])])])), "a\n  b\n  c\n");
    assert.equal(print(bracketed("[", ["a"], "]", "", true)), "[\n  a,\n]\n");
  });

  it("counts what follows a group on its line", () => {
    const value = group(["f(", indent([softline, LONG]), softline, ")"]);
    assert.equal(print([value, "y".repeat(77)]), `f(${LONG})${"y".repeat(77)}\n`);
    assert.equal(print([value, "y".repeat(78)]), `f(\n  ${LONG}\n)${"y".repeat(78)}\n`);
  });

  it("writes clauses and values below what they belong to when they do not fit behind it", () => {
    assert.equal(print(clause("if (a)", "b;")), "if (a) b;\n");
    assert.equal(print(clause(`if (${LONG})`, `${LONG}${LONG};`)), `if (${LONG})\n  ${LONG}${LONG};\n`);
    assert.equal(print(assignment(`const ${LONG}`, `${LONG}${LONG}`)), `const ${LONG} =\n  ${LONG}${LONG};\n`);
  });

  it("fills lines with as many items as fit, the last without a comma to spare", () => {
    const numbers = Array.from({ length: 100 }, (_, index) => String(1000 + index));
    const [first, second] = print(["[", indent([softline, fill(numbers)]), "]"])
      .split("\n")
      .slice(1, 3) as [string, string];
    assert.ok(first.length <= 140 && first.length > 134, first);
    assert.ok(first.endsWith(",") && second.startsWith("  1"));
    // Twenty of six with their commas, and nineteen spaces.
    const words = Array.from({ length: 21 }, () => "yyyyy");
    assert.deepEqual(
      print(fill(words))
        .split("\n")
        .map((each) => each.length),
      [139, 5, 0],
    ); // prettier-ignore
  });

  it("leaves no spaces at the ends of lines, and keeps empty lines", () => {
    assert.equal(print(block("a {", ["b", "", join(hardline, ["", "c"])])), "a {\n  b\n\n\n  c\n}\n");
    assert.equal(print(lines(["a", "b"])), "a\nb\n");
  });

  it("gives a long call its arguments, its types or itself lines of their own, in this order of need", () => {
    const call = (declared: string, types: readonly string[], callee: string): string =>
      print(callWithObject(declared, types, callee, ['"n"'], ["a: 1,"]));
    assert.equal(call("const a: T", ["A"], "f"), 'const a: T<A> = f("n", {\n  a: 1,\n});\n');
    const type = "T".repeat(120);
    assert.equal(call("const a: T", [type], "f"), `const a: T<${type}> = f(\n  "n",\n  {\n    a: 1,\n  },\n);\n`);
    assert.equal(call("const a: T", [type], "function"), `const a: T<${type}> =\n  function("n", {\n    a: 1,\n  });\n`);
    assert.equal(
      call("const a: T", [LONG, LONG, LONG], "f"),
      `const a: T<\n  ${LONG},\n  ${LONG},\n  ${LONG}\n> = f("n", {\n  a: 1,\n});\n`,
    );
  });
});
