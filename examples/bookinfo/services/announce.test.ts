import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { announce } from "./announce.ts";

const instance = { name: "reviews-v4", service: "reviews", version: "v4", lane: undefined };

describe("an announcement", () => {
  it("is taken back by who made it, unless another has taken the name over", async (context) => {
    const folder = await mkdtemp(join(tmpdir(), "kiteline-announce-"));
    context.after(() => rm(folder, { recursive: true, force: true }));
    const first = await announce(instance, folder, 1);
    const second = await announce(instance, folder, 2);
    await first();
    assert.deepEqual(await readdir(folder), ["reviews-v4.yaml"]);
    await second();
    assert.deepEqual(await readdir(folder), []);
  });
});
