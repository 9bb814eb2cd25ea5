import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ValueError } from "@kiteline/net";
import { encode } from "./encode.ts";
import { ChosenCodec, ExplicitCodec, ImplicitCodec, MapsCodec, RepeatedCodec, WellKnownCodec } from "./everything.fixture.ts";
import { DynamicCodec } from "./dynamic/dynamic-codec.ts";
import type { MessageCodec } from "./codec.ts";
import { codecOf, typeOf } from "./schema/schema-of.ts";

/** What is said of a name that is none of those that two messages have in common. */
function misspelt(message: string, more: number): string {
  const names = "aDouble, aFloat, anInt32, anInt64, aUint32, aUint64, aSint32, aSint64, aFixed32, aFixed64";
  return `expected everything.${message} (an object with any of ${names} and ${more} more), got an object with astring`;
}

/** Values that cannot be written, with what is said of them behind the message's name. */
const CASES = ": there are number, text, data, heat, answer, self, group, large, real, nothing";

const WRONG: readonly (readonly [codec: MessageCodec<unknown, never>, value: unknown, said: string])[] = [
  [RepeatedCodec, { messages: [{}, { aString: 5 }] }, "messages[1].aString: expected a string, got 5"],
  [
    RepeatedCodec,
    { groups: [{}, {}, { anInt32: 0.5 }] },
    "groups[2].anInt32: expected an int32 (a whole number from -2147483648 to 2147483647), got 0.5",
  ],
  [RepeatedCodec, { strings: ["a", null] }, "strings[1]: expected a string, got null"],
  [RepeatedCodec, { bools: [true, 1] }, "bools[1]: expected a boolean, got 1"],
  [RepeatedCodec, { numbers: [1, 0.5] }, "numbers[1]: expected a 64-bit integer (a safe integer), got 0.5"],
  [
    MapsCodec,
    {
      texts: new Map<string, unknown>([
        ["a", "x"],
        ["b", 5],
      ]),
    },
    'texts["b"]: expected a string, got 5',
  ],
  [MapsCodec, { byInt32: new Map([["a", 5]]) }, 'byInt32 key: expected an int32 (a whole number from -2147483648 to 2147483647), got "a"'],
  [MapsCodec, { byBool: new Map([[true, { texts: new Map([["k", 5]]) }]]) }, 'byBool[true].texts["k"]: expected a string, got 5'],
  [
    MapsCodec,
    {
      bySfixed32: new Map([
        [1, {}],
        [2, { message: { aBool: 0 } }],
      ]),
    },
    "bySfixed32[2].message.aBool: expected a boolean, got 0",
  ],
  [
    ChosenCodec,
    { choice: { case: "self", value: { choice: { case: "text", value: 5 } } } },
    "choice.value.choice.value: expected a string, got 5",
  ],
  ...[5n, Symbol("s"), Object.create(null) as unknown].map((value): [MessageCodec<unknown, never>, unknown, string] => [
    ImplicitCodec,
    { anInt32: value },
    `anInt32: expected an int32 (a whole number from -2147483648 to 2147483647), got ${typeof value === "object" ? "an object" : typeof value === "bigint" ? "5n" : "Symbol(s)"}`,
  ]),
  [RepeatedCodec, { int32s: [1, 5n] }, "int32s[1]: expected an int32 (a whole number from -2147483648 to 2147483647), got 5n"],
  [ImplicitCodec, { aFixed32: 5n }, "aFixed32: expected a uint32 (a whole number from 0 to 4294967295), got 5n"],
  // What is of another kind, and would be written as nothing.
  [ExplicitCodec, { message: "text" }, 'message: expected a message (an object), got "text"'],
  [ExplicitCodec, { message: 5 }, "message: expected a message (an object), got 5"],
  [ExplicitCodec, { message: null }, "message: expected a message (an object), got null"],
  [ExplicitCodec, { message: [] }, "message: expected a message (an object), got an array of 0"],
  [ExplicitCodec, { message: new Map() }, "message: expected a message (an object), got an object of class Map"],
  [ExplicitCodec, { group: true }, "group: expected a message (an object), got true"],
  // What has properties that are called like a field.
  [
    ExplicitCodec,
    { message: Object.assign(new Error("late"), { aString: "x" }) },
    "message: expected a message (an object), got an object of class Error: throw it",
  ],
  [ExplicitCodec, { message: Object.assign(() => 1, { aString: "x" }) }, "message: expected a message (an object), got a function"],
  [
    RepeatedCodec,
    { messages: [{}, Object.assign([], { aString: "x" })] },
    "messages[1]: expected a message (an object), got an array of 0",
  ],
  [ExplicitCodec, { message: Promise.resolve({}) }, "message: expected a message (an object), got an object of class Promise: await it"],
  [
    WellKnownCodec,
    { time: new Date() },
    "time: expected a message (an object), got an object of class Date: timestampFromDate makes a google.protobuf.Timestamp of it",
  ],
  [WellKnownCodec, { text: "x" }, 'text: expected a message (an object), got "x": a google.protobuf.StringValue is { value }'],
  [WellKnownCodec, { list: ["x"] }, "list: expected a message (an object), got an array of 1: fromJson makes one of plain JSON"],
  [ChosenCodec, { choice: { text: "x" } }, "choice: expected { case, value } of the oneof everything.Chosen.choice, got an object" + CASES],
  [ChosenCodec, { choice: "x" }, `choice: expected { case, value } of the oneof everything.Chosen.choice, got "x"${CASES}`],
  [ChosenCodec, { choice: null }, `choice: expected { case, value } of the oneof everything.Chosen.choice, got null${CASES}`],
  [
    ChosenCodec,
    { choice: { case: "nil", value: "x" } },
    `choice: expected a case of the oneof everything.Chosen.choice, got "nil"${CASES}`,
  ],
  [
    ChosenCodec,
    { other: { case: "onn", value: true } },
    'other: expected a case of the oneof everything.Chosen.other, got "onn": did you mean "on"? There are on, off',
  ],
  [
    ChosenCodec,
    { choice: { case: "self", value: { other: { case: 1, value: true } } } },
    "choice.value.other: expected a case of the oneof everything.Chosen.other, got 1: there are on, off",
  ],
  [RepeatedCodec, { messages: {} }, "messages: expected an array, got an object"],
  [RepeatedCodec, { messages: "ab" }, 'messages: expected a message (an object), got "a"'],
  [RepeatedCodec, { strings: "ab" }, 'strings: expected an array of strings, got "ab"'],
  [RepeatedCodec, { int32s: { length: 1 } }, "int32s: expected an array, got an object"],
  [MapsCodec, { texts: { a: "x" } }, "texts: expected a Map, got an object"],
  [MapsCodec, { texts: [1] }, "texts: expected a Map, got an array of 1"],
  [ImplicitCodec, { someBytes: null }, "someBytes: expected bytes (a Uint8Array), got null"],
  // A name is misspelt, it is another message, or what a Struct says in its own way.
  [RepeatedCodec, { messages: [{ aString: "" }, { astring: "x" }] }, `messages[1]: ${misspelt("Explicit", 10)}`],
  [ExplicitCodec, { group: { astring: "x" } }, `group: ${misspelt("Implicit", 9)}`],
  [ImplicitCodec, { astring: "x" }, misspelt("Implicit", 9)],
  [ChosenCodec, { text: "x" }, "expected everything.Chosen (an object with any of choice, beside, other), got an object with text"],
  [
    WellKnownCodec,
    { struct: { any: ["thing"], of: 1 } },
    "struct: expected google.protobuf.Struct (an object with any of fields), got an object with any, of: fromJson makes one of plain JSON",
  ],
  [ImplicitCodec, "text", 'expected a message (an object), got "text"'],
  [ImplicitCodec, [], "expected a message (an object), got an array of 0"],
];

for (const [what, of] of [
  ["generated codecs", (codec: MessageCodec<unknown, never>) => codec],
  ["codecs that interpret the schema", (codec: MessageCodec<unknown, never>) => new DynamicCodec(typeOf(codec), codecOf)],
] as const) {
  describe(`a value that cannot be written, by ${what}`, () => {
    for (const [codec, value, said] of WRONG) {
      it(said, () => {
        assert.throws(
          () => encode(of(codec), value as never),
          (error) => {
            assert.ok(error instanceof ValueError);
            // Which message it is, is said once.
            assert.equal(error.message, said.startsWith(`expected ${codec.name} `) ? said : `${codec.name}: ${said}`);
            return true;
          },
        );
      });
    }
  });

  it(`an empty message is a message, by ${what}`, () => {
    class Mine {}
    for (const value of [{}, Object.create(null), new Mine()]) assert.equal(encode(of(ImplicitCodec), value as never).byteLength, 0);
    for (const more of [{ astring: undefined }, { aString: "", astring: "x" }, { anything: null }])
      assert.equal(encode(of(ImplicitCodec), more as never).byteLength, 0);
    assert.equal(encode(of(WellKnownCodec), { empty: { any: "thing" } }).byteLength, 2);
    assert.equal(encode(of(ExplicitCodec), { message: {} }).byteLength, 3);
    assert.equal(encode(of(ChosenCodec), { choice: { case: undefined } }).byteLength, 0);
  });
}
