/** What fields are called in objects and in JSON, and methods in clients and handlers. */
import type { MethodType, ServiceType } from "./model.ts";

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

/** The names of a service's stubs: those of its methods with a lower first letter. */
export function stubNames(service: ServiceType): ReadonlyMap<MethodType, string> {
  // An object with `then` would be taken for a promise.
  const taken = new Set(["then"]);
  return new Map(
    service.methods.map((method) => {
      let name = method.name.charAt(0).toLowerCase() + method.name.slice(1);
      while (taken.has(name)) name += "_";
      taken.add(name);
      return [method, name];
    }),
  );
}
