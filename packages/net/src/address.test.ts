import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatAddress, namedPipeHint, parseAddress, type Address } from "./address.ts";

describe("an address", () => {
  const good: [text: string, shown: string, parsed: object][] = [
    ["reviews:9080", "reviews:9080", { kind: "tcp", host: "reviews", port: 9080 }],
    ["127.0.0.1:0", "127.0.0.1:0", { kind: "tcp", host: "127.0.0.1", port: 0 }],
    ["[::1]:65535", "[::1]:65535", { kind: "tcp", host: "::1", port: 65_535 }],
    ["reviews.default.svc:80", "reviews.default.svc:80", { kind: "tcp", host: "reviews.default.svc", port: 80 }],
    ["unix:/run/a.sock", "unix:/run/a.sock", { kind: "unix", path: "/run/a.sock" }],
    ["unix:///run/a.sock", "unix:/run/a.sock", { kind: "unix", path: "/run/a.sock" }],
    ["unix:a.sock", "unix:a.sock", { kind: "unix", path: "a.sock" }],
  ];
  for (const [text, shown, parsed] of good) {
    it(`is ${text}`, () => {
      assert.deepEqual(parseAddress(text), parsed);
      assert.equal(formatAddress(parseAddress(text)), shown);
    });
  }

  for (const text of [
    "",
    "reviews",
    "reviews:",
    ":80",
    "reviews:65536",
    "reviews:x",
    "::1:80",
    "[::1]",
    "http://reviews:80",
    "a:1:2",
    "a: 1",
  ]) {
    it(`is not "${text}", and what it should be is said`, () => {
      assert.throws(() => parseAddress(text), { name: "TypeError", message: new RegExp(`like reviews:9080.*got "${escape(text)}"`) });
    });
  }

  it("of a Unix socket has a path", () => {
    for (const text of ["unix:", "unix://"]) assert.throws(() => parseAddress(text), /expected a path/);
  });
});

function escape(text: string): string {
  return text.replace(/[[\]./]/g, "\\$&");
}

describe("an address that is a path", () => {
  it("must be a named pipe on Windows", () => {
    const path = (text: string): Address => ({ kind: "unix", path: text });
    assert.match(namedPipeHint(path("/run/reviews.sock"), "win32"), /as in unix:\\\\\.\\pipe\\reviews\)$/);
    assert.equal(namedPipeHint(path("\\\\.\\pipe\\reviews"), "win32"), "");
    assert.equal(namedPipeHint(path("//?/pipe/reviews"), "win32"), "");
    assert.equal(namedPipeHint(path("/run/reviews.sock"), "linux"), "");
    assert.equal(namedPipeHint({ kind: "tcp", host: "a", port: 1 }, "win32"), "");
    assert.deepEqual(parseAddress("unix:\\\\.\\pipe\\reviews"), path("\\\\.\\pipe\\reviews"));
  });
});
