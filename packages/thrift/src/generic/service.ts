/** Services described by their IDL at run time. */
import { parseJson } from "@kiteline/net/json-text";
import type { ServiceDescription } from "@kiteline/core";
import {
  plainType,
  stubNames,
  typeText,
  type DocumentSet,
  type Field,
  type Service,
  type ServiceFunction,
  type Type,
} from "../idl/model.ts";
import type { StructCodec } from "../protocol.ts";
import { defineService, type DeclaredException, type FieldCodec, type MethodInit, type StreamedMessages } from "../service.ts";
import { jsonDialect, mapDialect } from "./codecs.ts";
import { Compiler } from "./compile.ts";
import { GenericException } from "./generic-exception.ts";
import type { GenericClient, GenericHandler, GenericOptions } from "./options.ts";
import { rawCodec, rawStruct } from "./raw.ts";
import type { StructValueCodec } from "./structs.ts";
import type { ValueCodec } from "./value-codec.ts";
import { within } from "./within.ts";
import { fieldKey } from "../wire-types.ts";

/** How a mode looks at the functions of a service. */
interface Mode {
  arity(fn: ServiceFunction): number;
  args(fn: ServiceFunction): StructCodec<unknown>;
  /** The codec of a result or of an exception's struct. */
  value(type: Type): ValueCodec;
}

export function describe(documents: DocumentSet, name: string, options: GenericOptions): ServiceDescription<GenericClient, GenericHandler> {
  const service = find(documents, name);
  const mode = modeOf(options);
  const methods: Record<string, MethodInit> = {};
  for (const [fn, stub] of stubNames(service)) methods[stub] = methodOf(fn, mode);
  return defineService(service.name, methods);
}

function find(documents: DocumentSet, name: string): Service {
  const services = [...documents.roots, ...documents.documents].flatMap((document) => document.services);
  const service = services.find((each) => each.name === name);
  if (service !== undefined) return service;
  const names = [...new Set(services.map((each) => each.name))].join(", ");
  throw new TypeError(`the IDL has no service ${name}; it has ${names === "" ? "none" : names}`);
}

function modeOf(options: GenericOptions): Mode {
  switch (options.mode) {
    case "json": {
      const compiler = new Compiler(jsonDialect(options));
      const { byName = false } = options;
      return { arity: () => 1, args: (fn) => jsonArguments(compiler, fn, byName), value: (type) => jsonValue(compiler.codec(type)) };
    }
    case "map": {
      const compiler = new Compiler(mapDialect(options));
      return { arity: (fn) => fn.arguments.length, args: (fn) => mapArguments(compiler, fn), value: (type) => compiler.codec(type) };
    }
    case "binary": {
      const compiler = new Compiler(mapDialect({}));
      return { arity: () => 1, args: (fn) => rawStruct(`${fn.name}_args`), value: (type) => rawCodec(compiler.codec(type).wireType) };
    }
    default:
      throw new TypeError(`mode must be json, map or binary, got ${String((options as { mode?: unknown }).mode)}`);
  }
}

function methodOf(fn: ServiceFunction, mode: Mode): MethodInit {
  return {
    name: fn.name,
    arity: mode.arity(fn),
    kind: fn.kind,
    idempotency: fn.idempotency,
    args: mode.args(fn),
    result: fn.returns === undefined ? undefined : resultOf(mode.value(fn.returns)),
    exceptions: fn.throws.map((field) => exceptionOf(field, mode)),
    streamed: streamedOf(fn, mode),
  };
}

/** A stream's messages, in the form of results. */
function streamedOf({ kind, arguments: [argument], returns }: ServiceFunction, mode: Mode): StreamedMessages | undefined {
  if (kind === "unary" || kind === "oneway" || argument === undefined || returns === undefined) return undefined;
  return { request: messageOf(argument.type, mode), response: messageOf(returns, mode) };
}

function messageOf(type: Type, mode: Mode): StructCodec<unknown> {
  const codec = mode.value(type);
  return { name: typeText(type), write: (out, value) => codec.write(out, value), read: (inp) => codec.read(inp) };
}

function resultOf(codec: ValueCodec): FieldCodec {
  return {
    key: fieldKey(0, codec.wireType),
    write(out, value) {
      try {
        codec.writeField(out, 0, value);
      } catch (error) {
        throw within(error, ".result");
      }
    },
    read: (inp) => codec.read(inp),
  };
}

function exceptionOf(field: Field, mode: Mode): DeclaredException {
  const type = plainType(field.type);
  const name = type.kind === "struct" ? type.definition.name : field.name;
  const codec = mode.value(field.type);
  return {
    id: field.id,
    codec: {
      name,
      write: (out, error) => codec.write(out, (error as GenericException).value),
      read: (inp) => new GenericException(name, codec.read(inp)),
    },
    is: (error) => error instanceof GenericException && error.exception === name,
  };
}

/** One argument is the request; several are an array, in the order of the IDL. */
function mapArguments(compiler: Compiler, fn: ServiceFunction): StructCodec<unknown> {
  const name = `${fn.name}_args`;
  const codec = compiler.arguments(name, fn.arguments);
  const names = compiler.names(fn.arguments);
  return {
    name,
    write(out, request) {
      const values = names.length === 1 ? [request] : (request as readonly unknown[]);
      codec.write(out, Object.fromEntries(names.map((each, index) => [each, values[index]])));
    },
    read(inp) {
      const object = codec.read(inp);
      return names.length === 1 ? object[names[0] as string] : names.map((each) => object[each]);
    },
  };
}

/** One argument is the JSON; none or several, or with `byName`, are an object by their names. */
function jsonArguments(compiler: Compiler, fn: ServiceFunction, byName: boolean): StructCodec<unknown> {
  const name = `${fn.name}_args`;
  const codec: StructValueCodec = compiler.arguments(name, fn.arguments);
  const [only, ...others] = compiler.names(fn.arguments);
  const single = byName || others.length > 0 ? undefined : only;
  return {
    name,
    write(out, text) {
      const value = parseJson(text);
      codec.write(out, single === undefined ? value : { [single]: value });
    },
    read(inp) {
      const object = codec.read(inp);
      return JSON.stringify(single === undefined ? object : object[single]);
    },
  };
}

function jsonValue(codec: ValueCodec): ValueCodec {
  return {
    wireType: codec.wireType,
    writeField: (out, id, text) => codec.writeField(out, id, parseJson(text)),
    write: (out, text) => codec.write(out, parseJson(text)),
    read: (inp) => JSON.stringify(codec.read(inp)),
    zero: undefined,
  };
}
