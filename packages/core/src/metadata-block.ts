/**
 * Metadata as a request brought it. Callers send the same header again and again, so wires keep what they made of
 * the last ones: a block is shared between calls and never changed.
 */
import { Metadata, type MetadataEntry } from "./metadata.ts";

/** Keys that go all hops although their scope is one hop: every hop sets them anew (W3C Baggage). */
const CARRIED = new Set(["baggage", "x-asm-prefer-tag"]);

export class MetadataBlock {
  readonly entries: readonly MetadataEntry[];
  #inherited: Metadata | null | undefined;

  constructor(entries: readonly MetadataEntry[]) {
    this.entries = entries;
  }

  /** What calls made while handling carry on: persistent entries and `baggage`. Made once, shared: copy before changing. */
  get inherited(): Metadata | undefined {
    if (this.#inherited === undefined) {
      const carried = this.entries.filter((entry) => entry.scope === "persistent" || CARRIED.has(entry.key));
      this.#inherited = carried.length === 0 ? null : Metadata.ofEntries(carried);
    }
    return this.#inherited ?? undefined;
  }
}
