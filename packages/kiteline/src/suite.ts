/** A bundle of options that switches a whole capability on, for clients, servers or both. */
import type { Middleware } from "@kiteline/core";
import type { ServerTls } from "@kiteline/net";
import { shown } from "@kiteline/net/start";
import type { ClientSettings } from "./client-options.ts";
import { requireHttp2, requireKnown, requireList, requireOptions, requireTls, requireType, type OptionNames } from "./check.ts";
import { CLIENT_OPTIONS, CLIENT_TLS_OPTIONS, CORS_OPTIONS, HTTP2_OPTIONS, SERVER_OPTIONS, SERVER_TLS_OPTIONS } from "./option-names.ts";
import type { ServerSettings } from "./server-options.ts";

export interface Suite {
  /** For people. */
  readonly name: string;
  readonly client?: Partial<Omit<ClientSettings, "target">> | undefined;
  readonly server?: Partial<ServerSettings> | undefined;
}

/** What `createClient` takes. */
export interface ClientOptions extends ClientSettings {
  readonly suites?: readonly Suite[] | undefined;
}

/** What `createServer` takes. */
export interface ServerOptions extends ServerSettings {
  readonly suites?: readonly Suite[] | undefined;
}

/**
 * The options with those of their suites beneath: what the options say themselves wins, earlier suites win over
 * later ones, and middleware adds up, the options' own outermost.
 */
export function clientSettings(options: ClientOptions): ClientSettings {
  requireOptions(options, 'createClient takes options after the service, at least { target: "host:port" }');
  requireKnown("createClient has", options, { ...CLIENT_OPTIONS, suites: true });
  const { suites, ...own } = options;
  let settings: ClientSettings = { ...own, middleware: requireList("middleware", own.middleware, "function") };
  for (const { name, client = {} } of requireSuites(suites)) {
    requireKnown(`clients, which the suite "${name}" sets up, have`, client, CLIENT_OPTIONS);
    settings = { ...layer(settings, client), target: own.target };
  }
  requireTls("clients", settings.tls, CLIENT_TLS_OPTIONS);
  requireHttp2(settings.http2, HTTP2_OPTIONS);
  return settings;
}

/** The same for servers. */
export function serverSettings(options: ServerOptions): ServerSettings {
  requireOptions(options, "createServer takes options as an object");
  requireKnown("createServer has", options, { ...SERVER_OPTIONS, suites: true });
  const { suites, ...own } = options;
  let settings: ServerSettings = { ...own, middleware: requireList("middleware", own.middleware, "function") };
  for (const { name, server = {} } of requireSuites(suites)) {
    requireKnown(`servers, which the suite "${name}" sets up, have`, server, SERVER_OPTIONS);
    settings = layer(settings, server);
  }
  requireTls("servers", settings.tls, SERVER_TLS_OPTIONS);
  if (settings.tls !== undefined) requireCertificate(settings.tls);
  requireHttp2(settings.http2, HTTP2_OPTIONS);
  requireType("cors", settings.cors, "object");
  if (settings.cors !== undefined) requireKnown("the option cors has", settings.cors, CORS_OPTIONS);
  return settings;
}

function requireSuites(suites: readonly Suite[] | undefined): readonly Suite[] {
  for (const suite of requireList("suites", suites, "object")) {
    if (typeof (suite as Partial<Suite>).name !== "string")
      throw new TypeError(`the name of a suite must be a string, got ${shown(suite.name)}`);
    requireKnown(`the suite "${suite.name}" has`, suite, SUITE_PARTS);
    for (const part of ["client", "server"] as const) requireType(`"${part}" of the suite "${suite.name}"`, suite[part], "object");
  }
  return suites ?? [];
}

const SUITE_PARTS: OptionNames<Suite> = { name: true, client: true, server: true };

function requireCertificate(tls: ServerTls): void {
  const { cert, key } = tls as Partial<ServerTls>;
  if (cert !== undefined && key !== undefined) return;
  throw new TypeError(
    `the option tls of servers needs cert and key, PEM texts or their bytes; ${cert === undefined ? "cert" : "key"} is missing`,
  );
}

function layer<T extends { readonly middleware?: readonly Middleware[] | undefined }>(over: T, under: Partial<T>): T {
  const given = Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined)) as T;
  return { ...under, ...given, middleware: [...(over.middleware ?? []), ...requireList("middleware", under.middleware, "function")] };
}
