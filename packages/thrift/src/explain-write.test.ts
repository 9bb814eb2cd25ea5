import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { explainWrite } from "./explain-write.ts";
import type { StructCodec, ThriftWriter } from "./protocol.ts";
import { wrongCase } from "./struct-errors.ts";
import { tooDeep, ValueError } from "./value-error.ts";
import { I32, LIST, STRING, STRUCT } from "./wire-types.ts";

interface Item {
  price: number;
  readonly "odd-name"?: string;
}

interface Order {
  readonly id?: string | undefined;
  readonly items?: readonly Item[];
  readonly sales?: ReadonlyMap<string, readonly number[]>;
  readonly tags?: ReadonlySet<string>;
  readonly prices?: ReadonlyMap<number, Item>;
  readonly paid?: { readonly case: string; readonly value: unknown };
  readonly next?: Order | undefined;
}

// Written as generated code is.
const ItemCodec: StructCodec<Item> = {
  name: "Item",
  write(out, value) {
    out.begin("Item");
    out.i32Field(1, value.price);
    if (value["odd-name"] !== undefined) out.stringField(2, value["odd-name"]);
    out.end();
  },
  read: () => ({ price: 0 }),
};

const PaidCodec: StructCodec<NonNullable<Order["paid"]>> = {
  name: "Paid",
  write(out, value) {
    out.begin("Paid");
    switch (value.case) {
      case "card":
        out.stringField(1, value.value as string);
        break;
      default:
        throw wrongCase("Paid", value, ["card"]);
    }
    out.end();
  },
  read: () => ({ case: "card", value: "" }),
};

const OrderCodec: StructCodec<Order> = {
  name: "Order",
  write(out, value) {
    out.begin("Order");
    out.stringField(1, value.id ?? "");
    const items = value.items ?? [];
    out.listField(2, STRUCT, items.length);
    for (const each of items) ItemCodec.write(out, each);
    const sales = value.sales ?? new Map<string, number[]>();
    out.mapField(3, STRING, LIST, sales.size);
    for (const [key, each] of sales) {
      out.string(key);
      out.list(I32, each.length);
      for (const each2 of each) out.i32(each2);
    }
    const tags = value.tags ?? new Set<string>();
    out.setField(4, STRING, tags.size);
    for (const each of tags) out.string(each);
    const prices = value.prices ?? new Map<number, Item>();
    out.mapField(5, I32, STRUCT, prices.size);
    for (const [key, each] of prices) {
      out.i32(key);
      ItemCodec.write(out, each);
    }
    if (value.paid !== undefined) {
      out.structField(6);
      PaidCodec.write(out, value.paid);
    }
    if (value.next !== undefined) {
      out.structField(7);
      OrderCodec.write(out, value.next);
    }
    out.end();
  },
  read: () => ({}),
};

const wrong = (value: unknown): never => value as never;

/** The message for an order that is wrong. */
function explain(order: Order): string {
  const error = explainWrite(new ValueError("any"), "the order", order, (tracer, value) => OrderCodec.write(tracer, value as Order));
  assert.ok(error instanceof ValueError);
  return error.message;
}

describe("explainWrite", () => {
  it("says where the wrong part of a value is, as one would write it in code", () => {
    assert.equal(explain({ id: wrong(5) }), "the order: id: expected a string, got 5");
    const items = [{ price: 1 }, { price: 2 }, { price: 3 }, { price: wrong("x") }];
    assert.match(explain({ items }), /^the order: items\[3\]\.price: expected an i32 .*, got "x"$/);
    assert.match(
      explain({ items: [{ price: 1, "odd-name": wrong(1) }] }),
      /^the order: items\[0\]\["odd-name"\]: expected a string, got 1$/,
    );
    assert.match(explain({ next: { next: { items: wrong(5) } } }), /^the order: next\.next\.items: expected a list/);
    assert.match(explain({ paid: { case: "card", value: 5 } }), /^the order: paid\.value: expected a string, got 5$/);
    assert.match(
      explain({ paid: { case: "cash", value: 5 } }),
      /^the order: paid: expected \{ case, value \} of the union Paid, got the case "cash": there are card$/,
    );
  });

  it("names what was taken for a container, and what is missing where a struct should be", () => {
    assert.match(explain({ items: wrong({}) }), /^the order: items: expected a list \(an array\)/);
    assert.match(explain({ sales: wrong({ a: [1] }) }), /^the order: sales: expected a Map/);
    assert.match(explain({ next: { tags: wrong({}) } }), /^the order: next\.tags: expected a Set/);
    assert.equal(explain({ items: [{ price: 1 }, wrong(null)] }), "the order: items[1]: expected Item (an object), got null");
    assert.equal(explain(wrong(undefined)), "the order: expected Order (an object), got undefined");
  });

  it("names a container that is not there, not what was written before it", () => {
    const lists: StructCodec<{ rows: readonly (readonly number[])[]; names: ReadonlyMap<string, string> }> = {
      name: "Lists",
      write(out, value) {
        out.begin("Lists");
        out.listField(1, LIST, value.rows.length, value.rows);
        for (const each of value.rows) {
          out.list(I32, each.length, each);
          for (const each2 of each) out.i32(each2);
        }
        out.mapField(2, STRING, STRING, value.names.size, value.names);
        out.end();
      },
      read: () => ({ rows: [], names: new Map() }),
    };
    const said = (value: unknown): string =>
      String(explainWrite(new TypeError("any"), "the lists", value, (tracer, given) => lists.write(tracer, given as never)));
    assert.match(said({}), /the lists: rows: expected a list \(an array\), got undefined$/);
    assert.match(said({ rows: [] }), /the lists: names: expected a Set or a Map, got undefined$/);
    assert.match(said({ rows: [[1], null] }), /the lists: rows\[1\]: expected a list \(an array\), got null$/);
    assert.match(said(undefined), /the lists: expected Lists \(an object\), got undefined$/);
    assert.match(explain({ sales: new Map([["a", wrong(undefined)]]) }), /sales\["a"\]: expected a list \(an array\), got undefined$/);
  });

  it("names an argument that is a container and was not given", () => {
    const write = (tracer: ThriftWriter, value: unknown): void => {
      const [id, tags] = value as [number, readonly string[]];
      tracer.begin("place_args");
      tracer.i32Field(1, id);
      tracer.listField(4, STRING, tags.length, tags);
      tracer.end();
    };
    const error = explainWrite(new TypeError("any"), "the request", [1], write, { 1: "id", 4: "tags" });
    assert.match(String(error), /the request: tags: expected a list \(an array\), got undefined$/);
  });

  it("says where structs are nested deeper than the writer lets them be", () => {
    const order = { next: { next: { next: { id: "1" } } } };
    const error = explainWrite(tooDeep(3), "the order", order, (tracer, value) => OrderCodec.write(tracer, value as Order));
    assert.match(String(error), /the order: next\.next\.next: structs are nested more than 3 deep/);
  });

  it("names elements of sets by their place, and entries of maps by their key", () => {
    assert.equal(explain({ tags: new Set(["a", wrong(5)]) }), "the order: tags[1]: expected a string, got 5");
    const sales = new Map([
      ["a", [1]],
      ["b", [1, wrong(null)]],
    ]);
    assert.match(explain({ sales }), /^the order: sales\["b"\]\[1\]: expected an i32 .*, got null$/);
    assert.match(explain({ sales: new Map([[wrong(7), []]]) }), /^the order: sales\[key 7\]: expected a string, got 7$/);
    assert.match(
      explain({ prices: new Map([[12, { price: wrong({}) }]]) }),
      /^the order: prices\[12\]\.price: expected an i32 .*, got an object$/,
    );
  });

  it("goes on to speak of the outer value when an inner one is behind it", () => {
    assert.match(explain({ items: [{ price: 1 }], tags: wrong(5) }), /^the order: tags: expected a Set/);
    assert.match(explain({ sales: new Map([["a", [1]]]), paid: wrong(null) }), /^the order: paid: /);
  });

  it("reads what is frozen, and ends with values that contain themselves", () => {
    const frozen = Object.freeze({ items: Object.freeze([Object.freeze({ price: wrong(0.5) })]) });
    assert.match(explain(frozen), /^the order: items\[0\]\.price: expected an i32 .*, got 0\.5$/);
    const endless: { next?: Order } = {};
    endless.next = endless;
    assert.match(explain(endless), /^the order: next\.next\..* … .*next: structs are nested more than 2048 deep/);
  });

  it("calls arguments by their names, and by their ids where those are not known", () => {
    const write = (tracer: ThriftWriter, value: unknown): void => {
      const [id, order] = value as [string, Order];
      tracer.begin("place_args");
      tracer.stringField(1, id);
      tracer.structField(3);
      OrderCodec.write(tracer, order);
    };
    const request = ["1", { items: [{ price: wrong("x") }] }];
    const said = (names: Record<number, string>): string =>
      String(explainWrite(new ValueError("any"), "the request", request, write, names));
    assert.match(said({ 1: "id", 3: "order" }), /the request: order\.items\[0\]\.price: expected an i32/);
    assert.match(said({}), /the request: argument3\.items\[0\]\.price: expected an i32/);
  });

  it("leaves alone what is not the value's fault", () => {
    const reason = new RangeError("the message is too large");
    assert.equal(
      explainWrite(reason, "the order", {}, (tracer, value) => OrderCodec.write(tracer, value as Order)),
      reason,
    );
  });
});
