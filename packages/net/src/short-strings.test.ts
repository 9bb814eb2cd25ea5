import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { MOST_SHORT_BYTES, ShortStrings } from "./short-strings.ts";

describe("short strings", () => {
  it("are what their bytes say, whatever came before, unless a byte is not ASCII", () => {
    const strings = new ShortStrings();
    const shared = Buffer.alloc(100);
    const view = new DataView(shared.buffer, shared.byteOffset, shared.byteLength);
    const read = (text: string): string | undefined => strings.read(shared, view, 9, shared.write(text, 9, "latin1"));
    // Few letters, so that many come again and many differ in one.
    const text = fc.string({ unit: fc.constantFrom("a", "b", "\0", "\xe9"), minLength: 1, maxLength: MOST_SHORT_BYTES });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 100, size: "max" }), (texts) => {
        for (const each of [...texts, ...texts, ...texts]) assert.equal(read(each), each.includes("\xe9") ? undefined : each);
      }),
    );
  });

  it("may look like numbers, or like what every object has", () => {
    const strings = new ShortStrings();
    const bytes = Buffer.alloc(16);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const each of ["0", "-0", "007", "42", "1e3", "4294967295", "__proto__", "toString"]) {
      for (let times = 0; times < 3; times++) assert.equal(strings.read(bytes, view, 0, bytes.write(each, "latin1")), each);
    }
  });

  it("are made twice, however many others come between", (t) => {
    const strings = new ShortStrings();
    const shared = Buffer.alloc(16);
    const view = new DataView(shared.buffer, shared.byteOffset, shared.byteLength);
    const read = (text: string): string | undefined => strings.read(shared, view, 0, shared.write(text));
    for (let i = 0; i < 2; i++) read("recurring");
    for (let i = 0; i < 5000; i++) read(`once ${i}`);
    const make = t.mock.method(String, "fromCharCode");
    assert.equal(read("recurring"), "recurring");
    assert.equal(make.mock.callCount(), 0);
  });
});
