import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { compileRegex, RegexError } from "./regex.ts";

/** Pattern, texts that match as a whole, texts that do not. */
const CASES: [pattern: string, yes: string[], no: string[]][] = [
  ["", [""], ["a"]],
  ["abc", ["abc"], ["ab", "abcd", "xabc"]],
  ["a|bc|", ["a", "bc", ""], ["b", "abc"]],
  ["a*b+c?", ["b", "aabbc"], ["a", "bcc"]],
  ["(ab)*", ["", "abab"], ["aba"]],
  ["x{2}", ["xx"], ["x", "xxx"]],
  ["x{2,}", ["xx", "xxxx"], ["x"]],
  ["x{0,2}", ["", "xx"], ["xxx"]],
  ["x{a}", ["x{a}"], ["x"]],
  [".*", ["", "anything at all"], ["two\nlines"]],
  ["(?s).*", ["two\nlines"], []],
  ["(?i)Uid=[0-9a-f]+", ["uid=AF", "UID=1"], ["uid=", "uid=g"]],
  ["(?i:a)b", ["Ab", "ab"], ["AB"]],
  ["(?i:(a)b)c", ["ABc"], ["abC"]],
  ["a(?i)b", ["aB"], ["AB"]],
  ["(?i)a(?-i)b", ["Ab"], ["AB"]],
  ["[^a-c]+", ["xyz", "é"], ["a", ""]],
  ["[]a]+", ["]a]"], ["b"]],
  ["[a-]+", ["a-a"], ["b"]],
  ["[[:alpha:][:^space:]]", ["a", "1"], [" "]],
  ["\\d+\\.\\d+", ["1.25"], ["125", "1."]],
  ["[\\d\\s]+", ["1 2"], ["x"]],
  ["[\\D]+", ["ab"], ["a1"]],
  ["\\w+@\\w+", ["a_1@b"], ["a-1@b"]],
  ["\\pL+", ["aéß日"], ["a1"]],
  ["\\p{Greek}+", ["αβγ"], ["abc"]],
  ["\\P{Lu}", ["a"], ["A"]],
  ["[\\p{Greek}x]", ["x", "α"], ["y"]],
  ["\\x41\\x{1F600}", ["A😀"], ["A"]],
  ["^abc$", ["abc"], ["ab"]],
  ["a^b", [], ["ab"]],
  ["(a|$^)", ["a", ""], ["aa"]],
  ["(a*$|b)", ["aa", "b", ""], ["ab"]],
  ["(?P<name>a)(?<other>b)(?:c)", ["abc"], ["ab"]],
  ["\\Qa.b*\\Ec", ["a.b*c"], ["axbc"]],
  ["a*?b??", ["aab", ""], ["abb"]],
  ["[^;]*; ?uid=100(;.*)?", ["a=b; uid=100", "a=b; uid=100; c=d"], ["uid=1000"]],
];

describe("compileRegex", () => {
  for (const [pattern, yes, no] of CASES) {
    it(`matches whole texts: ${JSON.stringify(pattern)}`, () => {
      const regex = compileRegex(pattern);
      for (const text of yes) assert.equal(regex.test(text), true, text);
      for (const text of no) assert.equal(regex.test(text), false, text);
    });
  }

  const WRONG: [pattern: string, says: RegExp][] = [
    ["(a", /"\(" is never closed/],
    ["a)", /"\)" closes nothing/],
    ["[a", /"\[" is never closed/],
    ["*a", /"\*" repeats nothing/],
    ["a**", /one repetition follows another/],
    ["a{3,2}", /ends before it begins/],
    ["a{1001}", /above 1000/],
    ["(a)\\1", /back references are not in RE2, at character 5 of/],
    ["(?=a)", /lookahead/],
    ["(?<!a)b", /lookahead and lookbehind/],
    ["\\ba", /"\\b" is not supported/],
    ["(?m)^a", /the flag "m" is not supported/],
    ["[z-a]", /ends before it begins/],
    ["\\p{Nonsense}", /no Unicode class "Nonsense"/],
    ["[[:nope:]]", /no class \[:nope:\]/],
    ["a\\", /ends too early/],
    ["((a{1000}){1000})", /too large/],
    [`${"(".repeat(300)}a${")".repeat(300)}`, /nested deeper/],
  ];
  for (const [pattern, says] of WRONG) {
    it(`refuses ${JSON.stringify(pattern.slice(0, 20))} and says why`, () => {
      assert.throws(
        () => compileRegex(pattern),
        (error) => error instanceof RegexError && says.test(error.message),
      );
    });
  }

  it("needs time in proportion to the text where a backtracking engine would need centuries", () => {
    const text = `${"a".repeat(50_000)}!`;
    for (const pattern of ["(a+)+", "(a|a)*", "(a*)*b", "(.*a){20}", "(x+x+)+y|[a]*"])
      assert.equal(compileRegex(pattern).test(text), false, pattern);
  });

  it("keeps its memory bounded and its answers right when there are more states than it remembers", () => {
    const regex = compileRegex("(.*a.{12})?"); // 2^13 deterministic states
    let seed = 1;
    for (let round = 0; round < 200; round++) {
      let text = "";
      for (let index = 0; index < 40; index++) {
        seed = (seed * 1103515245 + 12345) & 0x7fff_ffff;
        text += (seed >> 16) % 2 === 0 ? "a" : "b";
      }
      assert.equal(regex.test(text), /^(?:.*a.{12})?$/.test(text), text);
    }
  });

  it("is right to the end of a text that needs another state at every character, wherever the end is tied to", () => {
    const text = (length: number): string =>
      Array.from({ length }, (_, i) => ((Math.imul(i, 2_654_435_761) >>> 16) % 2 === 0 ? "a" : "b")).join("");
    for (const pattern of [".*a.{200}", "(.*a.{200}|^b*)$", ".*a.{200}é?", "(.*a.{12})?", ".*a.{600}c"]) {
      const regex = compileRegex(pattern);
      // The language counts what is beyond the first plane twice, unless told not to.
      const expected = new RegExp(`^(?:${pattern})$`, "u");
      for (const end of ["", "é", "c", "\u{1f600}"]) {
        for (const length of [600, 601, 607, 5000]) {
          const whole = text(length) + end;
          assert.equal(regex.test(whole), expected.test(whole), `${pattern} ${length} ${end}`);
        }
      }
    }
  });

  it("agrees with the engine of the language on what both can do", () => {
    const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\d", "(a|b)", "(ab|)", "^", "$");
    const part = fc
      .tuple(atom, fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,2}"))
      .map(([one, count]) => (one === "^" || one === "$" ? one : one + count));
    const pattern = fc
      .array(part, { maxLength: 5 })
      .chain((parts) => fc.constantFrom(parts.join(""), `${parts.join("")}|b`, `(${parts.join("")})*`));
    fc.assert(
      fc.property(pattern, fc.array(fc.constantFrom("a", "b", "1", "\n"), { maxLength: 8 }), (source, characters) => {
        const text = characters.join("");
        // "." of the language excludes more line ends than RE2's, none of which occur here.
        assert.equal(compileRegex(source).test(text), new RegExp(`^(?:${source})$`).test(text), JSON.stringify([source, text]));
      }),
      { numRuns: 2000, seed: 7 },
    );
  });
});
