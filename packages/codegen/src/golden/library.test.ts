import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StructCodec, ThriftMessages } from "@kiteline/thrift";
import { inWords, readTokens, roundTrip, tokensOf } from "../tokens.fixture.ts";
import { Common } from "./base.fixture.ts";
import * as library from "./library.fixture.ts";
import {
  BookCodec,
  Closed,
  ClosedCodec,
  Library,
  NotFound,
  NotFoundCodec,
  PlaceCodec,
  Status,
  type BookInit,
  type LibraryHandler,
} from "./library.fixture.ts";

const ZERO_UUID = "00000000-0000-0000-0000-000000000000";
const BEGIN = { what: "begin", id: undefined, values: ["X"] };
const END = { what: "end", id: undefined, values: [] };

function messagesOf(stub: string): ThriftMessages {
  const { messages } = Library.methods[stub]!;
  return messages as ThriftMessages;
}

describe("a generated struct", () => {
  const full: BookInit = {
    isbn: "978-1",
    title: "Kites",
    copies: 3,
    status: Status.OUT,
    rating: 4.5,
    loans: [
      { since: 5, extended: true },
      { since: 6, until: 7 },
    ],
    tags: new Set(["a", "b"]),
    sales: new Map([
      ["x", [1n, 2n]],
      ["y", []],
    ]),
    cover: Uint8Array.of(1, 2),
    author: { name: "Ada", born: 1815 },
    sequel: { isbn: "978-2" },
    prequel: { isbn: "978-0" },
    id: "00112233-4455-6677-8899-aabbccddeeff",
    shelf: "9007199254740993",
  };

  it("comes back with all that was written", () => {
    const { sequel, prequel, loans, ...rest } = roundTrip(BookCodec, full);
    const { sequel: _sequel, prequel: _prequel, loans: _loans, ...given } = full;
    assert.deepEqual(rest, given);
    assert.deepEqual(loans, [
      { since: 5, until: undefined, extended: true },
      { since: 6, until: 7, extended: false },
    ]);
    assert.equal(sequel?.isbn, "978-2");
    assert.equal(prequel?.sequel, undefined);
  });

  it("writes its fields in order, with what stands in for those left out", () => {
    assert.deepEqual(tokensOf(BookCodec, { isbn: "1" }).map(inWords), [
      "begin Book",
      "string 1 1",
      "string 2 ",
      "i32 3 1",
      "i32 4 2",
      "list 6 12 0",
      "set 7 11 1",
      "string new",
      "map 8 11 15 0",
      "binary 9 ",
      `uuid 13 ${ZERO_UUID}`,
      "i64String 14 42",
      "end",
    ]);
  });

  it("has every field of default requiredness when it came without: its default, or zero", () => {
    const book = readTokens(BookCodec, [BEGIN, { what: "string", id: 1, values: ["978"] }, END]);
    assert.deepEqual(book, {
      isbn: "978",
      title: "",
      copies: 1,
      status: Status.BACK,
      rating: undefined,
      loans: [],
      tags: new Set(["new"]),
      sales: new Map(),
      cover: new Uint8Array(),
      author: { name: "", born: undefined },
      sequel: undefined,
      prequel: undefined, // its zero would hold itself
      id: ZERO_UUID,
      shelf: "42",
    });
    const other = readTokens(BookCodec, [BEGIN, { what: "string", id: 1, values: ["979"] }, END]);
    book.tags.add("changed");
    assert.deepEqual(other.tags, new Set(["new"]), "a default is never shared");
  });

  it("is refused without a required field, by name", () => {
    assert.throws(() => readTokens(BookCodec, [BEGIN, END]), {
      name: "DecodeError",
      message: "Book came without its required field 1 (isbn)",
    });
  });

  it("skips fields that it does not know, and known ones of another type", () => {
    const unknown = [
      { what: "map", id: 77, values: [11, 12, 1] },
      { what: "string", id: undefined, values: ["key"] },
      BEGIN,
      { what: "i32", id: 1, values: [5] },
      END,
      { what: "i32", id: 2, values: [5] }, // title is a string
    ];
    const book = readTokens(BookCodec, [BEGIN, ...unknown, { what: "string", id: 1, values: ["978"] }, END]);
    assert.equal(book.title, "");
    assert.equal(book.isbn, "978");
  });

  it("admits numbers that an enum has no name for", () => {
    assert.equal(roundTrip(BookCodec, { isbn: "1", status: 99 }).status, 99);
  });

  it("has the same shape whatever came, so that engines know it", () => {
    const bare = readTokens(BookCodec, [BEGIN, { what: "string", id: 1, values: ["978"] }, END]);
    assert.deepEqual(Object.keys(bare), Object.keys(roundTrip(BookCodec, full)));
  });
});

describe("a generated union", () => {
  it("comes back as the case that was written, containers too", () => {
    assert.deepEqual(roundTrip(PlaceCodec, { case: "shelf", value: 7 }), { case: "shelf", value: 7 });
    assert.deepEqual(roundTrip(PlaceCodec, { case: "rooms", value: ["a", "b"] }), { case: "rooms", value: ["a", "b"] });
    assert.deepEqual(roundTrip(PlaceCodec, { case: "reader", value: {} }), { case: "reader", value: { name: "", born: undefined } });
  });

  it("is refused when it came without a member that is known", () => {
    const message = "the union Place came without any member that this IDL knows";
    assert.throws(() => readTokens(PlaceCodec, [BEGIN, END]), { message });
    assert.throws(() => readTokens(PlaceCodec, [BEGIN, { what: "i32", id: 9, values: [1] }, END]), { message });
  });

  it("refuses to write what is none of its cases, and says what came", () => {
    const wrong = { case: "moon", value: 1 } as unknown as Parameters<typeof PlaceCodec.write>[1];
    assert.throws(() => tokensOf(PlaceCodec, wrong), /of the union Place, got the case "moon": there are shelf, reader, rooms$/);
    assert.throws(() => tokensOf(PlaceCodec, {} as typeof wrong), /of the union Place, got no case: there are shelf, reader, rooms$/);
  });
});

describe("a generated exception", () => {
  it("is an Error with its fields; its message is the error's own", () => {
    const error = new NotFound({ isbn: "1", message: "gone" });
    assert.ok(error instanceof Error);
    assert.equal(String(error), "NotFound: gone");
    assert.deepEqual(Object.fromEntries(Object.entries(error)), { name: "NotFound", isbn: "1", similar: [], code: undefined });
    const read = roundTrip(NotFoundCodec, error);
    assert.ok(read instanceof NotFound);
    assert.equal(read.message, "gone");
    assert.deepEqual(Object.entries(read), Object.entries(error));
    assert.ok(roundTrip(ClosedCodec, new Closed()) instanceof Closed);
  });
});

describe("generated constants", () => {
  it("have the values of the IDL, and cannot be changed", () => {
    assert.equal(library.MAX_LOANS, 20);
    assert.equal(library.NOTICE, `Say "please", don't shout.`);
    assert.deepEqual(library.SIZES, [8, 16, 32]);
    assert.deepEqual(
      library.LABELS,
      new Map([
        [1, "lent"],
        [2, "here"],
      ]),
    ); // prettier-ignore
    assert.equal(library.FIRST.isbn, "978-0");
    assert.deepEqual(library.FIRST.tags, new Set(["new"]));
    assert.throws(() => {
      (library.SIZES as number[]).push(1);
    }, TypeError);
    assert.throws(() => {
      library.FIRST.author.name = "x";
    }, TypeError);
  });
});

describe("a generated service", () => {
  it("describes its methods and those of the service it extends", () => {
    const described = Object.entries(Library.methods).map(([stub, one]) => [stub, one.fullName, one.kind, one.idempotency, one.arity]);
    assert.deepEqual(described, [
      ["ping", "Library.ping", "unary", "unknown", 0],
      ["find", "Library.Find", "unary", "idempotent", 1],
      ["move", "Library.move", "unary", "unknown", 3],
      ["all", "Library.all", "unary", "unknown", 0],
      ["tidy", "Library.tidy", "oneway", "unknown", 1],
    ]);
    assert.equal(Common.methods["ping"]?.fullName, "Common.ping");
  });

  it("carries one argument as it is, several as a list, with defaults", () => {
    assert.equal(roundTrip(messagesOf("find").args, "978"), "978");
    assert.deepEqual(roundTrip(messagesOf("all").args, []), []);
    const request = [{ isbn: "1" }, { case: "shelf", value: 2 }, undefined];
    const [book, place, copies] = roundTrip(
      messagesOf("move").args as StructCodec<[library.Book, library.Place, number], unknown>,
      request,
    );
    assert.equal(book.isbn, "1");
    assert.deepEqual(place, { case: "shelf", value: 2 });
    assert.equal(copies, 1);
  });

  it("refuses a request without a struct that is an argument", () => {
    assert.throws(() => readTokens(messagesOf("move").args, [BEGIN, END]), {
      message: "move_args came without its required field 1 (book)",
    });
    assert.equal(readTokens(messagesOf("find").args, [BEGIN, END]), "");
  });

  it("carries results as field 0, of any type, and knows the exceptions of a method", () => {
    const { result } = messagesOf("all");
    assert.equal(result?.key, 0x0f0000);
    const tokens = tokensOf(result, [{ isbn: "1" }, { isbn: "2" }]);
    assert.equal(inWords(tokens[0]!), "list 0 12 2");
    const [header, ...elements] = tokens;
    const books = readTokens(result, [{ ...header!, id: undefined }, ...elements]) as library.Book[];
    assert.deepEqual(
      books.map((each) => each.isbn),
      ["1", "2"],
    );
    const { exceptions } = messagesOf("find");
    assert.deepEqual(
      exceptions.map((each) => [each.id, each.is(new Closed()), each.is(new NotFound({ isbn: "" }))]),
      [
        [1, false, true],
        [2, true, false],
      ], // prettier-ignore
    );
    assert.equal(messagesOf("tidy").result, undefined);
  });

  it("accepts handlers that return less than clients see, at once or later", () => {
    const handler: LibraryHandler = {
      ping: () => "pong",
      find: (isbn) => ({ isbn }),
      move: async (_book, place) => place,
      all: () => [],
      tidy: () => {},
    };
    assert.deepEqual(Object.keys(handler), Object.keys(Library.methods));
  });
});
