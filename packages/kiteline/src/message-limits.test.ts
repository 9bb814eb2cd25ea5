import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { genericService, loadIdl } from "@kiteline/thrift";
import { createClient } from "./client.ts";
import type { MessageLimits } from "./message-limits.ts";
import { createServer } from "./server.ts";
import { Shelf, type Book } from "./shelf.fixture.ts";

const IDL = `
  struct Chain { 1: optional Chain next, 2: optional list<bool> flags }
  service Chains { Chain echo(1: Chain chain) }`;

interface Chain {
  readonly next?: Chain;
  readonly flags?: readonly boolean[];
}

/** So many structs inside one another. */
function chain(length: number): Chain {
  let value: Chain = {};
  for (let i = 1; i < length; i++) value = { next: value };
  return value;
}

const flags = (count: number): Chain => ({ flags: new Array<boolean>(count).fill(true) });

const PROTOCOLS = [
  {},
  { payload: "compact" },
  { protocol: "ttheader-framed" },
  { protocol: "framed" },
  { protocol: "buffered" },
  { protocol: "grpc" },
] as const;

describe("limits of a message of Thrift", () => {
  for (const options of PROTOCOLS) {
    it(`are those that server and client say: ${JSON.stringify(options)}`, async () => {
      const description = await genericService(await loadIdl({ "chains.thrift": IDL }), "Chains", { mode: "map" });
      const echo = (value: unknown): unknown => value;
      const calls = async (ofServer: MessageLimits, ofClient: MessageLimits, value: Chain): Promise<unknown> => {
        await using server = createServer({ limits: ofServer, log: () => undefined }).add(description, { echo });
        await using client = createClient(description, { target: await server.listen(), limits: ofClient, ...options });
        return await (client["echo"] as (value: Chain) => Promise<unknown>)(value);
      };
      const more: MessageLimits = { maxDepth: 300, maxContainerElements: 3_000_000 };
      // Beyond the defaults, and within what is said.
      assert.deepEqual(await calls(more, more, chain(100)), chain(100));
      await assert.rejects(calls({ maxDepth: 8 }, more, chain(10)), /more than maxDepth \(8\)/);
      await assert.rejects(calls(more, { maxDepth: 8 }, chain(10)), /the request .* more than 8 deep \(maxDepth\)/);
      assert.deepEqual(await calls({ maxContainerElements: 5 }, more, flags(5)), flags(5));
      await assert.rejects(calls({ maxContainerElements: 5 }, more, flags(6)), /maxContainerElements \(5\)/);
      await assert.rejects(calls(more, { maxContainerElements: 5 }, flags(6)), /maxContainerElements \(5\)/);
    });
  }
});

describe("limits of a message of Protobuf", () => {
  for (const options of [{}, { protocol: "ttheader" }, { protocol: "framed" }] as const) {
    it(`are those that server and client say: ${JSON.stringify(options)}`, async () => {
      const unknown = Array.from({ length: 6 }, (_, i) => ({ tag: ((100 + i) << 3) | 0, bytes: Uint8Array.of(1) }));
      const book: Partial<Book> = { title: "t", $unknown: unknown };
      const calls = async (ofServer: MessageLimits, ofClient: MessageLimits): Promise<unknown> => {
        await using server = createServer({ limits: ofServer, log: () => undefined }).add(Shelf, {
          look: (value) => value,
          put: (value) => value,
          putAll: () => ({}),
          list: () => [],
          talk: () => [],
        });
        await using client = createClient(Shelf, { target: await server.listen(), limits: ofClient, ...options });
        return await client.look(book);
      };
      assert.equal(((await calls({ maxMessages: 6 }, { maxMessages: 6 })) as Book).$unknown?.length, 6);
      await assert.rejects(calls({ maxMessages: 5 }, {}), /maxMessages \(5\)/);
      await assert.rejects(calls({}, { maxMessages: 5 }), /maxMessages \(5\)/);
    });
  }
});

describe("limits that are none", () => {
  it("are refused", () => {
    const target = "127.0.0.1:1";
    const limits = (value: unknown): { limits: MessageLimits } => ({ limits: value as MessageLimits });
    for (const make of [
      (value: unknown) => createClient(Shelf, { target, ...limits(value) }),
      (value: unknown) => createServer(limits(value)),
    ]) {
      assert.throws(() => make({ maxDeph: 3 }), /TypeError: the option limits has no option "maxDeph": did you mean maxDepth\?/);
      assert.throws(() => make({ maxDepth: 1001 }), /RangeError: limits\.maxDepth must be a whole number between 1 and 1000, got 1001/);
      assert.throws(() => make({ maxMessages: 0 }), /RangeError: limits\.maxMessages must be/);
      assert.throws(() => make(5), /TypeError: limits must be an object, got 5/);
    }
  });
});
