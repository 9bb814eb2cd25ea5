/** Services and methods as the commands see them, whichever IDL describes them: all messages are JSON. */
import { suggest, type MethodKind, type ServiceDescription } from "@kiteline/core";
import { invalidInput, usage, type Failure } from "../failure.ts";

/** Stubs and handlers take JSON text and give JSON text, or iterables of it where a method streams. */
export type JsonClient = Readonly<Record<string, (...args: unknown[]) => unknown>>;
export type JsonHandler = Readonly<Record<string, (...args: never[]) => unknown>>;

export interface IdlService {
  /** With its package, where it has one. */
  readonly name: string;
  /** The file that defines it, for texts. */
  readonly origin: string;
  readonly methods: readonly IdlMethod[];
  /** For `createClient` and `createServer`. */
  describe(): Promise<ServiceDescription<JsonClient, JsonHandler>>;
}

export interface IdlMethod {
  readonly name: string;
  /** `service.method`. */
  readonly fullName: string;
  readonly kind: MethodKind;
  /** As the IDL writes it, on one line. */
  readonly signature: string;
  /** What the JSON of a request is, such as `an object of the arguments by name`. */
  readonly takes: string;
  /** Whether that can be an object only. */
  readonly takesObject: boolean;
  /** Whether a request has to say nothing: `{}` is one. */
  readonly takesNothing: boolean;
  /** Whether a reply is no value at all. */
  readonly returnsNothing: boolean;
  /** The names of the exceptions that it declares. */
  readonly throws: readonly string[];
  /** What the IDL's defaults say, and where they say nothing zero. */
  exampleRequest(): unknown;
  /** The same, with what `request` has under the same name and of the same type. */
  exampleReply(request: unknown): unknown;
  /** A reply that is given in part, over the example. */
  completeReply(example: unknown, given: unknown): unknown;
  /** One of `throws`, for a handler to throw; `shown` is what it says. */
  exception(name: string, given: unknown): { readonly error: Error; readonly shown: unknown };
}

export function streamsRequests({ kind }: Pick<IdlMethod, "kind">): boolean {
  return kind === "client_stream" || kind === "bidi_stream";
}

export function streamsReplies({ kind }: Pick<IdlMethod, "kind">): boolean {
  return kind === "server_stream" || kind === "bidi_stream";
}

export interface FoundMethod {
  readonly service: IdlService;
  readonly method: IdlMethod;
}

/** All methods by their full names. Throws a failure where there are none, and for services that share a name. */
export function methodsOf(services: readonly IdlService[], origins: string): ReadonlyMap<string, FoundMethod> {
  const all = new Map<string, FoundMethod>();
  for (const service of services) {
    const twin = services.find((each) => each.name === service.name && each !== service);
    // A call names the service by its name alone.
    if (twin !== undefined) throw invalidInput(`two services are called ${service.name}: in ${service.origin} and in ${twin.origin}`);
    for (const method of service.methods) all.set(method.fullName, { service, method });
  }
  if (all.size > 0) return all;
  throw invalidInput(`${origins}: expected a service with a method, found none`);
}

/** The method named, also with a slash instead of the last dot, and without the service's package where that leaves one only. */
export function findMethod<T>(all: ReadonlyMap<string, T>, wanted: string): T | undefined {
  return all.get(fullNameOf(all, wanted));
}

/** The full name of the method named so; what was wanted where there is none. */
export function fullNameOf(all: ReadonlyMap<string, unknown>, wanted: string): string {
  const name = wanted.replace("/", ".");
  const [short, another] = namesBehind(all, name);
  // A method's name alone is too little: which service is called should be seen.
  return !all.has(name) && short !== undefined && another === undefined && name.includes(".") ? short : name;
}

/** Says what there is instead of the method named. `where` is where it was sought, such as `in the IDL`. */
export function noSuchMethod(all: ReadonlyMap<string, FoundMethod>, wanted: string, where: string): Failure {
  const names = [...all.keys()];
  const short = namesBehind(all, wanted.replace("/", "."));
  const parts = wanted.split(/[./]/).length;
  const tails = names.map((each) => each.split(".").slice(-parts).join("."));
  const hints = short.length > 0 ? [`did you mean ${short.join(" or ")}?`] : suggest(wanted.replace("/", "."), [...names, ...tails]);
  return usage(`there is no method ${wanted} ${where}`, ...hints, `there are ${names.join(", ")}`);
}

function namesBehind(all: ReadonlyMap<string, unknown>, name: string): string[] {
  return [...all.keys()].filter((each) => each.endsWith(`.${name}`));
}
