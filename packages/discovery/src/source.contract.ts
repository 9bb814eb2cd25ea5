/** What every source promises. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { type Snapshot, type Source, staticSnapshot } from "@kiteline/policy";

export interface SourceUnderTest {
  readonly source: Source;
  /** Makes the source learn something new, and settles when it must have told. */
  readonly change: () => Promise<void>;
}

/** A snapshot that differs from those of other numbers. */
export function numbered(port: number): Snapshot {
  return { ...staticSnapshot(`127.0.0.1:${port}`), version: String(port) };
}

/** `create` makes a source that has, or will have without further ado, a first snapshot. */
export function testSource(create: () => Promise<SourceUnderTest>): void {
  it("is ready with its first snapshot, which is then the current one", async () => {
    const { source } = await create();
    const first = await source.ready();
    assert.equal(source.current, first);
    assert.equal(await source.ready(), first);
    source.close();
  });

  it("tells whoever listens of the current snapshot at once and of later ones in order", async () => {
    const { source, change } = await create();
    const first = await source.ready();
    const told: Snapshot[] = [];
    source.subscribe((snapshot) => told.push(snapshot));
    assert.deepEqual(told, [first]);
    await change();
    assert.equal(told.length, 2);
    assert.equal(told[1], source.current);
    assert.notEqual(told[1]?.version, first.version);
    source.close();
  });

  it("tells nothing to a subscription that was closed, and the same to each of two", async () => {
    const { source, change } = await create();
    await source.ready();
    const told: string[] = [];
    const listener = (): void => void told.push("x");
    const one = source.subscribe(listener);
    source.subscribe(listener);
    assert.equal(told.length, 2);
    one.close();
    one.close();
    await change();
    assert.equal(told.length, 3);
    source.close();
  });

  it("falls silent when closed, and keeps its last snapshot", async () => {
    const { source, change } = await create();
    const last = await source.ready();
    let told = 0;
    source.subscribe(() => told++);
    source.close();
    source.close();
    await change();
    source.refresh();
    assert.equal(told, 1);
    assert.equal(source.current, last);
  });
}
