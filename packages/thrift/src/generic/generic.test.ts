import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MessageHead, type PayloadFormat } from "@kiteline/net";
import type { Method } from "@kiteline/core";
import { BINARY, decode, encode, written } from "../bytes.fixture.ts";
import { loadIdl } from "../idl/load-idl.ts";
import type { DocumentSet, Struct } from "../idl/model.ts";
import { thriftBinary, thriftCompact } from "../index.ts";
import { ValueError } from "../value-error.ts";
import { makeJsonCodec, makeMapCodec } from "./codecs.ts";
import { GenericException } from "./generic-exception.ts";
import { genericService, jsonCodec, mapCodec } from "./generic.ts";
import type { GenericOptions, JsonOptions, MapOptions } from "./options.ts";

const IDL = `
enum Color { RED = 1, GREEN = 2 }
struct Item { 1: string name, 2: i32 price, 3: optional Item next }
union Choice { 1: string text, 2: i64 number }
struct Request {
  1: required string id
  2: list<Item> items
  3: optional Color color
  4: map<i64, Item> byId
  5: i64 total
  6: binary bytes
  7: double real = 1.5
  8: optional Choice choice
  9: map<Item, string> odd
  10: optional set<i16> few
  11: optional list<i32> preset = [1, 2]
  12: optional i64 converted (api.js_conv = "")
  13: optional string tagged (go.tag = 'json:"other,omitempty" db:"x"')
  14: optional map<bool, double> flags
  15: bool sure
  16: optional Item left
  17: Item whole
  18: optional i64 big = 9007199254740993
}
struct Bare { 1: string constructor, 2: optional string __proto__, 3: optional string hasOwnProperty }
exception Missing { 1: string message, 2: i64 code }
exception Other { 1: i32 n }
service Base { void ping() }
service Shop extends Base {
  Item find(1: Request request) throws (1: Missing missing, 2: Other other)
  list<i64> Sum(1: list<i64> numbers, 2: i64 start = 3)
  oneway void note(1: string text)
}
service Empty {}
`;

const idl: DocumentSet = await loadIdl({ "shop.thrift": IDL });
const struct = (name: string): Struct => idl.roots[0]?.structs.find((each) => each.name === name) as Struct;

const minimal = { id: "r" };

/** What a value becomes on its way through bytes. */
function through(name: string, value: Record<string, unknown>, options: MapOptions = {}): Record<string, unknown> {
  const codec = makeMapCodec(struct(name), options);
  return decode(BINARY, codec, encode(BINARY, codec, value));
}

function throughJson(name: string, text: string, options: JsonOptions = {}): string {
  const codec = makeJsonCodec(struct(name), options);
  return decode(BINARY, codec, encode(BINARY, codec, text));
}

function refuses(work: () => unknown, message: string | RegExp): void {
  assert.throws(work, (error) => {
    assert.ok(error instanceof ValueError);
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });
}

describe("values without generated code", () => {
  it("are written with defaults where fields are absent or null, but for optional ones, and read with defaults", () => {
    const expected = {
      id: "r",
      items: [],
      byId: Object.create(null) as object,
      total: 0n,
      bytes: new Uint8Array(0),
      real: 1.5,
      odd: new Map(),
      sure: false,
      preset: [1, 2],
      big: 9_007_199_254_740_993n,
    };
    assert.deepStrictEqual(through("Request", minimal), expected);
    assert.deepStrictEqual(through("Request", { ...minimal, items: null, color: null, preset: undefined }), expected);
  });

  it("name the path of what is wrong with them", () => {
    const wrong = (value: Record<string, unknown>, message: string | RegExp): void =>
      refuses(() => through("Request", { ...minimal, ...value }), message);
    wrong(
      { items: [{}, {}, {}, { price: "x" }] },
      'items[3].price: expected an i32 (a whole number from -2147483648 to 2147483647), got "x"',
    );
    wrong({ items: [{ next: { next: { price: 1.5 } } }] }, /^items\[0\]\.next\.next\.price: expected an i32 .*, got 1\.5$/);
    wrong({ items: [null] }, "items[0]: expected Item (an object), got null");
    wrong({ items: {} }, "items: expected a list (an array), got an object");
    wrong({ id: 5 }, "id: expected a string, got 5");
    wrong({ id: undefined }, "id: required by Request, but absent");
    wrong({ sure: 1 }, "sure: expected a boolean, got 1");
    wrong({ color: "BLUE" }, 'color: expected a member of Color (RED, GREEN) or its number, got "BLUE"');
    wrong({ byId: { "12": { name: 1 } } }, 'byId["12"].name: expected a string, got 1');
    wrong({ byId: { x: {} } }, 'byId["x"](key): expected an i64 (decimal text of 64 bits), got "x"');
    wrong({ byId: [1] }, "byId: expected a map as an object, got an array of 1");
    wrong({ odd: {} }, "odd: expected a map as a Map, got an object");
    wrong({ odd: new Map([[{ price: "" }, "v"]]) }, /^odd\[…\]\(key\)\.price: expected an i32/);
    wrong(
      { total: 2 ** 53 },
      "total: expected an i64, got the number 9007199254740992, which may have been rounded: give it as text or as a bigint",
    );
    wrong({ bytes: "AAAA" }, 'bytes: expected binary (a Uint8Array), got "AAAA"');
    wrong({ choice: {} }, "choice: expected exactly one member of the union Choice (text, number), got none");
    wrong({ choice: { text: "a", number: 1 } }, /got text, number$/);
    wrong({ choice: { number: {} } }, /^choice\.number: expected an i64/);
    wrong({ few: [1, 40_000] }, /^few\[1\]: expected an i16/);
    wrong({ items: [{ name: "\ud800" }] }, /^items\[0\]\.name: expected a string of well-formed Unicode/);
    refuses(() => through("Request", [] as never), "expected Request (an object), got an array of 0");
  });

  it("are accepted in every form that loses nothing", () => {
    const value = through("Request", {
      ...minimal,
      color: "GREEN",
      total: "9223372036854775807",
      byId: new Map([[5, { name: "five" }]]),
      few: new Set([3]),
      flags: { true: 1, false: -0 },
      choice: { number: 7 },
    });
    assert.equal(value["color"], 2);
    assert.equal(value["total"], 2n ** 63n - 1n);
    assert.deepEqual(value["byId"], Object.assign(Object.create(null), { 5: { name: "five", price: 0 } }));
    assert.deepEqual(value["few"], [3]);
    assert.deepStrictEqual(value["flags"], Object.assign(Object.create(null), { true: 1, false: -0 }));
    assert.deepEqual(value["choice"], { number: 7n });
  });

  it("have 64-bit integers as asked", () => {
    const value = { ...minimal, total: 7, big: 1n };
    assert.equal(through("Request", value, { i64: "number" })["total"], 7);
    assert.equal(through("Request", value, { i64: "string" })["total"], "7");
    assert.throws(() => through("Request", { ...value, total: 2n ** 60n }, { i64: "number" }), /is no safe integer/);
  });

  it("may have fields that are called like parts of every object", () => {
    assert.deepStrictEqual(through("Bare", {}), { constructor: "" });
    const bare = JSON.parse('{"constructor":"c","__proto__":"p","hasOwnProperty":"h"}') as Record<string, unknown>;
    const back = through("Bare", bare);
    assert.deepStrictEqual(Object.entries(back), Object.entries(bare));
    assert.equal(Object.getPrototypeOf(back), Object.prototype);
  });

  it("may name no field that the struct has not, when asked", () => {
    refuses(() => through("Item", { nmae: "x" }, { strictNames: true }), "nmae: Item has no such field; it has name, price, next");
    assert.deepEqual(through("Item", { nmae: "x", price: 1 }), { name: "", price: 1 });
  });

  it("lack nothing that is required when they are read", async () => {
    const lacking = encode(BINARY, makeMapCodec(struct("Other"), {}), { n: 1 });
    assert.throws(() => decode(BINARY, makeMapCodec(struct("Request"), {}), lacking), /Request came without its required field 1 \(id\)/);
    const codec = await mapCodec(struct("Choice"));
    assert.throws(() => decode(BINARY, codec, Buffer.from([0])), /the union Choice came without any member/);
  });
});

describe("generic services", () => {
  it("have stubs by the names that generated code gives them", async () => {
    const idl = await loadIdl("a.thrift", {
      readFile: () => "service A { void then(), void constructor(), void Get(), void get() } service B extends A { void toString() }",
    });
    const { methods } = await genericService(idl, "B", { mode: "map" });
    assert.deepEqual(
      Object.entries(methods).map(([stub, { name }]) => [stub, name]),
      [
        ["then_", "then"],
        ["constructor_", "constructor"],
        ["get", "Get"],
        ["get_", "get"],
        ["toString_", "toString"],
      ],
    );
  });
});

describe("JSON of Thrift values", () => {
  it("keeps every digit of 64-bit integers, both ways, as numbers or as text", () => {
    const text = '{"id":"r","total":-9223372036854775808,"byId":{"9007199254740993":{"price":1}}}';
    const out = throughJson("Request", text);
    assert.match(out, /"total":-9223372036854775808[,}]/);
    assert.match(out, /"9007199254740993":\{/);
    assert.match(out, /"big":9007199254740993[,}]/);
    assert.match(throughJson("Request", text, { i64: "string" }), /"total":"-9223372036854775808"/);
    const again = throughJson("Request", out); // what was a default has come now, and stands in the order of the fields
    assert.equal(throughJson("Request", again), again);
    assert.match(again, /"total":-9223372036854775808[,}].*"big":9007199254740993[,}]/);
    refuses(() => throughJson("Request", '{"id":"r","total":9223372036854775808}'), /^total: expected an i64/);
    refuses(() => throughJson("Request", '{"id":"r","total":9007199254740993.0}'), /may have been rounded/);
    assert.match(throughJson("Request", '{"id":"r","converted":12}'), /"converted":"12"/);
  });

  it("has doubles that JSON cannot say as text, and the sign of zero", () => {
    for (const real of ["-0", '"NaN"', '"Infinity"', '"-Infinity"', "12345678901234567000", "1e-300"]) {
      assert.ok(throughJson("Request", `{"id":"r","real":${real}}`).includes(`"real":${real}`), real);
    }
  });

  it("has binary in base64, or as text when asked", () => {
    assert.match(throughJson("Request", '{"id":"r","bytes":"AAH/"}'), /"bytes":"AAH\/"/);
    assert.match(throughJson("Request", '{"id":"r","bytes":"_-8"}'), /"bytes":"\/\+8="/);
    for (const text of ["A", "=", "A=", "A===", "AA=", "AAA==", "AAAA=", "AAAA==", "AA=A", "A!AA"])
      refuses(() => throughJson("Request", `{"id":"r","bytes":"${text}"}`), `bytes: expected binary in base64, got "${text}"`);
    for (const text of ["AA", "AA==", "AAA", "AAA=", "AAAA", "A".repeat(12_000_000)])
      assert.ok(throughJson("Request", `{"id":"r","bytes":"${text}"}`).includes(text), `${text.length} letters`);
    assert.match(throughJson("Request", '{"id":"r","bytes":"é"}', { base64: false }), /"bytes":"é"/);
  });

  it("has maps as objects, or as pairs where keys are no text", () => {
    const text = throughJson("Request", '{"id":"r","odd":[[{"name":"k"},"v"]],"flags":{"true":1.5}}');
    assert.match(text, /"odd":\[\[\{"name":"k","price":0\},"v"\]\]/);
    assert.match(text, /"flags":\{"true":1.5\}/);
    refuses(() => throughJson("Request", '{"id":"r","odd":[[1]]}'), /^odd\[0\]: expected a pair of key and value, got an array of 1/);
    refuses(() => throughJson("Request", '{"id":"r","flags":{"yes":1}}'), /^flags\["yes"\]\(key\): expected a boolean, got "yes"/);
  });

  it("calls fields as their Go tag does, unless told not to", () => {
    assert.match(throughJson("Request", '{"id":"r","other":"t"}'), /"other":"t"/);
    assert.match(throughJson("Request", '{"id":"r","tagged":"t"}', { goTags: false }), /"tagged":"t"/);
  });

  it("says where a text is no JSON", async () => {
    const codec = await jsonCodec(struct("Item"));
    refuses(() => encode(BINARY, codec, "{name:1}"), /^expected JSON: .*position 1/);
    refuses(() => encode(BINARY, codec, 5 as unknown as string), "expected JSON as a string, got number");
    const deep = `${'{"next":'.repeat(100_000)}1234567890123456${"}".repeat(100_000)}`;
    assert.throws(() => encode(BINARY, codec, deep));
  });
});

for (const format of [thriftBinary(), thriftCompact()]) {
  describe(`a service without generated code, over ${format.name}`, () => {
    it("takes and gives JSON: one argument as it is, several by name", async () => {
      const { find, sum, ping, note } = await methodsOf({ mode: "json" });
      assert.deepEqual([find?.arity, sum?.arity, ping?.arity, note?.kind], [1, 1, 1, "oneway"]);
      assert.equal(carry(format, note, '"hi"'), '"hi"');
      assert.equal(carry(format, sum, '{"numbers":[1,9007199254740993]}'), '{"numbers":[1,9007199254740993],"start":3}');
      assert.equal(carry(format, ping, "{}"), "{}");
      assert.equal(answer(format, find, '{"name":"n","price":3}').value, '{"name":"n","price":3}');
      assert.equal(answer(format, sum, "[1,2]").value, "[1,2]");
      assert.equal(answer(format, ping, undefined).value, undefined);
      refuses(
        () => carry(format, find, '{"id":"r","items":[{"price":"x"}]}'),
        /^the request of Shop\.find: request\.items\[0\]\.price: expected an i32 .*, got "x"$/,
      );
      refuses(() => answer(format, find, '{"price":"x"}'), /^the result of Shop\.find: result\.price: expected an i32/);
    });

    it("takes JSON by name also of one argument, when asked", async () => {
      const { note } = await methodsOf({ mode: "json", byName: true });
      assert.equal(carry(format, note, '{"text":"hi"}'), '{"text":"hi"}');
      refuses(() => carry(format, note, "{}"), /text: required by note_args, but absent/);
    });

    it("takes and gives JavaScript values", async () => {
      const { find, sum, ping, note } = await methodsOf({ mode: "map" });
      assert.deepEqual([find?.arity, sum?.arity, ping?.arity], [1, 2, 0]);
      assert.equal(carry(format, note, "hi"), "hi");
      assert.deepEqual(carry(format, sum, [[1n, 2], 4]), [[1n, 2n], 4n]);
      assert.deepEqual(carry(format, sum, [[]]), [[], 3n]);
      assert.deepEqual(carry(format, ping, []), []);
      assert.deepEqual(answer(format, find, { name: "n", price: 1 }).value, { name: "n", price: 1 });
    });

    it("passes bytes through, in the binary protocol on both sides", async () => {
      const { find, note } = await methodsOf({ mode: "binary" });
      const args = Buffer.from("0b000100000002686900", "hex");
      assert.deepEqual(carry(format, note, args), new Uint8Array(args));
      const item = encode(BINARY, makeMapCodec(struct("Item"), {}), { name: "n", price: 1 });
      assert.deepEqual(answer(format, find, item).value, new Uint8Array(item));
      refuses(
        () => carry(format, note, args.subarray(0, 5)),
        /expected the bytes of a value in the binary protocol, but the message ends too early/,
      );
      refuses(() => carry(format, note, Buffer.concat([args, args])), /10 bytes follow it/);
      refuses(() => carry(format, note, "x"), /expected the bytes of a value \(a Uint8Array\), got "x"/);
    });

    it("carries declared exceptions, told apart by name", async () => {
      for (const [mode, value] of [
        ["json", '{"message":"gone","code":9007199254740993}'],
        ["map", { message: "gone", code: 5n }],
        ["binary", new Uint8Array(encode(BINARY, makeMapCodec(struct("Missing"), {}), { message: "gone" }))],
      ] as const) {
        const { find } = await methodsOf({ mode });
        const { value: error, thrown } = answer(format, find, new GenericException("Missing", value));
        assert.ok(thrown && error instanceof GenericException);
        assert.equal(error.exception, "Missing");
        assert.deepEqual(error.value, value);
      }
      assert.match(new GenericException("Missing", { message: "gone" }).message, /^Missing: gone$/);
    });
  });
}

describe("a service of an IDL", () => {
  it("has the methods of those it extends, and a clear error when there is none of its name", async () => {
    const { methods } = await genericService(idl, "Shop", { mode: "map" });
    assert.deepEqual(Object.keys(methods), ["ping", "find", "sum", "note"]);
    assert.deepEqual([methods["sum"]?.name, methods["ping"]?.fullName], ["Sum", "Shop.ping"]);
    assert.deepEqual((await genericService(idl, "Empty", { mode: "json" })).methods, {});
    await assert.rejects(genericService(idl, "Shpo", { mode: "json" }), /the IDL has no service Shpo; it has Base, Shop, Empty/);
    await assert.rejects(genericService(idl, "Shop", { mode: "xml" } as never), /mode must be json, map or binary, got xml/);
  });
});

async function methodsOf(options: GenericOptions): Promise<Readonly<Record<string, Method>>> {
  return (await genericService(idl, "Shop", options)).methods;
}

/** What a request is on the other side. */
function carry(format: PayloadFormat, method: Method | undefined, request: unknown): unknown {
  assert.ok(method !== undefined);
  const bytes = written((out) => format.writeRequest(out, method, 1, request));
  const head = new MessageHead();
  format.readHead(bytes, 0, bytes.byteLength, head);
  return format.readRequest(head, method);
}

/** What a result, or an error, is on the other side. */
function answer(format: PayloadFormat, method: Method | undefined, result: unknown): { value: unknown; thrown: boolean } {
  assert.ok(method !== undefined);
  const bytes = written((out) =>
    result instanceof Error ? format.writeError(out, method, method.name, 1, result) : format.writeReply(out, method, 1, result),
  );
  const head = new MessageHead();
  format.readHead(bytes, 0, bytes.byteLength, head);
  const value = format.readReply(head, method);
  return { value, thrown: head.thrown };
}
