/** Which fields of a struct are always there once it was read, and which may be left out of what is written. */
import { idl } from "@kiteline/thrift";

/**
 * Whether a field of a struct that was read always has a value: sent, by default, or zero. Optional fields without a
 * default have none, nor have those of default requiredness whose zero would be infinite or does not exist.
 */
export function isAlwaysPresent(struct: idl.Struct, field: idl.Field): boolean {
  if (field.requiredness === "required" || field.value !== undefined) return true;
  if (field.requiredness === "optional") return false;
  const type = idl.plainType(field.type);
  if (type.kind !== "struct") return true;
  let present = PRESENT.get(field);
  if (present === undefined) PRESENT.set(field, (present = hasZero(type.definition) && !nestsIn(type.definition, struct)));
  return present;
}

const PRESENT = new WeakMap<idl.Field, boolean>();

/** Whether what is written may lack a field: it is optional, or something stands in for it. */
export function mayBeLeftOut(field: idl.Field): boolean {
  return field.requiredness !== "required" || field.value !== undefined;
}

/** Whether a struct has a value made of zeros: not so unions, which must be something, and structs that require themselves. */
export function hasZero(struct: idl.Struct): boolean {
  return struct.kind !== "union" && requiredBy(struct).every((each) => each.kind !== "union" && !reaches(each, each, requiredBy));
}

/** All structs that a struct requires, directly or not. */
function requiredBy(struct: idl.Struct): readonly idl.Struct[] {
  return [...reachable(struct, (one) => nestedStructs(one, (field) => field.requiredness === "required" && field.value === undefined))];
}

/** Whether making a value of `inner` makes one of `outer`, which then holds itself. */
function nestsIn(inner: idl.Struct, outer: idl.Struct): boolean {
  return inner === outer || reaches(inner, outer, madeWith);
}

/** The structs whose values are made whenever one of this struct is. */
function madeWith(struct: idl.Struct): idl.Struct[] {
  if (struct.kind === "union") return [];
  const byDefault = struct.fields.flatMap((field) => (field.value === undefined ? [] : structsIn(field.value)));
  return [...byDefault, ...nestedStructs(struct, (field) => field.requiredness !== "optional" && field.value === undefined)];
}

/** Whether a value of the struct can hold another one, at whatever depth. */
export function holdsItself(struct: idl.Struct): boolean {
  return reaches(struct, struct, (one) => one.fields.flatMap((field) => structsOf(field.type)));
}

function structsOf(of: idl.Type): readonly idl.Struct[] {
  const type = idl.plainType(of);
  switch (type.kind) {
    case "struct":
      return [type.definition];
    case "list":
    case "set":
      return structsOf(type.element);
    case "map":
      return [...structsOf(type.key), ...structsOf(type.value)];
    default:
      return [];
  }
}

function structsIn(value: idl.Value): idl.Struct[] {
  switch (value.kind) {
    case "list":
      return value.elements.flatMap(structsIn);
    case "map":
      return value.entries.flatMap(([key, each]) => [...structsIn(key), ...structsIn(each)]);
    case "struct":
      return [value.definition, ...[...value.fields.values()].flatMap(structsIn)];
    case "bool":
    case "integer":
    case "double":
    case "string":
    case "enum":
      return [];
  }
}

function nestedStructs(struct: idl.Struct, which: (field: idl.Field) => boolean): idl.Struct[] {
  return struct.fields.filter(which).flatMap((field) => {
    const type = idl.plainType(field.type);
    return type.kind === "struct" ? [type.definition] : [];
  });
}

function reaches(from: idl.Struct, to: idl.Struct, next: (one: idl.Struct) => readonly idl.Struct[]): boolean {
  return reachable(from, next, to).has(to);
}

/** Everything that is reached from one thing by one step or more; no further than to `end`. */
export function reachable<T>(from: T, next: (one: T) => readonly T[], end?: T): ReadonlySet<T> {
  const found = new Set<T>();
  const waiting = [from];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    for (const each of next(one)) {
      if (found.has(each)) continue;
      found.add(each);
      if (each === end) return found;
      waiting.push(each);
    }
  }
  return found;
}
