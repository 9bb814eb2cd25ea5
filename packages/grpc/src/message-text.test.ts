import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeMessageText, encodeMessageText } from "./message-text.ts";

describe("grpc-message", () => {
  it("is as it is, where it is printable ASCII", () => {
    assert.equal(encodeMessageText("not found: a/b?c=d"), "not found: a/b?c=d");
  });

  it("is percent-encoded UTF-8 where it is not", () => {
    assert.equal(encodeMessageText("100%"), "100%25");
    assert.equal(encodeMessageText("ä\n"), "%C3%A4%0A");
    assert.equal(encodeMessageText(" a"), "%20a"); // spaces at the ends are taken off on the way
  });

  it("comes back as it was, whatever it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const encoded = encodeMessageText(text);
        assert.match(encoded, /^[ -~]*$/);
        assert.equal(decodeMessageText(encoded), text.toWellFormed());
      }),
    );
  });

  it("is read as far as it makes sense", () => {
    assert.equal(decodeMessageText("100%"), "100%");
    assert.equal(decodeMessageText("%zz%4"), "%zz%4");
    assert.equal(decodeMessageText("%FF"), "\ufffd");
    assert.equal(decodeMessageText("\xc3\xa4"), "ä"); // bytes that a peer did not encode
  });
});
