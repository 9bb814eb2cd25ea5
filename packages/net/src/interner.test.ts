import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Interner } from "./interner.ts";

describe("Interner", () => {
  it("gives the text of the bytes, whatever came before", () => {
    const interner = new Interner();
    const shared = Buffer.alloc(1000); // as the system's reads all come in one buffer
    // Few letters and short texts, so that many fall into the same slots.
    const text = fc.oneof(fc.string({ unit: fc.constantFrom("a", "b", "é"), maxLength: 6 }), fc.string({ maxLength: 200 }));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 200, size: "max" }), (texts) => {
        for (const each of texts) {
          const end = 1 + shared.write(each, 1);
          assert.equal(interner.read(shared, 1, end), each.toWellFormed());
        }
      }),
    );
  });

  it("decodes what comes again only once", (t) => {
    const interner = new Interner();
    const bytes = Buffer.from("echo");
    interner.read(bytes, 0, 4);
    const decode = t.mock.method(Buffer.prototype, "toString");
    assert.equal(interner.read(Buffer.from(bytes), 0, 4), "echo");
    assert.equal(decode.mock.callCount(), 0);
  });
});
