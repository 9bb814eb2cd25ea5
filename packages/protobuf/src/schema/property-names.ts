/** What fields are called in objects and in JSON. */

/** `foo_bar` to `fooBar`, as protoc makes `json_name`. */
export function lowerCamel(name: string): string {
  return name.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

/** What every object has: a member of that name would be there although nobody set it. */
const OF_OBJECTS: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** `foo_bar` becomes `fooBar`, and gets `_` behind it if it is a name that every object has. */
export function plainPropertyName(name: string): string {
  const property = lowerCamel(name);
  return OF_OBJECTS.has(property) ? `${property}_` : property;
}

/** The same, with another `_` if another member of the message is called so already. */
export function propertyName(name: string, taken: Set<string>): string {
  let property = plainPropertyName(name);
  while (taken.has(property) || property === "") property += "_";
  taken.add(property);
  return property;
}
