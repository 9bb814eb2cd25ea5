/** Names that are made of other names. */

/** The name of a field in JSON. */
export function jsonNameOf(name: string): string {
  return name.replace(/_+([^_]?)/g, (_, letter: string) => letter.toUpperCase());
}

/** The name of the message that holds the entries of a map field. */
export function mapEntryNameOf(field: string): string {
  const name = field.replace(/_+([^_]?)/g, (_, letter: string) => letter.toUpperCase());
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Entry`;
}

/** A full name: that of what it stands in, if any, and its own. */
export function within(scope: string, name: string): string {
  return scope === "" ? name : `${scope}.${name}`;
}
