import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { genericService, loadIdl, type idl } from "@kiteline/thrift";
import { createClient, createServer } from "kiteline";
import { exampleArguments, exampleOf, exampleReply } from "./thrift-example.ts";
import { GENERIC } from "../generic.ts";
import { toJson } from "../printer.ts";

const IDL = `
enum Color { RED = 3, BLUE = 4 }
enum Level { LOW = -1, NONE = 0 }
struct Key { 1: i32 part }
union Choice { 1: Choice again; 2: i64 number; 3: string text }
exception Oops { 1: string why = "because" }
struct Node { 1: string name; 2: Node next; 3: optional Node other; 4: required list<Node> nodes; 5: Key key }
struct All {
  1: bool flag; 2: i8 tiny; 3: i64 large; 4: double real; 5: binary bytes; 6: uuid uid; 7: Color color; 8: Level level;
  9: list<Key> list; 10: set<i64> words; 11: map<i32, Key> byNumber; 12: map<Key, i32> byKey; 13: Choice choice; 14: optional string absent;
  15: optional i64 given = 7; 16: binary text = "hi"; 17: list<i64> numbers = [1, 2]; 18: map<i32, string> names = {1: "one"};
  19: map<Key, i32> keys = {{"part": 2}: 3}; 20: Key key = {"part": 4}; 21: Color chosen = Color.BLUE; 22: double half = 0.5; 23: Choice made = {"text": "t"}
}
struct Part { 1: string id; 2: i32 count; 3: list<i32> list; 4: Key key; 5: string other }
service S {
  All all(1: All all, 2: i32 count);
  Node node(1: Node node);
  Part part(1: string id, 2: Part first, 3: Part second, 4: list<i64> list);
  Choice choice(1: Choice choice);
  string text(1: string text);
}
`;

async function functions(text: string): Promise<Record<string, idl.ServiceFunction>> {
  const documents = await loadIdl({ "s.thrift": text });
  return Object.fromEntries(
    documents.roots.flatMap((root) => root.services).flatMap((service) => service.functions.map((each) => [each.name, each])),
  );
}

function returned(method: idl.ServiceFunction | undefined): idl.Type {
  assert(method?.returns !== undefined);
  return method.returns;
}

describe("exampleOf", () => {
  it("has the IDL's defaults, and the zero of every other type", async () => {
    const { all } = await functions(IDL);
    assert.deepEqual(exampleOf(returned(all)), {
      flag: false,
      tiny: 0,
      large: "0",
      real: 0,
      bytes: "",
      uid: "00000000-0000-0000-0000-000000000000",
      color: 3, // zero is no member
      level: 0,
      list: [],
      words: [],
      byNumber: {},
      byKey: [],
      choice: { number: "0" }, // the first member that ends
      given: "7",
      text: "aGk=",
      numbers: ["1", "2"],
      names: { 1: "one" },
      keys: [[{ part: 2 }, 3]],
      key: { part: 4 },
      chosen: 4,
      half: 0.5,
      made: { text: "t" },
    });
  });

  it("ends where types hold themselves", async () => {
    const { node } = await functions(IDL);
    assert.deepEqual(exampleOf(returned(node)), { name: "", nodes: [], key: { part: 0 } });
  });

  it("is what a client can send and a server can answer", async () => {
    const documents = await loadIdl({ "s.thrift": IDL });
    const methods = documents.roots.flatMap((root) => root.services).flatMap((service) => service.functions);
    const description = await genericService(documents, "S", GENERIC);
    const handlers = methods.map((method) => [method.name, async () => toJson(exampleOf(returned(method)))] as const);
    await using server = createServer().add(description, Object.fromEntries(handlers));
    await using client = createClient(description, { target: server });
    for (const method of methods) {
      const reply = await client[method.name]?.(toJson(exampleArguments(method.arguments)));
      assert.deepEqual(JSON.parse(String(reply)), exampleOf(returned(method)), method.name);
    }
  });
});

describe("exampleReply", () => {
  it("takes what the request has by name and type: arguments first, then fields of struct arguments in their order", async () => {
    const { part } = await functions(IDL);
    assert(part !== undefined);
    const request = {
      id: "argument",
      first: { id: "field", key: { part: 1 }, list: [1] },
      second: { count: 5, key: { part: 2 } },
      list: ["9"],
    };
    assert.deepEqual(exampleReply(returned(part), part.arguments, request), {
      id: "argument",
      count: 5, // absent in the first
      list: [1], // the argument of that name is a list<i64>
      key: { part: 1 },
      other: "",
    });
  });

  it("is the example for replies that have no fields", async () => {
    const { text, choice } = await functions(IDL);
    assert(text !== undefined && choice !== undefined);
    assert.equal(exampleReply(returned(text), text.arguments, { text: "hi" }), "");
    assert.deepEqual(exampleReply(returned(choice), choice.arguments, { choice: { text: "hi" } }), { number: "0" });
  });
});
