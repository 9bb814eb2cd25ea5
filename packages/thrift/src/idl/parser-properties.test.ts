import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { IdlError } from "./idl-error.ts";
import { loadTexts } from "./load.ts";
import { doubleWord, quoted, wordsOf } from "./model-words.fixture.ts";

/** Where a separator may stand, or none. */
const SEPARATOR = "<separator>";
type Words = fc.Arbitrary<string[]>;

const all = (...parts: readonly (string | Words)[]): Words =>
  fc.tuple(...parts.map((part) => (typeof part === "string" ? fc.constant([part]) : part))).map((words) => words.flat());
const many = (words: Words, maxLength = 4): Words => fc.array(words, { maxLength }).map((each) => each.flat());
const maybe = (words: Words): Words => fc.option(words, { nil: [] });

/** Names that are different by their number, some of them keywords elsewhere. */
const STEMS = ["a", "Name", "list", "string", "required", "oneway", "_x", "struct", "E", "namespace"];
function named<T>(items: readonly T[], make: (item: T, name: string, index: number) => readonly string[]): string[] {
  return items.flatMap((item, index) => [...make(item, `${STEMS[index % STEMS.length]!}_${index}`, index)]);
}

const text = fc.string({
  unit: fc.constantFrom("a", "B", " ", '"', "'", "\\", "\n", "\t", "#", "/", "*", "{", ")", "é", "😀"),
  maxLength: 12,
});
const annotations: Words = maybe(
  fc
    .uniqueArray(fc.tuple(fc.constantFrom("a", "b.c", "js.type2", "vt.pattern"), fc.array(text, { minLength: 1, maxLength: 2 })), {
      minLength: 1,
      maxLength: 3,
      selector: ([key]) => key,
    })
    .map((entries) => ["(", ...entries.flatMap(([key, values]) => values.flatMap((value) => [key, "=", quoted(value), SEPARATOR])), ")"]),
);

const integer = (bits: number): fc.Arbitrary<string> =>
  fc.bigInt({ min: -(1n << BigInt(bits - 1)), max: (1n << BigInt(bits - 1)) - 1n }).map(String);
const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map(doubleWord);
const uuid = fc.uuid().map(quoted);

/** A type and the words of a value of it. */
interface Typed {
  readonly type: string;
  readonly value: string[];
}
const word = (type: string, values: fc.Arbitrary<string>): fc.Arbitrary<Typed> => values.map((value) => ({ type, value: [value] }));
const scalar = fc.oneof(
  word("bool", fc.constantFrom("true", "false")),
  word("byte", integer(8)),
  word("i16", integer(16)),
  word("i32", integer(32)),
  word("i64", integer(64)),
  word("double", double),
  word("string", text.map(quoted)),
  word("binary", text.map(quoted)),
  word("uuid", uuid),
  word("Color", fc.constantFrom("Color.RED", "Color.GREEN", "77")),
);
const typed: fc.Arbitrary<Typed> = fc.letrec<{ typed: Typed }>((tie) => ({
  typed: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    scalar,
    // Of lists and sets, so that all elements have one type, one element or none.
    fc.tuple(fc.constantFrom("list", "set"), tie("typed"), fc.boolean()).map(([kind, { type, value }, empty]) => ({
      type: `${kind}<${type}>`,
      value: ["[", ...(empty ? [] : [...value, SEPARATOR]), "]"],
    })),
    fc.tuple(tie("typed"), tie("typed"), fc.boolean()).map(([key, value, empty]) => ({
      type: `map<${key.type}, ${value.type}>`,
      value: ["{", ...(empty ? [] : [...key.value, ":", ...value.value, SEPARATOR]), "}"],
    })),
    fc
      .tuple(integer(32), fc.boolean())
      .map(([x, given]) => ({ type: "Point", value: ["{", ...(given ? ['"x"', ":", x, SEPARATOR] : []), "}"] })),
  ),
})).typed;

interface RandomField {
  readonly typed: Typed;
  readonly requiredness: string[];
  readonly value: boolean;
  readonly annotations: string[];
  readonly idGap: number;
}
const field: fc.Arbitrary<RandomField> = fc.record({
  typed,
  requiredness: fc.constantFrom<string[]>([], ["required"], ["optional"]),
  value: fc.boolean(),
  annotations,
  idGap: fc.integer({ min: 1, max: 300 }),
});

function fieldsWords(fields: readonly RandomField[], inUnion = false): string[] {
  let id = -400;
  return named(fields, (one, name) => {
    id += one.idGap;
    const value = one.value && !inUnion ? ["=", ...one.typed.value] : [];
    return [String(id), ":", ...(inUnion ? [] : one.requiredness), one.typed.type, name, ...value, ...one.annotations, SEPARATOR];
  });
}

const fields = fc.array(field, { maxLength: 5 });
const method: Words = fc
  .record({ returns: fc.option(typed), args: fields, oneway: fc.boolean(), throws: fc.boolean(), annotations })
  .map((one) => {
    const oneway = one.oneway && one.returns === null && !one.throws;
    const throws = one.throws ? ["throws", "(", "1", ":", "Problem", "problem", SEPARATOR, ")"] : [];
    const head = [...(oneway ? ["oneway"] : []), one.returns?.type ?? "void", "<name>"];
    return [...head, "(", ...fieldsWords(one.args), ")", ...throws, ...one.annotations, SEPARATOR];
  });

const definition: fc.Arbitrary<(name: string) => string[]> = fc.oneof(
  fc.tuple(typed, annotations).map(([{ type }, notes]) => (name: string) => ["typedef", type, name, ...notes]),
  fc.tuple(typed, annotations).map(([{ type, value }, notes]) => (name: string) => [
    "const",
    type,
    name,
    "=",
    ...value,
    ...notes,
    SEPARATOR,
  ]),
  fc.tuple(fc.array(fc.tuple(integer(32), annotations), { maxLength: 5 }), annotations).map(([members, notes]) => (name: string) => [
    "enum",
    name,
    "{",
    ...named(members, ([value, own], member) => [member, "=", value, ...own, SEPARATOR]),
    "}",
    ...notes,
  ]),
  fc.tuple(fc.constantFrom("struct", "exception", "union"), fields, annotations).map(([kind, own, notes]) => (name: string) => [
    kind,
    name,
    "{",
    ...fieldsWords(own, kind === "union"),
    "}",
    ...notes,
  ]),
  fc.tuple(fc.array(method, { maxLength: 3 }), fc.boolean(), annotations).map(([methods, extended, notes]) => (name: string) => {
    const body = named(methods, (words, own) => words.map((each) => (each === "<name>" ? own : each)));
    return ["service", name, ...(extended ? ["extends", "Base"] : []), "{", ...body, "}", ...notes];
  }),
);

const PRELUDE = "enum Color { RED = 1 GREEN = 2 } struct Point { 1 : i32 x } exception Problem { } service Base { }".split(" ");
const file: Words = fc
  .tuple(
    many(all("namespace", fc.constantFrom(["*"], ["js"], ["go"]), fc.constantFrom(["a"], ["b.c"])), 1),
    fc.array(definition, { maxLength: 6 }),
  )
  .map(([head, definitions]) => [...head, ...PRELUDE, ...named(definitions, (make, name) => make(`Own${name}`))]);

const SPACES = [" ", "\n", "\t ", "\r\n", " // a comment\n", " # another } {\n", "/* one\n more * */", "/** doc */ "];
const noise = fc.infiniteStream(fc.constantFrom(...SPACES));
const separators = fc.infiniteStream(fc.constantFrom("", "", ",", ";"));

describe("IDL of any shape", () => {
  it("says the same once parsed, however it is spaced, separated and commented", () => {
    fc.assert(
      fc.property(file, noise, separators, (words, spaces, marks) => {
        const said = words.filter((each) => each !== SEPARATOR);
        const idl = words.map((each) => (each === SEPARATOR ? marks.next().value : each) + spaces.next().value).join("");
        const { roots } = loadTexts({ "random.thrift": idl });
        assert.deepEqual(wordsOf(roots[0]!), said);
      }),
      { numRuns: 300 },
    );
  });

  it("is parsed or refused with an IdlError when anything in it is lost, doubled or put elsewhere", () => {
    const damage = fc.tuple(fc.nat(), fc.nat(), fc.constantFrom("lose", "double", "move"));
    fc.assert(
      fc.property(file, fc.array(damage, { minLength: 1, maxLength: 4 }), (words, damages) => {
        const broken = words.filter((each) => each !== SEPARATOR);
        for (const [from, to, kind] of damages) {
          const at = from % broken.length;
          const [one = ""] = broken.slice(at, at + 1);
          if (kind !== "double") broken.splice(at, 1);
          if (kind !== "lose") broken.splice(to % (broken.length + 1), 0, one);
          if (broken.length === 0) return;
        }
        try {
          loadTexts({ "random.thrift": broken.join(" ") });
        } catch (error) {
          if (!(error instanceof IdlError)) throw error;
          assert.ok(error.problems.length > 0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is refused with an IdlError, or parsed, when it ends anywhere", () => {
    fc.assert(
      fc.property(file, fc.nat(), (words, cut) => {
        const idl = words.filter((each) => each !== SEPARATOR).join(" ");
        try {
          loadTexts({ "random.thrift": idl.slice(0, cut % (idl.length + 1)) });
        } catch (error) {
          if (!(error instanceof IdlError)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });
});
