/** What methods are called in clients and handlers. */
import type { MethodType, ServiceType } from "./model.ts";

/** The names of a service's stubs: those of its methods with a lower first letter. */
export function stubNames(service: ServiceType): ReadonlyMap<MethodType, string> {
  // An object with `then` would be taken for a promise, and what every object has for what a handler implements.
  const taken = new Set(["then"]);
  return new Map(
    service.methods.map((method) => {
      let name = method.name.charAt(0).toLowerCase() + method.name.slice(1);
      while (taken.has(name) || name in Object.prototype) name += "_";
      taken.add(name);
      return [method, name];
    }),
  );
}
