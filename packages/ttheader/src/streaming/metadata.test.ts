import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Metadata, type MetadataEntry, type MetadataScope } from "@kiteline/core";
import { frame, ints, readFrame, strings, token } from "../frame.fixture.ts";
import { HEADER, PlayedClient, PlayedServer, streamFrame, TRAILER } from "./played.fixture.ts";

/** The rows of the table in the documents. */
const rows = readFileSync(join(import.meta.dirname, "../../../../docs/metadata.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| stream's "))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, ours = "", wire = "", readAs = ""]) => ({ ours, wire, readAs }));

/** `transient \`Key\` = \`v\`` as an entry, `nothing` as none. */
function entryOf(cell: string): MetadataEntry | undefined {
  const found = /(transient|persistent|backward) `([^`]+)` = (?:`([^`]*)`|bytes ([0-9a-f]+))/.exec(cell);
  if (found === null) {
    assert.match(cell, /nothing$/);
    return undefined;
  }
  const [, scope, name = "", text, digits] = found;
  const value = digits === undefined ? (text ?? "") : Buffer.from(digits, "hex");
  return { key: name.toLowerCase(), name, value, scope: scope as MetadataScope };
}

/** `Header: string \`k\` = \`v\`` or `token \`v\`` as sections, `nothing` as none. */
function sectionsOf(cell: string): Buffer[] {
  const string = /: string `([^`]+)` = `([^`]*)`$/.exec(cell);
  if (string !== null) return [strings({ [string[1] ?? ""]: string[2] ?? "" })];
  const value = /: token `([^`]+)`$/.exec(cell);
  if (value !== null) return [token(value[1] ?? "")];
  assert.equal(cell, "nothing");
  return [];
}

const frameWith = (type: string, sections: readonly Buffer[]): Buffer =>
  frame({ flags: 2, seq: 1, protocolId: 0x10, sections: [ints({ 9: "chat", 27: type }), ...sections] });

const plain = (entry: MetadataEntry | undefined): object[] =>
  entry === undefined ? [] : [{ ...entry, value: typeof entry.value === "string" ? entry.value : [...entry.value] }];

/** What is sent of an entry: strings and token. */
async function sent(where: string, entry: MetadataEntry): Promise<object> {
  if (where === "request") {
    const client = new PlayedClient();
    client.send("chat", "bidi_stream", [], { metadata: Metadata.ofEntries([entry]) });
    const { strings: texts, token: tokenText } = (await client.frames())[0]!;
    delete texts["isn"];
    delete texts["kiteline-window"];
    return { texts, tokenText };
  }
  const server = new PlayedServer((_requests, call) => {
    (where === "reply" ? call.reply : call.trailers).append(entry.name, entry.value, entry.scope);
    return [];
  });
  server.give(frameWith(HEADER, []));
  const { strings: texts, token: tokenText } = (await server.frames())[where === "reply" ? 0 : 1]!;
  return { texts, tokenText };
}

/** What is made of a frame. */
function read(where: string, cell: string): readonly MetadataEntry[] {
  if (where === "request") {
    const server = new PlayedServer(() => new Promise(() => undefined));
    server.give(frameWith(HEADER, sectionsOf(cell)));
    return server.calls[0]?.received?.entries ?? [];
  }
  const client = new PlayedClient();
  const { info } = client.send("chat", "bidi_stream", []);
  client.give(where === "reply" ? frameWith(HEADER, sectionsOf(cell)) : streamFrame(HEADER, 1));
  if (where === "trailers") client.give(frameWith(TRAILER, sectionsOf(cell)));
  return (where === "reply" ? info.reply : info.trailers).entries();
}

describe("the table of streams in docs/metadata.md", () => {
  it("has its rows", () => assert.equal(rows.length, 13));

  for (const { ours, wire, readAs } of rows) {
    const where = /^stream's (request|reply|trailers), /.exec(ours)?.[1] ?? assert.fail(ours);
    const entry = entryOf(ours);
    if (entry !== undefined) {
      it(`says how it is sent: ${ours}`, async () => {
        const { strings: texts, token: tokenText } = readFrame(frameWith(HEADER, sectionsOf(wire)));
        assert.deepEqual(await sent(where, entry), { texts, tokenText });
      });
    }
    if (wire === "nothing") continue;
    it(`says how it is read: ${wire} in a ${where}`, () => {
      assert.deepEqual(read(where, wire).flatMap(plain), plain(entryOf(readAs)));
    });
  }
});
