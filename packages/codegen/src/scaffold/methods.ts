/** The methods that a scaffold has a file for, and what each is called. */
import { bareName } from "@kiteline/core";
import type { ScaffoldService, ServiceMethod } from "./service.ts";

/** What Windows takes for devices, and names that have nothing left. */
const NO_FILE_NAME = /^(con|prn|aux|nul|com[0-9]|lpt[0-9]|)$/;

export interface ScaffoldMethod {
  readonly service: ScaffoldService;
  readonly method: ServiceMethod;
  /** Without folder and ending. */
  readonly file: string;
}

/**
 * The methods of all services, in their order. A method keeps the file that it has (`known`, by `Service.method`). A new
 * file is called like its method, or after its service, too, where that name is taken.
 */
export function scaffoldMethods(
  services: readonly ScaffoldService[],
  known: ReadonlyMap<string, string> = new Map(),
): readonly ScaffoldMethod[] {
  const taken = new Set(known.values());
  return services.flatMap((service) =>
    service.methods.map((method) => {
      const file = known.get(method.fullName) ?? newFile(service, method, taken);
      taken.add(file);
      return { service, method, file };
    }),
  );
}

function newFile(service: ScaffoldService, method: ServiceMethod, taken: ReadonlySet<string>): string {
  let file = kebabCase(method.name);
  if (taken.has(file) || NO_FILE_NAME.test(file)) file = `${kebabCase(bareName(service.name))}-${file}`;
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
