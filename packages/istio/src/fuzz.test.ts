import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { problemsOf } from "@kiteline/policy/parsers";
import { parse, SERVICES, SUBSETS, virtualService } from "./istio.fixture.ts";

const GOOD = [
  SERVICES,
  SUBSETS,
  virtualService(`hosts: [reviews]
http:
- match: [{ headers: { a: { regex: "a+" } }, uri: { prefix: / } }]
  route: [{ destination: { host: reviews, subset: v1 }, weight: 1 }, { destination: { host: reviews }, weight: 2 }]
  retries: { attempts: 2, retryOn: "5xx,503" }
- delegate: { name: other }`),
  virtualService("http: [{ timeout: 1s, redirect: {} }]", "other"),
];

describe("mutilated files", () => {
  it("never make the parser throw, and what comes of them is sound but for what it says itself", () => {
    const change = fc.record({
      file: fc.nat({ max: GOOD.length - 1 }),
      at: fc.nat(),
      length: fc.nat({ max: 12 }),
      insert: fc.constantFrom(
        "",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "-",
        "\n",
        "  ",
        '"',
        "&a ",
        "*a",
        "null",
        "1",
        "*",
        "x",
        "- ",
        "!!binary x",
        "? ",
        "\t",
        "%",
      ),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const texts = [...GOOD];
        for (const { file, at, length, insert } of changes) {
          const text = texts[file] ?? "";
          const place = at % (text.length + 1);
          texts[file] = text.slice(0, place) + insert + text.slice(place + length);
        }
        const { snapshot, problems } = parse(texts);
        for (const { file, line, message } of problems) {
          assert.match(file, /^\d\.yaml$/);
          assert.ok(line >= 1 && line <= (texts[Number(file[0])] ?? "").split("\n").length + 1, `${line}`);
          assert.ok(message.length > 0);
        }
        const wrong = problemsOf(snapshot).filter((text) => !text.includes("which is not there"));
        assert.deepEqual(wrong, []);
        if (problemsOf(snapshot).length > 0) assert.ok(problems.some(({ severity }) => severity === "error"));
      }),
      { numRuns: 400, seed: 5 },
    );
  });
});
