import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { packAny } from "../any.ts";
import {
  ChosenCodec,
  file,
  ImplicitCodec,
  MapsCodec,
  NeedsCodec,
  note,
  OpenCodec,
  RepeatedCodec,
  WellKnownCodec,
} from "../everything.fixture.ts";
import { getExtension } from "../extensions.ts";
import { createRegistry } from "../registry.ts";
import { fromText } from "./text-reader.ts";
import { toText } from "./text-writer.ts";

const registry = createRegistry(file);

describe("text of Protobuf", () => {
  it("is read as people write it: with comments, commas, lists, angle brackets, and strings in parts", () => {
    const message = fromText(
      RepeatedCodec,
      `# what comes
       int32s: [1, -2, 0x10, 010] int32s: 3; strings: "a\\x62" 'c\\143\\u0064\\U0001F600' # and more
       strings: 'it"s',bools: [t, False, 1] floats: [1.5f, .5, 2., 1e3, -inf, Infinity, nan, - 7]`,
    );
    assert.deepEqual(message.int32s, [1, -2, 16, 8, 3]);
    assert.deepEqual(message.strings, ["abccd😀", 'it"s']);
    assert.deepEqual(message.bools, [true, false, true]);
    assert.deepEqual(message.floats, [1.5, 0.5, 2, 1000, -Infinity, Infinity, NaN, -7]);
    const maps = fromText(MapsCodec, 'texts { key: "a" value: "b" } texts: < value: "c" > texts: [{ key: "d" }, { key: "a" value: "e" }]');
    assert.deepEqual(
      [...maps.texts],
      [
        ["a", "e"],
        ["", "c"],
        ["d", ""],
      ],
    );
  });

  it("holds extensions and what is in an Any, if a registry knows them", () => {
    const open = fromText(OpenCodec, '[everything . note]: "n"', { registry });
    assert.equal(getExtension(open, note), "n");
    const any = packAny(ChosenCodec, { choice: { case: "data", value: Uint8Array.of(1) } });
    const message = fromText(WellKnownCodec, 'any { [type.googleapis.com/everything.Chosen] { data: "\\001" } }', { registry });
    assert.deepEqual(message.any, { typeUrl: any.typeUrl, value: any.value });
    assert.equal(
      toText(WellKnownCodec, message, { registry }),
      'any {\n  [type.googleapis.com/everything.Chosen] {\n    data: "\\001"\n  }\n}\n',
    );
  });

  for (const [text, problem] of [
    ["an_int32: 1\n  nosuch: 2", /^line 2, column 3: everything.Implicit has no field "nosuch"/],
    ["an_int_32: 1", /an_int32/],
    ["an_int32 1", /^line 1, column 10: expected ":", got "1"$/],
    ["an_int32: 2147483648", /column 11: expected a whole number of int32, got 2147483648/],
    ["a_uint32: -1", /expected a number \(uint32\), got "-1"/],
    ["an_int32: 08", /whole number of int32, got 08/],
    ["an_int32: 1.5", /whole number of int32, got 1.5/],
    ["an_int32: 1an_int64: 2", /expected a number, got "1an_int64"/],
    ["an_int32: 1 an_int32: 1", /column 13: an_int32 of everything.Implicit comes twice/],
    ["an_int32: [1]", /expected a number \(int32\), got "\["/],
    ["a_double: 0x1", /expected a decimal number, inf or nan, got "0x1"/],
    ["a_bool: yes", /expected true or false, got "yes"/],
    ["heat: HEAT_NONE", /expected a value of everything.Heat, by name or number, got "HEAT_NONE"/],
    ['a_string: "a\nb"', /expected a string in quotes/],
    ['a_string: "\\xff"', /expected a string of UTF-8/],
    ['a_string: "\\q"', /expected an escape that there is, got "\\\\q"/],
    ['a_string: "\\ud83d\\ude00"', /expected an escape that there is/],
    ['a_string: "\\777"', /expected an escape that there is/],
    ["[everything.note]: 1", /the registry knows no extension "everything.note" of everything.Implicit/],
    ["[type.googleapis.com/a.B] {}", /is no google.protobuf.Any/],
    ["[]: 1", /expected the name of an extension or a type's URL, got ""/],
    ["}", /expected the name of a field of everything.Implicit, got "}"/],
  ] as const) {
    it(`is refused with its place: ${JSON.stringify(text)}`, () => {
      assert.throws(() => fromText(ImplicitCodec, text, { registry }), { name: "ValueError", message: problem });
    });
  }

  it("is refused where a message ends too early, lacks what it needs or has two of a oneof", () => {
    assert.throws(() => fromText(MapsCodec, 'texts { key: "a"'), /^ValueError: line 1, column 17: expected a field or "}", got the end$/);
    assert.throws(() => fromText(MapsCodec, 'texts { key: "a" key: "b" }'), /each once, got "key"/);
    assert.throws(() => fromText(NeedsCodec, ""), /everything.Needs lacks its required field/);
    assert.throws(() => fromText(ChosenCodec, 'data: "a" data: "b"'), /comes twice/);
    assert.throws(() => fromText(RepeatedCodec, "int32s: [1,]"), /expected a number/);
  });

  it("is bounded in depth, and read in a time that grows with it alone", () => {
    const deep = "any { [type.googleapis.com/everything.WellKnown] { ".repeat(200);
    assert.throws(() => fromText(WellKnownCodec, deep, { registry }), /nested more than maxDepth \(100\) deep/);
    const long = `${"int32s: 1 # a number\n".repeat(100_000)}strings: "${"x".repeat(5_000_000)}"`;
    const message = fromText(RepeatedCodec, long);
    assert.deepEqual([message.int32s.length, message.strings[0]?.length], [100_000, 5_000_000]);
    const { int32s } = fromText(RepeatedCodec, `${" ".repeat(20_000_000)}int32s: 1${"#\n".repeat(10_000_000)}`);
    assert.deepEqual(int32s, [1]);
  });

  it("is refused where a number or a name has no end, and the refusal is short", () => {
    for (const text of [`int32s: ${"9".repeat(10_000_000)}`, `int32s: -0x${"f".repeat(10_000_000)}`, `${"x".repeat(1_000_000)}: 1`])
      assert.throws(
        () => fromText(RepeatedCodec, text),
        ({ message }: Error) => /expected a whole number of int32, got -?(9|0xf)|has no field/.test(message) && message.length < 300,
      );
    assert.deepEqual(fromText(RepeatedCodec, `int32s: 0x${"0".repeat(30)}f`).int32s, [15]);
  });
});
