import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { loadIdl, type idl, type StructCodec } from "@kiteline/thrift";
import fc from "fast-check";
import { generate } from "./generate.ts";
import { randomIdl, structOf } from "./random-structs.fixture.ts";
import type { GenerateOptions } from "./thrift/options.ts";
import { namesOf } from "./thrift/names.ts";
import { passedOn, roundTrip } from "./tokens.fixture.ts";
import { Workshop } from "./workshop.fixture.ts";

const workshop = new Workshop("compiled");

/** What the hand-written part of the golden files has no place for. */
const ODD = `
/** Long names and values, which do not fit on lines. */
const list<i32> MANY_NUMBERS = [${Array.from({ length: 80 }, (_, index) => index * 1001).join(", ")}]
const string LONG = "${"a long text ".repeat(15)}"
const list<list<string>> NESTED = [["a", "b"], ["c", "d"], ["e"]]
const list<Small> SMALLS = [{"a": 1, "b": 2}, {"a": 3, "b": 4}]
const map<string, map<i32, list<Small>>> DEEP = {"x": {1: [{"a": 1}], 2: []}, "y": {}}
const set<string> WORDS = ['it\\'s', "\\"", "\\u2028"]
const Either EITHER = {"small": {"a": 5}}
const double TINY = 1e-7
const double HUGE = 1e300
const double MINUS = -0.0
const i64 BIG = 9007199254740991
const uuid ID = "00112233-4455-6677-8899-aabbccddeeff"
const binary BYTES = "abc"
enum Empty {}
struct Small { 1: i32 a, 2: i32 b }
union Either { 1: Small small, 2: list<set<map<i32, binary>>> deep }
union Nothing {}
struct WithDefaults {
  1: list<Small> smalls = [{"a": 1}, {"a": 2, "b": 3}]
  2: Small small = {"b": 9}
  3: required string text = "x"
  4: optional map<string, double> numbers = {"a": 1, "b": 2.5}
  5: Either either = {"small": {}}
  6: Holder holder
  7: Nothing nothing
}
struct Holder { 1: required Small small, 2: optional WithDefaults back }
exception Odd { 1: required list<Small> smalls = [{}], 2: string message = "odd", 3: optional Small cause }
service ServiceWithALongNameThatLeavesLittleRoomOnItsLine {
  map<string, list<Small>> methodWithManyArguments(1: string theFirstArgument, 2: list<Small> theSecondArgument, 3: optional i32 theThirdArgument, 4: set<i64> more = [1, 2]) throws (1: Odd odd)
  set<i32> short(1: optional Small small)
  bool flag(1: bool value) throws (1: Odd a, 2: Odd b)
}
service S {}
struct Bare { 1: string constructor, 2: string toString, 3: optional i32 valueOf, 4: i32 constructor_ }
exception Thrown { 1: string constructor, 2: string toString }
service OfObjects { string constructor(1: string toString), string toString(), string ToString(1: Bare bare), void then() }
`;

interface Compiled {
  readonly model: idl.DocumentSet;
  readonly paths: readonly string[];
}

async function compile(name: string, texts: Readonly<Record<string, string>>, options: GenerateOptions): Promise<Compiled> {
  const model = await loadIdl(texts);
  return { model, paths: await workshop.write(name, generate(model, options)) };
}

describe("generated code of any shape", () => {
  let random: Compiled;

  before(async () => {
    // The same every time: what is tested is the text, which takes seconds; the values differ.
    const [text] = fc.sample(randomIdl(40), { numRuns: 1, seed: 20_261_121 });
    random = await compile("random", { "random.thrift": text! }, {});
    await compile("other", { "random.thrift": text! }, { keepUnknown: true, i64: "string", importExtension: ".js" });
    for (const i64 of ["bigint", "number", "string"] as const) {
      await compile(
        i64,
        { "odd.thrift": ODD, "more.thrift": 'include "odd.thrift"\nstruct More { 1: odd.WithDefaults one }' },
        { i64, keepUnknown: i64 === "number" },
      );
    }
  });

  after(() => workshop.remove());

  it("compiles under the strictest settings", async () => {
    await workshop.checkTypes();
  });

  it("is formatted as the formatter of this repository would", async () => {
    await workshop.checkFormat();
  });

  it("reads what it wrote", async () => {
    const module = (await import(pathToFileURL(random.paths[0]!).href)) as Record<string, StructCodec<unknown, unknown>>;
    for (const struct of random.model.documents[0]!.structs) {
      const codec = module[namesOf(struct.document).of(struct, "Codec")]!;
      fc.assert(
        fc.property(structOf(struct), (value) => {
          assert.deepEqual(roundTrip(codec, value), value);
        }),
        { numRuns: 20 },
      );
    }
  });

  it("has constants and defaults of every type, whatever the form of i64", async () => {
    for (const i64 of ["bigint", "number", "string"]) {
      const odd = (await import(pathToFileURL(join(workshop.folder, i64, "odd.ts")).href)) as Record<string, unknown>;
      assert.equal(String(odd["BIG"]), "9007199254740991");
      assert.ok(Object.is(odd["MINUS"], -0));
      assert.deepEqual(odd["WORDS"], new Set(["it's", '"', "\\u2028"]));
      assert.deepEqual(odd["EITHER"], { case: "small", value: { a: 5, b: 0 } });
      assert.deepEqual(odd["BYTES"], new TextEncoder().encode("abc"));
      assert.deepEqual(
        odd["DEEP"],
        new Map([
          [
            "x",
            new Map<number, object[]>([
              [1, [{ a: 1, b: 0 }]],
              [2, []],
            ]),
          ],
          ["y", new Map()],
        ]),
      ); // prettier-ignore
      const codec = odd["WithDefaultsCodec"] as StructCodec<unknown, unknown>;
      const unknown = i64 === "number" ? { $unknown: undefined } : {};
      assert.deepEqual(roundTrip(codec, {}), {
        // Only the outer value was written by default; inner ones were read.
        smalls: [
          { a: 1, b: 0, ...unknown },
          { a: 2, b: 3, ...unknown },
        ],
        small: { a: 0, b: 9, ...unknown },
        text: "x",
        numbers: new Map([
          ["a", 1],
          ["b", 2.5],
        ]),
        either: { case: "small", value: { a: 0, b: 0, ...unknown } },
        holder: { small: { a: 0, b: 0 }, back: undefined },
        nothing: undefined,
        ...unknown,
      });
    }
  });

  it("keeps what it does not know, and writes it back", async () => {
    const kept = (await import(pathToFileURL(join(workshop.folder, "number/odd.ts")).href)) as Record<
      string,
      StructCodec<unknown, unknown>
    >;
    const all = (await import(pathToFileURL(join(workshop.folder, "bigint/odd.ts")).href)) as Record<string, StructCodec<unknown, unknown>>;
    const small = kept["SmallCodec"]!;
    const value = { smalls: [], small: { a: 1, b: 2 }, text: "t", numbers: undefined, either: { case: "small", value: { a: 1, b: 2 } } };
    // What is written as WithDefaults, read as Small, written, and read as WithDefaults again.
    const once = roundTrip(all["WithDefaultsCodec"]!, value) as object;
    const unknown = passedOn(all["WithDefaultsCodec"]!, small, once) as { $unknown: unknown[] };
    assert.equal(unknown.$unknown.length, 6);
    assert.deepEqual(passedOn(small, all["WithDefaultsCodec"]!, unknown), once);
  });
});
