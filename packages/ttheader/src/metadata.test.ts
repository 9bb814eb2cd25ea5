import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  ManualClock,
  Attempt,
  CallInfo,
  ClientCall,
  Metadata,
  MethodBinding,
  type MetadataEntry,
  type MetadataScope,
} from "@kiteline/core";
import { Loop, ReplyFrame, RequestFrame } from "@kiteline/net";
import { TTHeaderClientWire } from "./client-wire.ts";
import { frame, readFrame, strings, token, written } from "./frame.fixture.ts";
import { message, RawFormat, rawMethod } from "./raw-format.fixture.ts";
import { TTHeaderServerWire } from "./server-wire.ts";

/** The rows of the table in the documents. */
const rows = readFileSync(join(import.meta.dirname, "../../../docs/metadata.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| (request|reply|nothing)/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, ours = "", wire = "", readAs = ""]) => ({ ours, wire, readAs }));

const client = new TTHeaderClientWire({ format: new RawFormat(), framed: false, loop: new Loop(new ManualClock(0)) });
const server = new TTHeaderServerWire({ formats: [new RawFormat()], multiplexed: true });
const BODY = Buffer.from("body");
const ECHO = rawMethod("echo");

/** `transient \`Key\` = \`v\`` as an entry, `nothing` as none. */
function entryOf(cell: string): MetadataEntry | undefined {
  const found = /(transient|persistent|backward) `([^`]+)` = (?:`([^`]*)`|bytes ([0-9a-f]+))/.exec(cell);
  if (found === null) {
    assert.match(cell, /^nothing/);
    return undefined;
  }
  const [, scope, name = "", text, bytes] = found;
  const value = bytes === undefined ? (text ?? "") : Buffer.from(bytes, "hex");
  return { key: name.toLowerCase(), name, value, scope: scope as MetadataScope };
}

/** `string \`k\` = \`v\`` or `token \`v\`` as a section, `nothing` as none. */
function sectionOf(cell: string): Buffer[] {
  const string = /^string `([^`]+)` = `([^`]*)`$/.exec(cell);
  if (string !== null) return [strings({ [string[1] ?? ""]: string[2] ?? "" })];
  const value = /^token `([^`]+)`$/.exec(cell);
  if (value !== null) return [token(value[1] ?? "")];
  assert.equal(cell, "nothing");
  return [];
}

function attempt(metadata: Metadata): Attempt {
  const call = new ClientCall(new MethodBinding({ ...ECHO, service: "" }, "", ""), {}, undefined, metadata, 0);
  call.request = BODY;
  return new Attempt(call, 1);
}

describe("the table in docs/metadata.md", () => {
  it("has its rows", () => assert.equal(rows.length, 14));

  for (const { ours, wire, readAs } of rows) {
    const isReply = ours.includes("reply");
    const entry = entryOf(ours);
    if (entry !== undefined) {
      it(`says how it is sent: ${ours}`, () => {
        const bytes = isReply
          ? written((out) => {
              const to = { seq: 1, messageSeq: 1, variant: 0, wireName: "echo", method: ECHO, multiplexed: false, closing: false };
              server.writeReply(out, { ...to, replyEntries: [entry] }, BODY);
            })
          : written((out) => client.write(out, attempt(Metadata.ofEntries([entry])), false));
        const { strings: sent, token: sentToken } = readFrame(bytes);
        const expected = readFrame(frame({ sections: sectionOf(wire) }));
        delete sent["isn"];
        assert.deepEqual([sent, sentToken], [expected.strings, expected.token]);
      });
    }

    it(`says how it is read: ${wire} in a ${isReply ? "reply" : "request"}`, () => {
      const expected = entryOf(readAs);
      if (isReply) {
        const bytes = frame({ sections: sectionOf(wire), payload: message(2, "echo", 1, BODY) });
        const found = new ReplyFrame();
        const asked = attempt(new Metadata());
        asked.call.info = new CallInfo();
        client.open(bytes, 0, bytes.byteLength, found);
        client.read(found, asked);
        assert.deepEqual(asked.call.info.reply.entries(), expected === undefined ? [] : [expected]);
      } else {
        const bytes = frame({ sections: sectionOf(wire), payload: message(1, "echo", 1, BODY) });
        const found = new RequestFrame();
        server.open(bytes, 0, bytes.byteLength, found);
        assert.deepEqual(found.metadata?.entries ?? [], expected === undefined ? [] : [expected]);
      }
    });
  }
});

describe("metadata in a request", () => {
  it("keeps several values of a key, and their order", () => {
    const metadata = new Metadata().append("k", "1").append("K", "2").append("k", "3", "persistent");
    const bytes = written((out) => client.write(out, attempt(metadata), false));
    const found = new RequestFrame();
    server.open(bytes, 0, bytes.byteLength, found);
    assert.deepEqual(
      found.metadata?.entries.map(({ name, value, scope }) => [name, value, scope]),
      [
        ["k", "1", "transient"],
        ["K", "2", "transient"],
        ["k", "3", "persistent"],
      ],
    );
  });

  it("is the same bytes however often it is sent, and others when it has changed", () => {
    const metadata = new Metadata().set("user", "ä", "persistent").set("gdpr-token", "secret");
    const send = (): string => written((out) => client.write(out, attempt(metadata), false)).toString("hex");
    const first = send();
    for (let i = 0; i < 3; i++) assert.equal(send(), first);
    metadata.append("more", "1");
    const more = send();
    assert.notEqual(more, first);
    assert.equal(send(), more);
    metadata.delete("more");
    assert.equal(send(), first);
  });

  it("is shared between the calls that come with the same", () => {
    const metadata = new Metadata().set("user", "7", "persistent").set("hop", "1");
    const bytes = written((out) => client.write(out, attempt(metadata), false));
    const [first, second] = [new RequestFrame(), new RequestFrame()];
    server.open(bytes, 0, bytes.byteLength, first);
    server.open(bytes, 0, bytes.byteLength, second);
    assert.equal(first.metadata, second.metadata);
    assert.equal(first.metadata?.inherited, second.metadata?.inherited);
    assert.deepEqual(
      first.metadata?.inherited?.entries().map((entry) => entry.name),
      ["user"],
    );
  });
});
