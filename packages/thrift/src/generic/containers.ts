/** The codecs of lists, sets and maps. */
import { hasFields } from "@kiteline/net";
import type { ThriftReader, ThriftWriter } from "../protocol.ts";
import { shown, ValueError } from "../value-error.ts";
import { LIST, MAP, SET } from "../wire-types.ts";
import { within } from "./within.ts";
import type { ValueCodec } from "./value-codec.ts";

/** Lists are arrays; what can be iterated is accepted. */
export function listCodec(element: ValueCodec): ValueCodec {
  return {
    wireType: LIST,
    writeField(out, id, value) {
      const elements = arrayOf(value, "a list");
      out.listField(id, element.wireType, elements.length);
      writeElements(out, element, elements);
    },
    write(out, value) {
      const elements = arrayOf(value, "a list");
      out.list(element.wireType, elements.length);
      writeElements(out, element, elements);
    },
    read: (inp) => readElements(inp, element, inp.list(element.wireType)),
    zero: [],
  };
}

/** Sets are arrays, too, so that they are the same in JSON; a `Set` is accepted. Elements are not compared. */
export function setCodec(element: ValueCodec): ValueCodec {
  return {
    wireType: SET,
    writeField(out, id, value) {
      const elements = arrayOf(value, "a set");
      out.setField(id, element.wireType, elements.length);
      writeElements(out, element, elements);
    },
    write(out, value) {
      const elements = arrayOf(value, "a set");
      out.set(element.wireType, elements.length);
      writeElements(out, element, elements);
    },
    read: (inp) => readElements(inp, element, inp.set(element.wireType)),
    zero: [],
  };
}

/**
 * Maps are objects without a prototype. Where keys are no text (structs, containers), they are a `Map`, or an array of
 * pairs with `pairs`. All of these are accepted.
 */
export function mapCodec(key: ValueCodec, value: ValueCodec, pairs: boolean): ValueCodec {
  const entriesOf = (map: unknown): Entry[] => {
    if (map instanceof Map) return [...(map as ReadonlyMap<unknown, unknown>)].map(([k, v]) => ({ key: k, value: v, step: stepOf(k) }));
    if (key.key !== undefined) return entriesOfObject(map, key.key.fromText);
    if (pairs) return arrayOf(map, "a map as an array of pairs").map(entryOfPair);
    throw new ValueError(`expected a map as a Map, got ${shown(map)}`);
  };
  const writeEntries = (out: ThriftWriter, entries: readonly Entry[]): void => {
    for (const entry of entries) {
      try {
        key.write(out, entry.key);
      } catch (error) {
        throw within(error, `${entry.step}(key)`);
      }
      try {
        value.write(out, entry.value);
      } catch (error) {
        throw within(error, entry.step);
      }
    }
  };
  return {
    wireType: MAP,
    writeField(out, id, map) {
      const entries = entriesOf(map);
      out.mapField(id, key.wireType, value.wireType, entries.length);
      writeEntries(out, entries);
    },
    write(out, map) {
      const entries = entriesOf(map);
      out.map(key.wireType, value.wireType, entries.length);
      writeEntries(out, entries);
    },
    read(inp) {
      const count = inp.map(key.wireType, value.wireType);
      if (key.key !== undefined) return readObject(inp, count, key, key.key.toText, value);
      return pairs ? readPairs(inp, count, key, value) : new Map(readPairs(inp, count, key, value));
    },
    get zero() {
      return new Map();
    },
  };
}

interface Entry {
  readonly key: unknown;
  readonly value: unknown;
  readonly step: string;
}

function entriesOfObject(map: unknown, fromText: (text: string) => unknown): Entry[] {
  if (!hasFields(map)) throw new ValueError(`expected a map as an object, got ${shown(map)}`);
  return Object.entries(map as Readonly<Record<string, unknown>>).map(([text, value]) => ({
    key: fromText(text),
    value,
    step: stepOf(text),
  }));
}

function entryOfPair(pair: unknown, index: number): Entry {
  if (Array.isArray(pair) && pair.length === 2) {
    const [key, value] = pair as readonly unknown[];
    return { key, value, step: `[${index}]` };
  }
  throw new ValueError(`expected a pair of key and value, got ${shown(pair)}`).within(`[${index}]`);
}

function stepOf(key: unknown): string {
  return typeof key === "string" || typeof key === "number" || typeof key === "bigint" ? `[${shown(key)}]` : "[…]";
}

function readObject(inp: ThriftReader, count: number, key: ValueCodec, toText: (value: unknown) => string, value: ValueCodec): object {
  const object = Object.create(null) as Record<string, unknown>;
  for (let i = 0; i < count; i++) {
    const text = toText(key.read(inp));
    object[text] = value.read(inp);
  }
  return object;
}

function readPairs(inp: ThriftReader, count: number, key: ValueCodec, value: ValueCodec): [unknown, unknown][] {
  // Not at full length at once: nobody has looked whether so many entries can be there.
  const pairs: [unknown, unknown][] = [];
  for (let i = 0; i < count; i++) {
    const first = key.read(inp);
    pairs.push([first, value.read(inp)]);
  }
  return pairs;
}

function readElements(inp: ThriftReader, element: ValueCodec, count: number): unknown[] {
  const elements = new Array<unknown>(count);
  for (let i = 0; i < count; i++) elements[i] = element.read(inp);
  return elements;
}

function writeElements(out: ThriftWriter, element: ValueCodec, elements: readonly unknown[]): void {
  for (let i = 0; i < elements.length; i++) {
    try {
      element.write(out, elements[i]);
    } catch (error) {
      throw within(error, `[${i}]`);
    }
  }
}

function arrayOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Set) return [...(value as ReadonlySet<unknown>)];
  throw new ValueError(`expected ${what} (an array), got ${shown(value)}`);
}
