import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Failure } from "../failure.ts";
import { readReplies, type MockedMethod } from "./replies.ts";

const METHODS = new Map<string, MockedMethod>([
  ["Echo.echo", { kind: "unary", throws: [], returnsNothing: false }],
  ["Echo.find", { kind: "unary", throws: ["notFound"], returnsNothing: false }],
  ["Echo.ping", { kind: "unary", throws: [], returnsNothing: true }],
  ["acme.v1.Shop.Buy", { kind: "unary", throws: [], returnsNothing: false }],
]);
const read = (content: unknown) => readReplies(content, "r.json", METHODS);

describe("readReplies", () => {
  it("reads every kind of answer, single ones and lists", () => {
    const replies = read({
      "Echo.echo": { reply: { msg: "hi" }, delayMs: 5 },
      "Echo.find": [
        { exception: { notFound: { what: "it" } } },
        { business: { status: -7, message: "no", extra: { a: "b" } } },
        { error: { code: "unavailable" } },
        { delayMs: 10 },
      ],
    });
    assert.deepEqual(replies.get("Echo.echo"), [{ delayMs: 5, outcome: { kind: "reply", reply: { msg: "hi" } } }]);
    assert.deepEqual(replies.get("Echo.find"), [
      { delayMs: 0, outcome: { kind: "exception", name: "notFound", value: { what: "it" } } },
      { delayMs: 0, outcome: { kind: "business", status: -7, message: "no", extra: { a: "b" } } },
      { delayMs: 0, outcome: { kind: "error", code: "unavailable", message: "mocked failure" } },
      { delayMs: 10, outcome: { kind: "example" } },
    ]);
  });

  it("takes methods without their package and with a slash, as call does", () => {
    for (const name of ["acme.v1.Shop.Buy", "Shop.Buy", "acme.v1.Shop/Buy"])
      assert.deepEqual([...read({ [name]: {} }).keys()], ["acme.v1.Shop.Buy"]);
  });

  const refusals: [what: string, content: unknown, message: RegExp, hint?: RegExp][] = [
    ["an unknown method", { "Echo.ecko": {} }, /^r\.json: there is no method "Echo\.ecko" to mock$/, /did you mean Echo\.echo\?/],
    ["a bare reply", { "Echo.echo": { msg: "hi" } }, /"Echo\.echo": there is no "msg" in an answer/, /the reply itself goes under "reply"/],
    ["two outcomes", { "Echo.echo": { reply: 1, error: { code: "internal" } } }, /expected one of .*, got reply and error$/],
    ["a wrong code", { "Echo.echo": { error: { code: "unavailabel" } } }, /error: code expects one of/, /did you mean unavailable\?/],
    ["a status that is none", { "Echo.echo": { business: { status: 0 } } }, /status expects an int32 other than 0, got 0$/],
    ["a status beyond int32", { "Echo.echo": { business: { status: 2147483648 } } }, /status expects an int32/],
    ["extra that is not text", { "Echo.echo": { business: { status: 1, extra: { a: 1 } } } }, /business\.extra: expected strings only$/],
    ["a negative delay", { "Echo.echo": { delayMs: -1 } }, /delayMs expects milliseconds/],
    [
      "an exception that is not declared",
      { "Echo.find": { exception: { notfound: {} } } },
      /does not throw "notfound"; it throws notFound$/,
      /did you mean notFound\?/,
    ],
    ["a reply of a method without one", { "Echo.ping": { reply: {} } }, /"Echo\.ping"\.reply: the method returns nothing$/],
    ["two exceptions", { "Echo.echo": { exception: { a: {}, b: {} } } }, /got 2$/],
    ["a method by two names", { "Shop.Buy": {}, "acme.v1.Shop.Buy": {} }, /answers of acme\.v1\.Shop\.Buy twice$/],
    ["an empty list", { "Echo.echo": [] }, /"Echo\.echo" has an empty list/],
    ["a place in a list", { "Echo.echo": [{}, 5] }, /"Echo\.echo"\[1\]: expected an answer: .*, got 5$/],
    ["a list for a file", [], /^r\.json: expected an object of answers by method, got an array$/],
  ];
  for (const [what, content, message, hint] of refusals) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => read(content),
        (error) => {
          assert(error instanceof Failure);
          assert.equal(error.exit, 3);
          assert.match(error.message, message);
          if (hint !== undefined) assert.match(error.hints.join("\n"), hint);
          return true;
        },
      );
    });
  }
});
