/** The methods that a scaffold has a file for, and what each is called. */
import { IdlError, type idl } from "@kiteline/thrift";
import { stubNames } from "../thrift/names.ts";

/** What Windows takes for devices, and names that have nothing left. */
const NO_FILE_NAME = /^(con|prn|aux|nul|com[0-9]|lpt[0-9]|)$/;

export interface ScaffoldMethod {
  readonly service: idl.Service;
  readonly function: idl.ServiceFunction;
  /** What its stub and handler are called. */
  readonly stub: string;
  /** Without folder and ending. */
  readonly file: string;
}

/**
 * The methods of all services that the given files define, in their order. A method keeps the file that it has (`known`, by
 * `Service.method`). A new file is called like its method, or after its service, too, where that name is taken.
 *
 * Throws an `IdlError` for IDL without a method, and for methods that stream: there is nothing to serve them yet.
 */
export function scaffoldMethods(model: idl.DocumentSet, known: ReadonlyMap<string, string> = new Map()): readonly ScaffoldMethod[] {
  const methods: ScaffoldMethod[] = [];
  const taken = new Set(known.values());
  for (const service of new Set(model.roots.flatMap((document) => document.services))) {
    for (const [method, stub] of stubNames(service)) {
      if (method.kind !== "unary" && method.kind !== "oneway") {
        throw new IdlError([
          { ...method.location, message: `${method.name} streams (${method.kind}), which a scaffold cannot serve`, text: "", length: 0 },
        ]);
      }
      const file = known.get(`${service.name}.${method.name}`) ?? newFile(service, method, taken);
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

function newFile(service: idl.Service, method: idl.ServiceFunction, taken: ReadonlySet<string>): string {
  let file = kebabCase(method.name);
  if (taken.has(file) || NO_FILE_NAME.test(file)) file = `${kebabCase(service.name)}-${file}`;
  while (taken.has(file)) file += "-2";
  return file;
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
