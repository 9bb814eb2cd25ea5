import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Exchange } from "./played.fixture.ts";
import { Http2Stream, type StreamEngine } from "./stream.ts";
import { StreamTable } from "./stream-table.ts";

describe("StreamTable", () => {
  it("finds each stream that is open and no other, however old some of them get", () => {
    const engine = {} as StreamEngine;
    const receiver = new Exchange();
    fc.assert(
      fc.property(
        fc.array(fc.record({ adds: fc.nat(200), removes: fc.array(fc.nat(), { maxLength: 150 }) }), { maxLength: 8 }),
        (rounds) => {
          const table = new StreamTable();
          const open = new Map<number, Http2Stream>();
          let last = -1;
          for (const { adds, removes } of rounds) {
            for (let added = 0; added < adds; added++) {
              last += 2;
              const stream = new Http2Stream(engine, last, receiver, 0, 0);
              table.add(stream);
              open.set(last, stream);
            }
            for (const which of removes) {
              const [id, stream] = [...open][which % Math.max(1, open.size)] ?? [];
              if (id === undefined || stream === undefined) continue;
              table.remove(stream);
              open.delete(id);
            }
            assert.equal(table.size, open.size);
            for (let id = 1; id <= last + 2; id += 2) assert.equal(table.get(id), open.get(id));
            assert.deepEqual(new Set(table.all()), new Set(open.values()));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  for (const [few, many] of [
    [1, 1],
    [3, 100],
    [500, 500],
    [5000, 300],
  ] as const) {
    it(`finds ${few} that outlive ${many} at a time`, () => {
      const table = new StreamTable();
      const engine = {} as StreamEngine;
      const receiver = new Exchange();
      let last = -1;
      const opened = (): Http2Stream => {
        const stream = new Http2Stream(engine, (last += 2), receiver, 0, 0);
        table.add(stream);
        return stream;
      };
      const lasting = Array.from({ length: few }, opened);
      for (let round = 0; round < 20; round++) {
        const brief = Array.from({ length: many }, opened);
        for (const stream of [...lasting, ...brief]) assert.equal(table.get(stream.id), stream);
        for (const stream of brief) table.remove(stream);
        for (const { id } of brief) assert.equal(table.get(id), undefined);
        assert.equal(table.size, few);
      }
      for (const stream of lasting) table.remove(stream);
      for (const { id } of lasting) assert.equal(table.get(id), undefined);
      assert.deepEqual(table.all(), []);
    });
  }

  it("keeps those in a ring of which a hundred are open at a time, each for several hundred others", () => {
    const table = new StreamTable();
    const open: Http2Stream[] = [];
    for (let id = 1; id < 10_000; id += 2) {
      const stream = new Http2Stream({} as StreamEngine, id, new Exchange(), 0, 0);
      table.add(stream);
      open.push(stream);
      // Now and then the oldest stay: those after them are answered first.
      if (open.length > 100) table.remove(open.splice(id % 601 < 300 ? 50 : 0, 1)[0] as Http2Stream);
    }
    assert.equal(table.aged, 0);
  });
});
