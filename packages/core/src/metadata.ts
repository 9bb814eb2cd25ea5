/**
 * What travels with a call besides its message: a small multimap. Keys are compared in lower case and remembered
 * as they came; values are strings, or bytes under keys that end in `-bin` (gRPC's rule). Each entry has a scope.
 * How the scopes look on each wire stands in `docs/metadata.md`.
 */

/**
 * `transient` goes one hop, `persistent` goes all hops by itself, `backward` belongs to the reply.
 * A plain gRPC header is transient.
 */
export type MetadataScope = "transient" | "persistent" | "backward";

export interface MetadataEntry {
  /** The key in lower case. */
  readonly key: string;
  /** The key as it was set or came. */
  readonly name: string;
  readonly value: string | Uint8Array;
  readonly scope: MetadataScope;
}

/** What options accept: a `Metadata`, or an object whose entries become transient ones. */
export type MetadataInit = Metadata | Readonly<Record<string, string | readonly string[] | Uint8Array>>;

/** What a wire keeps of metadata that it has written. */
export interface EncodedMetadata {
  /** Whose it is: a wire looks only at its own. */
  readonly wire: symbol;
  /** Absent after the first time: most metadata is sent once. */
  bytes: Uint8Array | undefined;
}

export class Metadata {
  #entries: MetadataEntry[] = [];
  /** Room for what a wire made of these entries, for when they are sent again; forgotten when they change. */
  encoded: EncodedMetadata | undefined = undefined;

  static from(init: MetadataInit): Metadata {
    if (init instanceof Metadata) return init;
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(init)) {
      if (isList(value)) for (const one of value) metadata.append(name, one);
      else metadata.append(name, value);
    }
    return metadata;
  }

  /** Entries that were checked when they were read. Bytes are copied: what one call does to its own is nothing to others that brought the same. */
  static ofEntries(entries: readonly MetadataEntry[]): Metadata {
    const metadata = new Metadata();
    const own = entries.slice();
    for (let at = 0; at < own.length; at++) {
      const entry = own[at] as MetadataEntry;
      if (typeof entry.value !== "string") own[at] = { ...entry, value: copyOf(entry.value) };
    }
    metadata.#entries = own;
    return metadata;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** The first value of `name` in any scope (or in the one given), as a string; `undefined` when there is none or it is bytes. */
  get(name: string, scope?: MetadataScope): string | undefined {
    const key = name.toLowerCase();
    for (const entry of this.#entries) {
      if (entry.key === key && (scope === undefined || entry.scope === scope) && typeof entry.value === "string") return entry.value;
    }
    return undefined;
  }

  /** The first value of a `-bin` key as bytes. */
  getBytes(name: string): Uint8Array | undefined {
    const key = name.toLowerCase();
    for (const entry of this.#entries) if (entry.key === key && typeof entry.value !== "string") return entry.value;
    return undefined;
  }

  /** All values of `name`, in the order they were added. */
  getAll(name: string): (string | Uint8Array)[] {
    const key = name.toLowerCase();
    return this.#entries.filter((entry) => entry.key === key).map((entry) => entry.value);
  }

  has(name: string): boolean {
    const key = name.toLowerCase();
    return this.#entries.some((entry) => entry.key === key);
  }

  /** Replaces what `name` had in this scope; bytes are copied. Throws a `TypeError` for an empty name and for a value of the wrong kind. */
  set(name: string, value: string | Uint8Array, scope: MetadataScope = "transient"): this {
    const key = name.toLowerCase();
    this.encoded = undefined;
    this.#entries = this.#entries.filter((entry) => entry.key !== key || entry.scope !== scope);
    return this.append(name, value, scope);
  }

  /** Adds a value beside those that `name` has; bytes are copied. Throws like `set`. */
  append(name: string, value: string | Uint8Array, scope: MetadataScope = "transient"): this {
    const key = name.toLowerCase();
    if (key === "") throw new TypeError("a metadata key must not be empty");
    const bytes = value instanceof Uint8Array;
    if (key.endsWith("-bin") !== bytes || (!bytes && typeof value !== "string")) {
      const got = bytes ? "bytes" : typeof value === "string" ? "a string" : String(value);
      throw new TypeError(`metadata "${name}": bytes go under keys that end in "-bin" and strings under other keys, got ${got}`);
    }
    this.encoded = undefined;
    this.#entries.push({ key, name, value: bytes ? copyOf(value) : value, scope });
    return this;
  }

  /** Removes all values of `name`, or those of one scope. */
  delete(name: string, scope?: MetadataScope): void {
    const key = name.toLowerCase();
    this.encoded = undefined;
    this.#entries = this.#entries.filter((entry) => entry.key !== key || (scope !== undefined && entry.scope !== scope));
  }

  /** A copy that shares no state. */
  clone(): Metadata {
    return Metadata.ofEntries(this.#entries);
  }

  entries(): readonly MetadataEntry[] {
    return this.#entries;
  }

  [Symbol.iterator](): IterableIterator<MetadataEntry> {
    return this.#entries[Symbol.iterator]();
  }
}

/** Of the same class, so that a Buffer stays one; its own `slice` would be a view. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return Uint8Array.prototype.slice.call(bytes);
}

/** `Array.isArray` does not narrow away a readonly array. */
function isList(value: string | readonly string[] | Uint8Array): value is readonly string[] {
  return Array.isArray(value);
}
