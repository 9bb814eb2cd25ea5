import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { JsonTexts } from "./json-texts.ts";

function cut(...pieces: string[]): string[] {
  const texts = new JsonTexts();
  const found = pieces.flatMap((piece) => texts.push(piece));
  const rest = texts.rest();
  return rest === undefined ? found : [...found, rest];
}

describe("JsonTexts", () => {
  it("finds values one a line, several on a line, and one over many lines", () => {
    assert.deepEqual(cut('{"a":1}\n{"b":\n [2]}\r\n "}" 5 null{"c":"\\"}"}\n\n'), [
      '{"a":1}',
      '{"b":\n [2]}',
      '"}"',
      "5",
      'null{"c":"\\"}"}', // nothing stands between them: whoever parses it says so
    ]);
  });

  it("gives a value as soon as it is complete", () => {
    const texts = new JsonTexts();
    assert.deepEqual(texts.push('{"a":'), []);
    assert.deepEqual(texts.push("1}"), ['{"a":1}']);
    assert.deepEqual(texts.push(" 12"), []);
    assert.deepEqual(texts.push("3\n"), ["123"]);
    assert.equal(texts.rest(), undefined);
  });

  it("keeps what was cut off, and gives up what is no JSON piece by piece", () => {
    assert.deepEqual(cut('{"a": "', "} "), ['{"a": "} ']);
    assert.deepEqual(cut("}{}"), ["}", "{}"]);
  });

  it("finds the same wherever the pieces end", () => {
    const value = fc.json().map((text) => (/^["{[]/.test(text) ? text : `${text} `));
    fc.assert(
      fc.property(fc.array(value), fc.array(fc.nat(20)), (values, lengths) => {
        const text = values.join("");
        const pieces: string[] = [];
        let from = 0;
        for (const length of lengths) pieces.push(text.slice(from, (from += length)));
        pieces.push(text.slice(from));
        assert.deepEqual(
          cut(...pieces),
          values.map((each) => each.trim()),
        );
      }),
    );
  });
});
