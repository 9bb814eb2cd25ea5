import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ValueError } from "@kiteline/net";
import { packAny } from "../any.ts";
import type { MessageCodec } from "../codec.ts";
import { encode } from "../encode.ts";
import {
  ChosenCodec,
  ExplicitCodec,
  file,
  ImplicitCodec,
  MapsCodec,
  NeedsCodec,
  OpenCodec,
  RepeatedCodec,
  WellKnownCodec,
} from "../everything.fixture.ts";
import { createRegistry } from "../registry.ts";
import { fromJson, fromJsonText, toJson, toJsonText } from "./json.ts";
import type { JsonReadOptions, JsonValue } from "./options.ts";

const registry = createRegistry(file);

/** What reading some JSON gives, written again. */
function again(codec: MessageCodec, json: JsonValue, options: JsonReadOptions = {}): JsonValue {
  return toJson(codec, fromJson(codec as MessageCodec<unknown, never>, json, options), { registry });
}

function refused(codec: MessageCodec<unknown, never>, json: JsonValue, message: RegExp, options: JsonReadOptions = {}): void {
  assert.throws(
    () => fromJson(codec, json, options),
    (error) => {
      assert.ok(error instanceof ValueError);
      assert.match(error.message, message);
      return true;
    },
  );
}

describe("JSON of scalars", () => {
  it("is what the specification says, defaults left out unless asked for", () => {
    const value = {
      aDouble: 1.5,
      anInt64: 5n,
      aUint64: 2n ** 64n - 1n,
      someBytes: Uint8Array.of(251, 255),
      heat: 1,
      asNumber: 7,
      aFloat: NaN,
    };
    assert.deepEqual(toJson(ImplicitCodec, value), {
      aDouble: 1.5,
      aFloat: "NaN",
      anInt64: "5",
      aUint64: "18446744073709551615",
      someBytes: "+/8=",
      heat: "HEAT_COLD",
      asNumber: "7",
    });
    assert.deepEqual(toJson(ImplicitCodec, { heat: 1, aDouble: -Infinity }, { enumsAsNumbers: true, protoNames: true }), {
      a_double: "-Infinity",
      heat: 1,
    });
    assert.deepEqual(toJson(RepeatedCodec, {}), {});
    assert.deepEqual((toJson(MapsCodec, {}, { emitDefaults: true }) as { texts: unknown }).texts, {});
    assert.deepEqual((toJson(RepeatedCodec, {}, { emitDefaults: true }) as { bools: unknown }).bools, []);
    assert.deepEqual(toJson(ExplicitCodec, {}, { emitDefaults: true }), {});
  });

  it("is read in every form that the specification allows", () => {
    assert.deepEqual(
      again(ImplicitCodec, {
        an_int32: "1e2",
        aUint32: 5.0,
        anInt64: 12,
        aFloat: "-Infinity",
        aDouble: "1.5e1",
        heat: 1,
        someBytes: "-_8",
      }),
      {
        aDouble: 15,
        aFloat: "-Infinity",
        anInt32: 100,
        anInt64: "12",
        aUint32: 5,
        someBytes: "+/8=",
        heat: "HEAT_COLD",
      },
    );
    assert.deepEqual(again(ImplicitCodec, { aString: null, anInt32: null }), {});
    assert.equal(fromJsonText(ImplicitCodec, '{"anInt64": 9223372036854775807}').anInt64, 2n ** 63n - 1n);
    assert.ok(Object.is(fromJsonText(ImplicitCodec, toJsonText(ImplicitCodec, { aDouble: -0 })).aDouble, -0));
    assert.deepEqual(again(ImplicitCodec, { heat: 99 }), { heat: 99 });
  });

  it("that is wrong is refused with the path", () => {
    refused(ImplicitCodec, { anInt32: 1.5 }, /^anInt32: expected an int32/);
    refused(ImplicitCodec, { anInt32: 2147483648 }, /^anInt32: expected an int32/);
    refused(ImplicitCodec, { anInt32: " 1" }, /^anInt32: expected an int32/);
    refused(ImplicitCodec, { aUint64: "-1" }, /^aUint64: expected a uint64/);
    refused(ImplicitCodec, { aFloat: 1e39 }, /^aFloat: expected a float/);
    refused(ImplicitCodec, { aBool: "true" }, /^aBool: expected a boolean/);
    refused(ImplicitCodec, { someBytes: "*" }, /^someBytes: expected bytes in base64/);
    refused(ImplicitCodec, { aString: 1 }, /^aString: expected a string/);
    refused(ImplicitCodec, { aString: "\ud800" }, /well-formed/);
    refused(ImplicitCodec, [], /expected everything\.Implicit \(an object\), got an array/);
    refused(
      ExplicitCodec,
      { message: { heat: "HOT" } },
      /^message\.heat: expected a value of everything\.Heat, by name or number, got "HOT"/,
    );
    refused(ExplicitCodec, { answer: 9 }, /^answer: expected a value of everything\.Answer/);
    refused(RepeatedCodec, { int32s: [1, "x"] }, /^int32s\[1\]: expected an int32/);
    refused(RepeatedCodec, { strings: [null] }, /^strings\[0\]: expected a string, got null/);
    refused(RepeatedCodec, { strings: "a" }, /^strings: expected an array/);
    refused(MapsCodec, { byInt32: { "1": 1, "1.5": 2 } }, /^byInt32\["1\.5"\]: expected an int32/);
    refused(MapsCodec, { byBool: { yes: {} } }, /expected "true" or "false"/);
    refused(MapsCodec, { byInt32: { "1": 1, "1e0": 2 } }, /the key comes twice/);
    refused(NeedsCodec, {}, /everything\.Needs lacks its required field name/);
    refused(ChosenCodec, { number: 1, text: "a" }, /the oneof choice of everything\.Chosen comes twice/);
    refused(ImplicitCodec, { anInt32: 1, an_int32: 2 }, /the field an_int32 of everything\.Implicit comes twice/);
    assert.throws(() => fromJsonText(ImplicitCodec, '{"anInt32": 1, "anInt32": 2}'), /each name once/);
    assert.throws(() => fromJsonText(ImplicitCodec, "{"), ValueError);
    for (const name of ["anInt32", "anInt64", "aUint64"])
      assert.throws(
        () => fromJsonText(ImplicitCodec, `{"${name}":${"9".repeat(15_000_000)}}`),
        ({ message }: Error) => message.startsWith(`${name}: expected`) && message.length < 300,
      );
    assert.throws(() => fromJsonText(ImplicitCodec, `{"anInt64":${"9".repeat(30)}}`), /got 9{30}n?$/);
    // Quotes, colons and the like in strings are text, however long that is.
    for (const aString of ['\\" : "a" : {', '"a":', "\\", "x".repeat(20_000_000), '\\"'.repeat(5_000_000)]) {
      assert.equal(fromJsonText(ImplicitCodec, `{"aString" \n\t: ${JSON.stringify(aString)} , "anInt32":1}`).aString, aString);
      assert.throws(() => fromJsonText(ImplicitCodec, `{"aString":${JSON.stringify(aString)},"aString"  :""}`), /each name once/);
    }
    assert.throws(() => toJson(ExplicitCodec, { message: { anInt32: 0.5 } }), /^ValueError: message\.anInt32: expected an int32/);
    assert.throws(
      () => toJson(RepeatedCodec, { messages: [{}, { aString: 1 as never }] }),
      /^ValueError: messages\[1\]\.aString: expected a string/,
    );
  });

  it("with fields that the schema does not have is refused, unless they are to be ignored", () => {
    refused(OpenCodec, { inner: { kinds: 1 } }, /^inner: everything\.Open\.Inner has no field "kinds"; did you mean kind\?/);
    assert.deepEqual(again(OpenCodec, { inner: { kinds: 1, kind: "KIND_NEW" }, "@named": "x" }, { ignoreUnknown: true }), {
      inner: {},
      "@named": "x",
    });
    assert.deepEqual(again(RepeatedCodec, { heats: ["HEAT_WARM", "HOT", 1] }, { ignoreUnknown: true }), {
      heats: ["HEAT_WARM", "HEAT_COLD"],
    });
    assert.deepEqual(again(MapsCodec, { byFixed32: { "1": "HOT", "2": "HEAT_COLD" } }, { ignoreUnknown: true }), {
      byFixed32: { "2": "HEAT_COLD" },
    });
  });

  it("takes keys of maps for nothing but keys", () => {
    const json = JSON.parse('{"texts": {"__proto__": "a", "constructor": "b"}}') as JsonValue;
    assert.deepEqual(again(MapsCodec, json), json);
  });

  it("is bounded in depth", () => {
    let json: JsonValue = {};
    for (let i = 0; i < 100; i++) json = { self: json };
    refused(ChosenCodec, json, /nested more than maxDepth \(100\) deep/);
    assert.doesNotThrow(() => fromJson(ChosenCodec, json, { maxDepth: 200 }));
    const self: { choice?: unknown } = {};
    self.choice = { case: "self", value: self };
    assert.throws(() => toJson(ChosenCodec, self as never), /does the value contain itself/);
  });
});

describe("JSON of well-known types", () => {
  it("has their own forms", () => {
    const json: JsonValue = {
      time: "2006-01-02T15:04:05.000000006Z",
      duration: "-1.500s",
      mask: "a.bC,d",
      struct: { a: [1, "x", true, null, { b: {} }] },
      value: null,
      list: [],
      empty: {},
      count: "5",
      text: "",
      data: "AA==",
      flag: false,
      real: "NaN",
      values: [null, 1],
    };
    assert.deepEqual(again(WellKnownCodec, json), json);
    assert.deepEqual(again(ChosenCodec, { nothing: null }), { nothing: null });
  });

  it("is read in other forms, and refused where it is none", () => {
    assert.deepEqual(again(WellKnownCodec, { time: "2006-01-02T15:04:05+01:30" }), { time: "2006-01-02T13:34:05Z" });
    assert.deepEqual(again(WellKnownCodec, { duration: "3.000001s", count: 5, mask: "" }), { duration: "3.000001s", count: "5", mask: "" });
    for (const time of [
      "2006-02-30T00:00:00Z",
      "2006-01-02 15:04:05Z",
      "2006-01-02t15:04:05z",
      "0000-01-01T00:00:00Z",
      "0001-01-01T00:00:00+01:00",
      5,
    ])
      refused(WellKnownCodec, { time }, /^time: expected a time/);
    for (const duration of ["1", "1.s", ".5s", "1.0000000001s", "400000000000s"])
      refused(WellKnownCodec, { duration }, /^duration: expected/);
    for (const mask of ["a_b", "a,,b", "a b"]) refused(WellKnownCodec, { mask }, /^mask: expected a path/);
  });

  it("does not write what has no such form", () => {
    assert.throws(
      () => toJson(WellKnownCodec, { time: { seconds: 2n ** 60n } }),
      /^ValueError: time: expected a time in the years 1 to 9999/,
    );
    assert.throws(() => toJson(WellKnownCodec, { duration: { seconds: 1n, nanos: -1 } }), /of one sign/);
    assert.throws(() => toJson(WellKnownCodec, { mask: { paths: ["aB"] } }), /^ValueError: mask: the path "aB" has no form in JSON/);
    assert.throws(() => toJson(WellKnownCodec, { value: { kind: { case: "numberValue", value: NaN } } }), /a number that JSON can hold/);
    assert.throws(() => toJson(WellKnownCodec, { value: {} }), /expected a google\.protobuf\.Value that is set/);
  });

  it("does not write what is of another kind as nothing", () => {
    for (const [codec, value, message] of [
      [
        WellKnownCodec,
        { time: new Date(0) },
        /^ValueError: time: expected a google\.protobuf\.Timestamp \(an object\), got an object of class Date: timestampFromDate/,
      ],
      [ExplicitCodec, { message: "text" }, /^ValueError: message: expected a everything\.Implicit \(an object\), got "text"$/],
      [RepeatedCodec, { messages: [{}, []] }, /^ValueError: messages\[1\]: expected a everything\.Explicit .*, got an array of 0$/],
      [RepeatedCodec, { strings: "ab" }, /^ValueError: strings: expected an array, got "ab"$/],
      [MapsCodec, { texts: { a: "x" } }, /^ValueError: texts: expected a Map, got an object$/],
      [
        ChosenCodec,
        { choice: { text: "x" } },
        /^ValueError: choice: expected \{ case, value \} of the oneof everything\.Chosen\.choice, got an object$/,
      ],
    ] as [MessageCodec<unknown, never>, object, RegExp][]) {
      assert.throws(() => toJson(codec, value as never), message);
    }
  });

  it("of Any is its message, found in the registry that is passed in", () => {
    const any = packAny(ChosenCodec, { choice: { case: "number", value: 5 } });
    const json = { any: { "@type": "type.googleapis.com/everything.Chosen", number: 5 } };
    assert.deepEqual(toJson(WellKnownCodec, { any }, { registry }), json);
    assert.deepEqual(encode(WellKnownCodec, fromJson(WellKnownCodec, json, { registry })), encode(WellKnownCodec, { any }));
    const special = { any: { "@type": "type.googleapis.com/google.protobuf.Duration", value: "1s" } };
    assert.deepEqual(again(WellKnownCodec, special, { registry }), special);
    assert.deepEqual(again(WellKnownCodec, { any: {} }), { any: {} });
    assert.throws(
      () => toJson(WellKnownCodec, { any }),
      /any: the registry knows no message everything\.Chosen, which an Any holds; pass one in the option registry/,
    );
    const unread = { any: { typeUrl: "type.googleapis.com/other.Thing", value: new Uint8Array([1, 255]) } };
    assert.deepEqual(toJson(WellKnownCodec, unread, { registry, rawAny: true }), {
      any: { "@type": "type.googleapis.com/other.Thing", value: "Af8=" },
    });
    refused(WellKnownCodec, { any: { "@type": "everything.Chosen" } }, /a type's URL/, { registry });
    refused(WellKnownCodec, { any: { number: 1 } }, /with its type in @type/, { registry });
    refused(WellKnownCodec, { any: { "@type": "x/y.Z" } }, /knows no message "y\.Z"/, { registry });
  });

  it("of extensions has them in brackets", () => {
    const json = { inner: {}, "[everything.note]": "n", "[everything.marks]": [1, 2], "[everything.more]": { anInt32: 3 } };
    assert.deepEqual(again(OpenCodec, json, { registry }), json);
    refused(OpenCodec, json, /has no field "\[everything\.note\]"/);
  });
});
