/** The golden vectors that the codecs are tested with are what Kitex writes today. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { kitexPrograms } from "./build.ts";
import { type Conversation, type RecordedFrame, RECORDED_IN, recordStreams } from "./record-streams.ts";

const COMMITTED = join(import.meta.dirname, "../../packages/thrift/test/kitex-vectors.json");

describe("golden vectors", () => {
  it("of streams mean the same when recorded again", async () => {
    const committed = JSON.parse(readFileSync(RECORDED_IN, "utf8")) as { conversations: Conversation[] };
    // Kitex writes a section's entries in another order each time, and numbers its streams through.
    const meaning = (frame: RecordedFrame): object => ({ ...frame, hex: "", streamId: 0 });
    const meaningOf = (each: Conversation): object => ({ ...each, client: each.client.map(meaning), server: each.server.map(meaning) });
    const recorded = JSON.parse(JSON.stringify(await recordStreams())) as Conversation[];
    assert.deepEqual(recorded.map(meaningOf), committed.conversations.map(meaningOf), "run interop/kitex/record-streams.ts");
  });

  it("are the same when made again", () => {
    const made = execFileSync(kitexPrograms.path("vectors"), { cwd: import.meta.dirname, encoding: "utf8", maxBuffer: 1 << 24 });
    assert.deepEqual(
      JSON.parse(made),
      JSON.parse(readFileSync(COMMITTED, "utf8")),
      `write the output of ${kitexPrograms.path("vectors")} to ${COMMITTED}`,
    );
  });
});
