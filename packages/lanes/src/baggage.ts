/** One member of a `baggage` header (W3C Baggage, 3.2): `key1=value1;property, key2=value%202`. */

/** The decoded value of the first member of this name; `undefined` when there is none. */
export function memberOf(baggage: string, name: string): string | undefined {
  // Looked for again only when it was passed: members without one are many at will.
  let equals = -2;
  for (let start = 0; start < baggage.length; ) {
    const comma = baggage.indexOf(",", start);
    const end = comma < 0 ? baggage.length : comma;
    if (equals !== -1 && equals < start) equals = baggage.indexOf("=", start);
    if (equals >= 0 && equals < end && baggage.slice(start, equals).trim() === name) {
      const semicolon = baggage.indexOf(";", equals);
      const value = baggage.slice(equals + 1, semicolon < 0 || semicolon > end ? end : semicolon).trim();
      return decode(value);
    }
    start = end + 1;
  }
  return undefined;
}

/** The header with this member in place of others of its name, or without any; `undefined` when nothing is left. */
export function withMember(baggage: string | undefined, name: string, value: string | undefined): string | undefined {
  const others = (baggage ?? "")
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "" && member.split(/[=;]/, 1)[0]?.trim() !== name);
  if (value !== undefined) others.unshift(`${name}=${encodeURIComponent(value)}`);
  return others.length === 0 ? undefined : others.join(",");
}

function decode(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // not percent-encoded after all
  }
}
