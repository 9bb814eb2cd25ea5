/** A bundle of options that switches a whole capability on, for clients, servers or both. */
import type { ClientOptions } from "./client-options.ts";
import type { ServerOptions } from "./server-options.ts";

export interface Suite {
  /** For people. */
  readonly name: string;
  readonly client?: Partial<Omit<ClientOptions, "target" | "suites">> | undefined;
  readonly server?: Partial<Omit<ServerOptions, "suites">> | undefined;
}

interface Layered {
  readonly middleware?: readonly unknown[] | undefined;
}

/**
 * Options with those of the suites beneath: what the options say themselves wins, earlier suites win over later
 * ones, and middleware adds up, the options' own outermost.
 */
export function withSuites<T extends Layered>(options: T, bundles: readonly (Partial<T> | undefined)[]): T {
  let merged = options;
  for (const bundle of bundles) {
    if (bundle === undefined) continue;
    const given = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
    merged = { ...bundle, ...given, middleware: [...(merged.middleware ?? []), ...(bundle.middleware ?? [])] } as unknown as T;
  }
  return merged;
}
