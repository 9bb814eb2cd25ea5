/** Services of Thrift IDL. */
import { GenericException, genericService, idl } from "@kiteline/thrift";
import { GENERIC } from "../generic.ts";
import { toJson } from "../printer.ts";
import type { IdlMethod, IdlService } from "./service.ts";
import { exampleArguments, exampleOf, exampleReply } from "./thrift-example.ts";

/** The services that the IDL given defines; those of files that it only includes are others' business. */
export function thriftServices(documents: idl.DocumentSet): readonly IdlService[] {
  const services = [...new Set(documents.roots)].flatMap((document) => document.services);
  return services.map((service) => ({
    name: service.name,
    origin: service.document.path,
    methods: idl.functionsOf(service).map((each) => new ThriftMethod(service, each)),
    describe: () => genericService(documents, service.name, GENERIC),
  }));
}

class ThriftMethod implements IdlMethod {
  readonly name: string;
  readonly fullName: string;
  readonly kind: IdlMethod["kind"];
  readonly signature: string;
  readonly takes: string;
  readonly takesObject = true;
  readonly takesNothing: boolean;
  readonly returnsNothing: boolean;
  readonly throws: readonly string[];
  readonly #function: idl.ServiceFunction;
  /** Of a stream: its requests are values of this type, not arguments by name. */
  readonly #streamed: idl.Type | undefined;

  constructor(service: idl.Service, method: idl.ServiceFunction) {
    const { name, kind, returns, throws } = method;
    this.#function = method;
    this.#streamed = kind === "unary" || kind === "oneway" ? undefined : method.arguments[0]?.type;
    this.name = name;
    this.fullName = `${service.name}.${name}`;
    this.kind = kind;
    this.signature = signatureOf(method, service.document);
    this.takes = this.#streamed === undefined ? "an object of the arguments by name" : `a ${idl.typeText(this.#streamed)} (an object)`;
    this.takesNothing = method.arguments.length === 0;
    this.returnsNothing = returns === undefined;
    this.throws = throws.map((field) => field.name);
  }

  exampleRequest(): unknown {
    return this.#streamed === undefined ? exampleArguments(this.#function.arguments) : exampleOf(this.#streamed);
  }

  exampleReply(request: unknown): unknown {
    const { returns, arguments: parameters } = this.#function;
    if (returns === undefined) return null;
    const byName = this.#streamed === undefined ? request : { [parameters[0]?.name ?? ""]: request };
    return exampleReply(returns, parameters, byName as Record<string, unknown>);
  }

  completeReply(example: unknown, given: unknown): unknown {
    return this.#function.returns === undefined ? null : overlay(this.#function.returns, example, given);
  }

  exception(name: string, given: unknown): { readonly error: Error; readonly shown: unknown } {
    const field = this.#function.throws.find((each) => each.name === name);
    const type = field === undefined ? undefined : idl.plainType(field.type);
    if (type?.kind !== "struct") throw new Error(`${this.name} does not throw ${name}`); // refused when the answers were read
    const value = overlay(type, exampleOf(type), given);
    const exception = type.definition.name;
    return { error: new GenericException(exception, toJson(value)), shown: { [exception]: value } };
  }
}

function signatureOf({ name, kind, returns, arguments: parameters, throws }: idl.ServiceFunction, within: idl.Document): string {
  const list = (fields: readonly idl.Field[]): string =>
    fields.map((field) => `${field.id}: ${idl.typeText(field.type, within)} ${field.name}`).join(", ");
  const [oneway, streams] = [kind === "oneway" ? "oneway " : "", kind === "unary" || kind === "oneway" ? "" : ` (${kind})`];
  const thrown = throws.length === 0 ? "" : ` throws (${list(throws)})`;
  return `${oneway}${returns === undefined ? "void" : idl.typeText(returns, within)} ${name}(${list(parameters)})${thrown}${streams}`;
}

/** The given fields of a struct over those of its example; anything else as it is given. */
function overlay(type: idl.Type, example: unknown, given: unknown): unknown {
  const plain = idl.plainType(type);
  const isObject = typeof given === "object" && given !== null && !Array.isArray(given);
  return plain.kind === "struct" && plain.definition.kind !== "union" && isObject ? { ...(example as object), ...given } : given;
}
