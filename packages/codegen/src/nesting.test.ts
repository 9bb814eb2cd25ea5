import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { ServiceDescription } from "@kiteline/core";
import { loadIdl, thriftBinary } from "@kiteline/thrift";
import { generate } from "./generate.ts";
import { Workshop } from "./workshop.fixture.ts";

const LEVELS = 100;
const IDL = `
  struct Chain { 1: optional Chain next }
  struct Tree { 1: map<string, list<Branch>> branches }
  union Branch { 1: Tree tree, 2: i32 leaf }
  ${Array.from({ length: LEVELS }, (_, i) => `struct Level${i} { 1: Level${i + 1} next }`).join("\n")}
  struct Level${LEVELS} {}
  service Nested { void chain(1: Chain value), void tree(1: Tree value), void levels(1: Level0 value) }`;

const CHAIN = { down: "0c0001", up: "00" };
/** A map of one list of one branch, and a tree in it. */
const TREE = { down: "0d0001 0b0f00000001 00000000 0c00000001 0c0001", up: "00 00" };

const workshop = new Workshop("nesting");
after(() => workshop.remove());

describe("generated readers of structs inside one another", () => {
  let read: (method: string, nested: { readonly down: string; readonly up: string }, times: number) => unknown;

  before(async () => {
    const [path] = await workshop.write("nested", generate(await loadIdl({ "nested.thrift": IDL }), {}));
    const { Nested } = (await import(pathToFileURL(path!).href)) as { readonly Nested: ServiceDescription<unknown, unknown> };
    const format = thriftBinary();
    read = (method, { down, up }, times) => {
      const name = Buffer.from(method).toString("hex");
      const text = `80010001 0000000${method.length} ${name} 00000001 0c0001 ${down.repeat(times)} 00 ${up.repeat(times)} 00`;
      const bytes = Buffer.from(text.replaceAll(" ", ""), "hex");
      const head = { kind: 0, name: "", seq: 0, thrown: false };
      format.readHead(bytes, 0, bytes.length, head);
      return format.readRequest(head, Nested.methods[method]!);
    };
  });

  const tooDeep = { name: "DecodeError", message: "structs and containers are nested more than maxDepth (64) deep" };

  it("go as deep as maxDepth where structs can hold themselves", () => {
    assert.deepEqual(read("chain", CHAIN, 1), { next: { next: undefined } });
    read("chain", CHAIN, 63);
    assert.throws(() => read("chain", CHAIN, 64), tooDeep);
    assert.throws(() => read("chain", CHAIN, 100_000), tooDeep);
  });

  it("do so where it is by way of others, and of containers", () => {
    const inner = { branches: new Map() };
    assert.deepEqual(read("tree", TREE, 1), { branches: new Map([["", [{ case: "tree", value: inner }]]]) });
    read("tree", TREE, 31);
    assert.throws(() => read("tree", TREE, 32), tooDeep);
    assert.throws(() => read("tree", TREE, 100_000), tooDeep);
  });

  it("go as deep as the IDL where they cannot", () => {
    read("levels", CHAIN, LEVELS);
  });
});
