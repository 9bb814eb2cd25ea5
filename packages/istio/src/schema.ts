/**
 * Descriptions of what YAML may say, which read it at the same time: a value of the right type, or a problem that says
 * where, what was expected and what came. The kinds (`virtual-service.ts` and so on) are written in these words.
 */
import { isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import { parseDurationMs } from "./duration.ts";
import type { Place } from "./place.ts";
import type { Document } from "./yaml-file.ts";

/** How a value of type `T` is read. `undefined`: it was wrong, and that has been reported. */
export interface Type<T> {
  /** `a string`, `a list of ...`: for texts. */
  readonly expected: string;
  /** The types within, by how one gets to them (`.name`, `[]`, `.*`): what the documentation is compared with. */
  readonly parts?: Readonly<Record<string, Field<unknown>>>;
  read(node: Node, place: Place, document: Document): T | undefined;
}

/** A field of a record. */
export interface Field<T> extends Type<T> {
  readonly required?: boolean;
  /** Understood, but nothing obeys it yet: its use is reported. */
  readonly notYet?: boolean;
}

/** The fields of a record of type `T`; `place` is not one of them, it is filled in. */
export type Fields<T> = { readonly [K in keyof Omit<T, "place">]-?: Field<NonNullable<T[K]>> };

export const string: Type<string> = scalar("a string", (value) => (typeof value === "string" ? value : undefined));
export const boolean: Type<boolean> = scalar("true or false", (value) => (typeof value === "boolean" ? value : undefined));

export function integer(min: number, max = 4_294_967_295): Type<number> {
  return scalar(max === 4_294_967_295 ? `a whole number of at least ${min}` : `a whole number from ${min} to ${max}`, (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max ? (value as number) : undefined,
  );
}

export const port: Type<number> = integer(1, 65_535);

export function number(min: number, max: number): Type<number> {
  return scalar(`a number from ${min} to ${max}`, (value) =>
    typeof value === "number" && value >= min && value <= max ? value : undefined,
  );
}

/** Milliseconds. */
export const duration: Type<number> = scalar('a duration such as "1.5s" or "250ms"', (value) =>
  typeof value === "string" ? parseDurationMs(value) : undefined,
);

/** For what is read in full only once it is obeyed. */
export const anything: Type<object> = { expected: "anything", read: () => ({}) };

export function oneOf<const T extends string>(...values: readonly T[]): Type<T> {
  return scalar(`one of ${values.join(", ")}`, (value) => values.find((each) => each === value));
}

export function list<T>(of: Type<T>): Type<readonly T[]> {
  const expected = "a list";
  return {
    expected,
    parts: { "[]": of },
    read(node, place, document) {
      if (!isSeq(node)) return document.wrong(place, node, expected);
      const result: T[] = [];
      let sound = true;
      for (const [index, item] of node.items.entries()) {
        const resolved = document.resolve(item as Node, place);
        const at = place.withLines(document.lineOf(resolved ?? node), new Map()).at(index);
        const value = resolved === undefined ? undefined : of.read(resolved, at, document);
        if (value === undefined) sound = false;
        else result.push(value);
      }
      return sound ? result : undefined;
    },
  };
}

/** Keys chosen by the author. */
export function mapOf<T>(of: Type<T>): Type<Readonly<Record<string, T>>> {
  const expected = "a mapping";
  return {
    expected,
    parts: { ".*": of },
    read(node, place, document) {
      const entries = entriesOf(node, place, document, expected);
      if (entries === undefined) return undefined;
      const result: [string, T][] = [];
      let sound = true;
      for (const { key, value, line } of entries) {
        const at = place.withLines(line, new Map([[key, line]])).at(key);
        const read = of.read(value, at, document);
        if (read === undefined) sound = false;
        else result.push([key, read]);
      }
      return sound ? Object.fromEntries(result) : undefined;
    },
  };
}

/** An object with these fields and no others. `check` sees it when all fields are right, and returns what is wrong. */
export function record<T>(fields: Fields<T>, check?: (value: T) => string | undefined): Type<T> {
  const expected = "a mapping";
  const known = fields as Readonly<Record<string, Field<unknown>>>;
  return {
    expected,
    parts: Object.fromEntries(Object.entries(known).map(([key, field]) => [`.${key}`, field])),
    read(node, place, document) {
      const entries = entriesOf(node, place, document, expected);
      if (entries === undefined) return undefined;
      const here = place.withLines(document.lineOf(node), new Map(entries.map(({ key, line }) => [key, line])));
      const result: Record<string, unknown> = { place: here };
      const present = new Set<string>();
      let sound = true;
      for (const { key, value } of entries) {
        const field = Object.hasOwn(known, key) ? known[key] : undefined;
        if (field === undefined) {
          document.report(here.at(key), `there is no such field; ${suggestion(key, Object.keys(known))}`);
          sound = false;
          continue;
        }
        if (isScalar(value) && value.value === null) continue; // as in Protobuf's JSON: null is left out
        present.add(key);
        if (field.notYet) document.warn(here.at(key), "not obeyed yet");
        const read = field.read(value, here.at(key), document);
        if (read === undefined) sound = false;
        else result[key] = read;
      }
      for (const [key, field] of Object.entries(known)) {
        if (field.required && !present.has(key)) {
          document.report(here.at(key), `expected ${field.expected}, got nothing`);
          sound = false;
        }
      }
      if (!sound) return undefined;
      const wrong = check?.(result as T);
      if (wrong === undefined) return result as T;
      document.report(here, wrong);
      return undefined;
    },
  };
}

export function required<T>(type: Type<T>): Field<T> {
  return { ...type, required: true };
}

/** See `Field.notYet`. */
export function notYet<T>(type: Type<T>): Field<T> {
  return { ...type, notYet: true };
}

/** `check` returns what is wrong with a value of the right type. */
export function checked<T>(type: Type<T>, check: (value: T) => string | undefined): Type<T> {
  return {
    ...type,
    read(node, place, document) {
      const value = type.read(node, place, document);
      const wrong = value === undefined ? undefined : check(value);
      if (wrong === undefined) return value;
      document.report(place, wrong);
      return undefined;
    },
  };
}

function scalar<T>(expected: string, convert: (value: unknown) => T | undefined): Type<T> {
  return {
    expected,
    read(node, place, document) {
      const value = isScalar(node) ? convert(node.value) : undefined;
      return value === undefined ? document.wrong(place, node, expected) : value;
    },
  };
}

interface Entry {
  readonly key: string;
  readonly value: Node;
  readonly line: number;
}

function entriesOf(node: Node, place: Place, document: Document, expected: string): Entry[] | undefined {
  if (!isMap(node)) return document.wrong(place, node, expected);
  const entries: Entry[] = [];
  for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
    const name = isScalar(key) ? String(key.value) : undefined;
    if (name === undefined) {
      document.report(place, "the keys of a mapping must be plain texts");
      return undefined;
    }
    const line = document.lineOf(key);
    const resolved = value === null ? undefined : document.resolve(value, place.withLines(line, new Map()).at(name));
    if (resolved !== undefined) entries.push({ key: name, value: resolved, line });
  }
  return entries;
}

/** The nearest name, if one is near; else all of them. */
function suggestion(key: string, known: readonly string[]): string {
  const near = known.find((name) => name.toLowerCase() === key.toLowerCase()) ?? known.find((name) => distance(name, key) <= 2);
  return near === undefined ? `there are ${known.join(", ")}` : `did you mean "${near}"?`;
}

/** Levenshtein. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min((next[j - 1] as number) + 1, (row[j] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] as number;
}
