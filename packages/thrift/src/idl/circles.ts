/** Things that are made of themselves. */
import type { Field, Type, Typedef, Value } from "./model.ts";

/** A way from `start` back to itself. */
export function circleFrom<T>(start: T, next: (one: T) => readonly T[]): T[] | undefined {
  const seen = new Set<T>();
  const walk = (one: T): T[] | undefined => {
    for (const each of next(one)) {
      if (each === start) return [one, each];
      if (seen.has(each)) continue;
      seen.add(each);
      const rest = walk(each);
      if (rest !== undefined) return [one, ...rest];
    }
    return undefined;
  };
  return walk(start);
}

/** The typedefs that a type is made of, not counting those in the fields of structs. */
export function typedefsIn(type: Type): Typedef[] {
  switch (type.kind) {
    case "typedef":
      return [type.definition];
    case "list":
    case "set":
      return typedefsIn(type.element);
    case "map":
      return [...typedefsIn(type.key), ...typedefsIn(type.value)];
    default:
      return [];
  }
}

/** The defaults that the default of a field puts in where it leaves out fields of structs. */
export function defaultsIn(field: Field): Field[] {
  const inValue = (value: Value): Field[] => {
    switch (value.kind) {
      case "list":
        return value.elements.flatMap(inValue);
      case "map":
        return value.entries.flatMap(([key, each]) => [...inValue(key), ...inValue(each)]);
      case "struct": {
        const { fields, kind } = value.definition;
        const leftOut = kind === "union" ? [] : fields.filter((each) => each.value !== undefined && !value.fields.has(each));
        return [...leftOut, ...[...value.fields.values()].flatMap(inValue)];
      }
      default:
        return [];
    }
  };
  return field.value === undefined ? [] : inValue(field.value);
}
