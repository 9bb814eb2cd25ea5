/** What fields are called in objects and in JSON. */

/** `foo_bar` to `fooBar`, as protoc makes `json_name`. */
export function lowerCamel(name: string): string {
  return name.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

/** `foo_bar` becomes `fooBar`, and gets `_` behind it if another member of the message is called so already. */
export function propertyName(name: string, taken: Set<string>): string {
  let property = lowerCamel(name);
  while (taken.has(property) || property === "") property += "_";
  taken.add(property);
  return property;
}
