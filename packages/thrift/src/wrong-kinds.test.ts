import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Method } from "@kiteline/core";
import { written } from "./bytes.fixture.ts";
import { genericService, loadIdl, thriftBinary, thriftCompact, ValueError } from "./index.ts";
import { Orders, Refused } from "./orders.fixture.ts";

/** What is no struct, with what is said of it. All properties of most of them are absent, for which there are defaults. */
const NO_STRUCTS: readonly (readonly [value: unknown, got: string])[] = [
  ["text", '"text"'],
  [5, "5"],
  [true, "true"],
  [7n, "7n"],
  [() => ({}), "a function"],
  [["a"], "an array of 1"],
  [new Map([["price", 5]]), "an object of class Map"],
  [new Set(), "an object of class Set"],
  [new Date(0), "an object of class Date"],
  [/a/, "an object of class RegExp"],
  [Uint8Array.of(1), "an object of class Uint8Array"],
  [Promise.resolve({}), "an object of class Promise: await it"],
  [new Error("late"), "an object of class Error: throw it"],
  [new ArrayBuffer(1), "an object of class ArrayBuffer"],
  [later(), "an object of class AsyncGenerator"],
];

/** What a handler gives whose `async *` is one star too many. */
async function* later(): AsyncGenerator {}

interface WrongOrder {
  readonly where: string;
  readonly order: object;
  readonly said: string;
  /** What is said of it without generated code. Defaults to the same. `accepted`: it takes arrays for sets, objects for maps. */
  readonly generic?: string;
}

const ORDER_FIELDS = "title, lines, tags, sales, image, buyer, copies, next, words, refused";

const ORDERS: readonly WrongOrder[] = [
  ...NO_STRUCTS.flatMap(([value, got]): WrongOrder[] => [
    { where: "lines[1]", order: { lines: [{ price: 1 }, value] }, said: `expected Line (an object), got ${got}` },
    { where: "buyer", order: { buyer: value }, said: `expected Buyer (an object), got ${got}` },
    { where: "next", order: { next: value }, said: `expected Order (an object), got ${got}` },
  ]),
  { where: "lines[0]", order: { lines: [null] }, said: "expected Line (an object), got null" },
  { where: "buyer", order: { buyer: null }, said: "expected Buyer (an object), got null", generic: "accepted" },
  { where: "next.lines[0]", order: { next: { lines: ["a"] } }, said: 'expected Line (an object), got "a"' },
  { where: "words", order: { words: "ab" }, said: 'expected a list (an array), got "ab"' },
  { where: "words", order: { words: "" }, said: 'expected a list (an array), got ""' },
  { where: "lines", order: { lines: "ab" }, said: 'expected a list (an array), got "ab"' },
  { where: "lines", order: { lines: new Map() }, said: "expected a list (an array), got an object of class Map" },
  { where: "lines", order: { lines: new Set() }, said: "expected a list (an array), got an object of class Set", generic: "accepted" },
  { where: "lines", order: { lines: {} }, said: "expected a list (an array), got an object" },
  { where: "lines", order: { lines: { length: 1 } }, said: "expected a list (an array), got an object" },
  { where: "words", order: { words: new String("ab") }, said: "expected a list (an array), got an object of class String" },
  { where: "words", order: { words: Buffer.from("ab") }, said: "expected a list (an array), got an object of class Buffer" },
  { where: "tags", order: { tags: ["a"] }, said: "expected a Set, got an array of 1", generic: "accepted" },
  { where: "tags", order: { tags: "ab" }, said: 'expected a Set, got "ab"', generic: 'expected a set (an array), got "ab"' },
  {
    where: "tags",
    order: { tags: new Map() },
    said: "expected a Set, got an object of class Map",
    generic: "expected a set (an array), got an object of class Map",
  },
  {
    where: "tags",
    order: { tags: {} },
    said: "expected a Set, got an object",
    generic: "expected a set (an array), got an object",
  },
  {
    where: "sales",
    order: { sales: [["a", []]] },
    said: "expected a Map, got an array of 1",
    generic: "expected a map as an object, got an array of 1",
  },
  {
    where: "sales",
    order: { sales: new Set(["ab"]) },
    said: "expected a Map, got an object of class Set",
    generic: "expected a map as an object, got an object of class Set",
  },
  { where: "sales", order: { sales: { a: [1] } }, said: "expected a Map, got an object", generic: "accepted" },
  { where: "sales", order: { sales: "a" }, said: 'expected a Map, got "a"', generic: 'expected a map as an object, got "a"' },
  { where: 'sales["a"]', order: { sales: new Map([["a", "12"]]) }, said: 'expected a list (an array), got "12"' },
  { where: "image", order: { image: "ab" }, said: 'expected binary (a Uint8Array), got "ab"' },
  { where: "image", order: { image: [1] }, said: "expected binary (a Uint8Array), got an array of 1" },
  { where: "title", order: { title: ["a"] }, said: "expected a string, got an array of 1" },
  // A name is misspelt, or it is another struct.
  {
    where: "lines[0]",
    order: { lines: [{ prize: 1 }] },
    said: "expected Line (an object with any of price, until), got an object with prize",
  },
  {
    where: "next.next",
    order: { next: { copies: 1, next: { naem: "a", copeis: 2 } } },
    said: `expected Order (an object with any of ${ORDER_FIELDS}), got an object with naem, copeis`,
  },
  // An exception that is thrown is of its class; in a field it need not be.
  ...NO_STRUCTS.map(
    ([value, got]): WrongOrder => ({ where: "refused", order: { refused: value }, said: `expected Refused (an object), got ${got}` }),
  ),
];

const generic = (await genericService(await loadIdl(`${import.meta.dirname}/orders.fixture.thrift`), "Orders", { mode: "map" })).methods;
const generated: Readonly<Record<string, Method>> = Orders.methods;

for (const format of [thriftBinary(), thriftCompact()]) {
  const request = (method: Method | undefined, value: unknown) => (): void => {
    written((out) => format.writeRequest(out, method!, 1, value));
  };
  const reply = (method: Method | undefined, value: unknown) => (): void => {
    written((out) => format.writeReply(out, method!, 1, value));
  };

  describe(`a value of the wrong kind, over ${format.name}`, () => {
    for (const { where, order, said, generic: saidGeneric = said } of ORDERS) {
      it(`${where}: ${said}`, () => {
        refuses(request(generated["find"], [order, 1]), `the request of Orders.find: like.${where}: ${said}`);
        refuses(reply(generated["find"], order), `the result of Orders.find: ${where}: ${said}`);
        if (saidGeneric === "accepted") return;
        refuses(request(generic["find"], [order, 1]), `the request of Orders.find: like.${where}: ${saidGeneric}`);
        refuses(reply(generic["find"], order), `the result of Orders.find: result.${where}: ${saidGeneric}`);
      });
    }

    it("is told of where it is all that there is", () => {
      for (const [value, got] of NO_STRUCTS) {
        const [order, place] = [`expected Order (an object), got ${got}`, `expected Place (an object), got ${got}`];
        refuses(request(generated["find"], [value, 1]), `the request of Orders.find: like: ${order}`);
        refuses(reply(generated["find"], value), `the result of Orders.find: ${order}`);
        refuses(request(generic["find"], [value, 1]), `the request of Orders.find: like: ${order}`);
        refuses(reply(generic["find"], value), `the result of Orders.find: result: ${order}`);
        refuses(request(generated["move"], value), `the request of Orders.move: place: ${place}`);
        refuses(reply(generated["move"], value), `the result of Orders.move: ${place}`);
        refuses(reply(generic["move"], value), `the result of Orders.move: result: ${place}`);
      }
      refuses(request(generated["names"], "ab"), 'the request of Orders.names: names: expected a list (an array), got "ab"');
      refuses(reply(generated["names"], "ab"), 'the result of Orders.names: expected a list (an array), got "ab"');
    });

    it("is told of in unions and exceptions", () => {
      const list = 'expected a list (an array), got "ab"';
      refuses(reply(generated["move"], { case: "rooms", value: "ab" }), `the result of Orders.move: value: ${list}`);
      refuses(
        reply(generated["move"], { case: "line", value: "ab" }),
        'the result of Orders.move: value: expected Line (an object), got "ab"',
      );
      const error = new Refused({ reasons: "ab" as never });
      refuses(
        () => void written((out) => format.writeError(out, generated["move"], "move", 1, error)),
        `the exception Refused of Orders.move: reasons: ${list}`,
      );
    });

    it("is no object that has more than its struct, nor one that has nothing", () => {
      for (const order of [{ titel: "a", copies: 1 }, { titel: undefined }, { titel: null }, { title: undefined, other: 1 }, {}]) {
        reply(generated["find"], order)();
        reply(generic["find"], order)();
      }
      reply(generated["find"], { buyer: { name: "anybody" } })();
      reply(generic["find"], { buyer: { name: "anybody" } })();
      reply(generated["find"], { refused: { reasons: ["late"] } })();
      refuses(
        reply(generated["find"], { titel: "a" }),
        `the result of Orders.find: expected Order (an object with any of ${ORDER_FIELDS}), got an object with titel`,
      );
    });

    it("is no object of a class, nor a map or set of one's own", () => {
      class Lines extends Array<object> {}
      class Tags extends Set<string> {}
      class Mine {
        readonly lines = Lines.of(new (class Line {})(), Object.create(null) as object);
        readonly tags = new Tags(["a"]);
        readonly sales = { size: 1, get: () => [1], [Symbol.iterator]: () => [["a", [1]]].values() };
      }
      reply(generated["find"], new Mine())();
      const { lines, tags } = new Mine();
      reply(generic["find"], { lines, tags })();
    });
  });
}

function refuses(write: () => void, message: string): void {
  assert.throws(write, (error) => {
    assert.ok(error instanceof ValueError);
    assert.equal(error.message, message);
    return true;
  });
}
