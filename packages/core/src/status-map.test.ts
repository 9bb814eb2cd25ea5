import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { CODES, type Code } from "./errors.ts";
import { codeNumber, codeOfHttp, codeOfNumber, codeOfThrift, httpOfCode, thriftOfCode } from "./status-map.ts";

/** The rows of the table in the documents: code, gRPC number, Thrift types read, type written, HTTP statuses read, status written. */
function documented(): { code: Code; cells: string[] }[] {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/errors.md"), "utf8");
  return page
    .split("\n")
    .filter((line) => /^\| `[a-z_]+` \| \d/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("`", "")))
    .map(([, code, ...cells]) => ({ code: code as Code, cells: cells.slice(0, 5) }));
}

const TYPES = [...Array.from({ length: 64 }, (_, type) => type - 8), ...Array.from({ length: 32 }, (_, type) => type + 11_990)];
const STATUSES = Array.from({ length: 500 }, (_, status) => status + 100);

describe("the table of codes in docs/errors.md", () => {
  it("has every code once, in order", () => {
    assert.deepEqual(
      documented().map(({ code }) => code),
      CODES,
    );
  });

  for (const { code, cells } of documented()) {
    it(`says of ${code} what the code does`, () => {
      const [grpc, thriftRead, thriftWritten, httpRead, httpWritten] = cells;
      assert.equal(grpc, String(codeNumber(code)));
      assert.equal(codeOfNumber(codeNumber(code)), code);
      assert.equal(thriftWritten, String(thriftOfCode(code)));
      assert.equal(httpWritten, String(httpOfCode(code)));
      // What is not listed anywhere is unknown, which the table says in words.
      const read = (map: (n: number) => Code, numbers: number[]): string => numbers.filter((n) => map(n) === code).join(", ");
      if (code !== "unknown") {
        assert.equal(thriftRead, read(codeOfThrift, TYPES));
        assert.equal(httpRead, read(codeOfHttp, STATUSES));
      } else {
        assert.deepEqual([thriftRead, httpRead], ["0, any other", "any other"]);
      }
    });
  }
});

describe("a number that is no code", () => {
  it("is unknown", () => {
    for (const number of [-1, 0, 17, 1.5, NaN]) assert.equal(codeOfNumber(number), "unknown");
    assert.equal(codeOfThrift(99), "unknown");
    assert.equal(codeOfHttp(200), "unknown");
  });
});
