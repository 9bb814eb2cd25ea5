/**
 * The fields one end has told the other (RFC 7541, section 2.3.2): a ring, the newest first. Its size is what the RFC counts: 32
 * bytes for each entry besides its text.
 */

import { FIELD_OVERHEAD_BYTES } from "../fields.ts";

/** What both ends begin with, before any SETTINGS. */
export const INITIAL_TABLE_BYTES = 4096;
const FIRST_SLOTS = 32;

export class DynamicTable {
  /** Grows with every change; what was looked up before may have moved. */
  generation = 0;
  /** Entries ever added. The newest has this number, the one before it one less. */
  added = 0;
  entries = 0;
  bytes = 0;
  maxBytes: number;
  #mask = FIRST_SLOTS - 1;
  #names: string[] = new Array<string>(FIRST_SLOTS).fill("");
  #values: string[] = new Array<string>(FIRST_SLOTS).fill("");
  /** Whether HTTP allows the field; decoders keep it, so that each field is looked at once. */
  #lawful: boolean[] = new Array<boolean>(FIRST_SLOTS).fill(true);

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** The field added `age` additions before the newest, from 0 to `entries` - 1. */
  name(age: number): string {
    return this.#names[(this.added - age) & this.#mask] as string;
  }

  value(age: number): string {
    return this.#values[(this.added - age) & this.#mask] as string;
  }

  lawful(age: number): boolean {
    return this.#lawful[(this.added - age) & this.#mask] as boolean;
  }

  /** Adds a field; older ones make room. One that is larger than the table empties it, as both ends agree. */
  add(name: string, value: string, lawful: boolean): void {
    this.generation++;
    const size = name.length + value.length + FIELD_OVERHEAD_BYTES;
    this.#shrinkTo(this.maxBytes - size);
    if (size > this.maxBytes) return;
    if (this.entries > this.#mask) this.#growSlots();
    this.added++;
    const slot = this.added & this.#mask;
    this.#names[slot] = name;
    this.#values[slot] = value;
    this.#lawful[slot] = lawful;
    this.entries++;
    this.bytes += size;
  }

  /** What adding a field does that is larger than the table. */
  clear(): void {
    this.generation++;
    this.#shrinkTo(-1);
  }

  resize(maxBytes: number): void {
    this.generation++;
    this.maxBytes = maxBytes;
    this.#shrinkTo(maxBytes);
  }

  #shrinkTo(bytes: number): void {
    while (this.entries > 0 && this.bytes > bytes) {
      const slot = (this.added - --this.entries) & this.#mask;
      this.bytes -= (this.#names[slot] as string).length + (this.#values[slot] as string).length + FIELD_OVERHEAD_BYTES;
      this.#names[slot] = this.#values[slot] = "";
    }
  }

  #growSlots(): void {
    const slots = 2 * (this.#mask + 1);
    const names = new Array<string>(slots).fill("");
    const values = new Array<string>(slots).fill("");
    const lawful = new Array<boolean>(slots).fill(true);
    for (let age = 0; age < this.entries; age++) {
      const slot = (this.added - age) & (slots - 1);
      names[slot] = this.name(age);
      values[slot] = this.value(age);
      lawful[slot] = this.lawful(age);
    }
    this.#names = names;
    this.#values = values;
    this.#lawful = lawful;
    this.#mask = slots - 1;
  }
}
