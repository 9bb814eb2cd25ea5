/**
 * Stand-ins for values that are about to be written, which note what is read of them: so it is known where in a value a
 * writer is, although writers are told only numbers and generated code keeps no names for them.
 */

export class Reads {
  /** The property read last, of an object that is no list. */
  property = "";
  /** How often one was read. */
  count = 0;
  /** Told of the key of every entry of a map whose turn has come. */
  onKey: (key: unknown) => void = () => undefined;
  /** The properties that observed objects are. */
  readonly #names = new WeakMap<object, string>();

  /** The property that an observed object is; `undefined` for what is none, or where it is an element. */
  nameOf(observed: unknown): string | undefined {
    return typeof observed === "object" && observed !== null ? this.#names.get(observed) : undefined;
  }

  /** What to write in the value's place: gives what the value gives, parts of it observed in turn. `own` is the property that it is. */
  observe(value: unknown, own = ""): unknown {
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
    if (value instanceof Map) return standIn(Map.prototype, value.size, () => this.#entries(value));
    if (value instanceof Set) return standIn(Set.prototype, value.size, () => this.#elements(value));
    const noted = !Array.isArray(value);
    // Not of the value itself: what is frozen may not give anything else than it has.
    const observed = new Proxy(noted ? (Object.create(Object.getPrototypeOf(value) as object | null) as object) : [], {
      get: (_target, name) => {
        const found: unknown = Reflect.get(value, name);
        if (!noted || typeof name !== "string") return this.observe(found);
        // Who asks for a count that is not there took the object for a container, which is the property then.
        const isCount = found === undefined && (name === "length" || name === "size");
        this.property = isCount && own !== "" ? own : name;
        this.count++;
        return this.observe(found, name);
      },
      has: (_target, name) => name in value,
      ownKeys: () => Reflect.ownKeys(value),
      getOwnPropertyDescriptor: (_target, name) => describe(value, name),
    });
    if (own !== "") this.#names.set(observed, own);
    return observed;
  }

  *#entries(map: ReadonlyMap<unknown, unknown>): Generator<[unknown, unknown]> {
    for (const [key, each] of map) {
      this.onKey(key);
      yield [this.observe(key), this.observe(each)];
    }
  }

  *#elements(set: ReadonlySet<unknown>): Generator {
    for (const each of set) yield this.observe(each);
  }
}

/** A property as one that can be told of: what is observed has none of its own. */
function describe(value: object, name: string | symbol): PropertyDescriptor | undefined {
  const own = Reflect.getOwnPropertyDescriptor(value, name);
  return own && { value: undefined, writable: true, configurable: true, enumerable: own.enumerable === true };
}

/** Something of the same kind, with other elements. */
function standIn(prototype: object, size: number, elements: () => Iterator<unknown>): object {
  return Object.create(prototype, { size: { value: size }, [Symbol.iterator]: { value: elements } }) as object;
}
