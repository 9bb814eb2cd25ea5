/** Values of generated code in the JSON form of `internal/form`, in which Kitex's side says what it saw. */

export function toForm(value: unknown): unknown {
  switch (typeof value) {
    case "bigint":
      return value.toString();
    case "number":
      if (Object.is(value, -0)) return "-0";
      return Number.isFinite(value) ? value : String(value);
    case "object":
      return value === null ? null : objectForm(value);
    default:
      return value;
  }
}

function objectForm(value: object): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Map) {
    const pairs = [...(value as Map<unknown, unknown>)].map(([key, each]) => [toForm(key), toForm(each)]);
    return pairs.sort(([a], [b]) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (value instanceof Set) return [...(value as Set<unknown>)].map(toForm);
  if (Array.isArray(value)) return value.map(toForm);
  // A union has one field; nothing else in the IDL has a field named case.
  if ("case" in value && "value" in value) return { [value.case as string]: toForm(value.value) };
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(fields.map(([name, each]) => [name, toForm(each)]));
}
