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
});
