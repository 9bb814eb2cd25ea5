/** The methods that a scaffold has a file for, and what each is called. */
import { IdlError, type idl } from "@kiteline/thrift";
import { stubNames } from "../thrift/names.ts";

export interface ScaffoldMethod {
  readonly service: idl.Service;
  readonly function: idl.ServiceFunction;
  /** What its stub and handler are called. */
  readonly stub: string;
  /** Without folder and ending. */
  readonly file: string;
}

/**
 * The methods of all services that the given files define, in their order. A file is called like its method; of several
 * that would be called the same, the first is, and the others have their service's name before it. So methods and
 * services that are added at the end of the IDL change the name of none.
 *
 * Throws an `IdlError` for IDL without a method, and for methods that stream: there is nothing to serve them yet.
 */
export function scaffoldMethods(model: idl.DocumentSet): readonly ScaffoldMethod[] {
  const methods: ScaffoldMethod[] = [];
  const taken = new Set<string>();
  for (const service of new Set(model.roots.flatMap((document) => document.services))) {
    for (const [method, stub] of stubNames(service)) {
      if (method.kind !== "unary" && method.kind !== "oneway") {
        throw new IdlError([
          { ...method.location, message: `${method.name} streams (${method.kind}), which a scaffold cannot serve`, text: "", length: 0 },
        ]);
      }
      let file = kebabCase(method.name);
      if (taken.has(file)) file = `${kebabCase(service.name)}-${file}`;
      while (taken.has(file)) file += "-";
      taken.add(file);
      methods.push({ service, function: method, stub, file });
    }
  }
  if (methods.length > 0) return methods;
  const [root] = model.roots;
  throw new IdlError([
    { path: root?.path ?? "", line: 1, column: 1, message: "expected a service with a method, found none", text: "", length: 0 },
  ]);
}

/** `reviewsForProduct` to `reviews-for-product`, `getURLOf` to `get-url-of`. */
export function kebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase()
    .replace(/^-+|-+$/g, "")
    .replace(/-+/g, "-");
}
