/** A service: what its clients look like, what its handlers look like, and its description. */
import { idl } from "@kiteline/thrift";
import { block, bracketed, callWithObject, lines, typeArguments, type Layout } from "../layout.ts";
import { docOf } from "./comment.ts";
import type { Module } from "./module.ts";
import { isReserved, upperFirst } from "../words.ts";
import { isExpression, keyText, readFieldExpression, readFieldInto } from "./read.ts";
import { readRecord, writeRecordField, type RecordField } from "./record.ts";
import { fieldShape, shapeOf, type Shape } from "./shape.ts";
import { typeOf, type Use } from "./types.ts";
import { standIn } from "./values.ts";
import { writeField } from "./write.ts";

interface Method {
  readonly function: idl.ServiceFunction;
  readonly stub: string;
  readonly args: readonly RecordField[];
  readonly result: Shape | undefined;
}

export function serviceText(module: Module, service: idl.Service): Layout[] {
  const stubs = idl.stubNames(service);
  const methods = service.functions.map(
    (each): Method => ({
      function: each,
      stub: stubs.get(each)!,
      args: argumentsOf(module, service, each),
      result: each.returns === undefined ? undefined : shapeOf(each.returns, module.settings.i64),
    }),
  );
  const name = JSON.stringify(service.name);
  const define = service.extends === undefined ? module.value("defineService") : module.value("extendService");
  const description = callWithObject(
    `export const ${module.names.of(service)}: ${module.type("ServiceDescription")}`,
    [module.names.of(service, "Client"), module.names.of(service, "Handler")],
    define,
    service.extends === undefined ? [name] : [name, module.ref(service.extends, "value")],
    methods.map((each) => methodText(module, each)),
  );
  return [
    lines([...docOf(service), interfaceText(module, service, "Client", methods)]),
    lines([`/** What serves ${service.name}. */`, interfaceText(module, service, "Handler", methods)]),
    ...methods.filter((each) => each.args.length > 0 && !streams(each.function)).map((each) => argumentsText(module, each)),
    description,
  ];
}

function argumentsOf(module: Module, service: idl.Service, method: idl.ServiceFunction): RecordField[] {
  const variables = module.variables(method.arguments);
  const owner = `${service.name}${upperFirst(method.name)}`;
  return method.arguments.map((field) => argument(module, owner, field, variables.get(field)!));
}

/** An argument is given, unless the IDL says otherwise; a struct that does not come is an error. */
function argument(module: Module, owner: string, field: idl.Field, variable: string): RecordField {
  const shape = fieldShape(field, module.settings.i64);
  const { requiredness, value } = field;
  const needed = value === undefined && (requiredness === "required" || (requiredness === "default" && shape.kind === "struct"));
  return {
    field,
    shape,
    property: field.name,
    variable,
    presence: needed ? "required" : requiredness === "optional" && value === undefined ? "optional" : "default",
    standIn: () => standIn(module, owner, field),
    mayBeLeftOut: requiredness === "optional" || value !== undefined,
  };
}

function interfaceText(module: Module, service: idl.Service, side: "Client" | "Handler", methods: readonly Method[]): Layout {
  const base = service.extends === undefined ? "" : ` extends ${module.ref(service.extends, "type", side)}`;
  const members = methods.map((each) => {
    const signature = side === "Client" ? clientSignature(module, each) : handlerSignature(module, each);
    return lines([...docOf(each.function, throwsOf(module, each.function)), signature]);
  });
  return block(`export interface ${module.names.of(service, side)}${base} {`, members);
}

function throwsOf(module: Module, method: idl.ServiceFunction): string[] {
  return method.throws.map((each) => `@throws ${idl.typeText(each.type, module.document)} ${each.comment ?? ""}`.trimEnd());
}

function clientSignature(module: Module, method: Method): Layout {
  const { kind } = method.function;
  const result = method.result === undefined ? "void" : typeOf(module, method.result, "read");
  const returned = kind === "server_stream" || kind === "bidi_stream" ? `AsyncIterable<${result}>` : `Promise<${result}>`;
  const options = `options?: ${module.type("CallOptions")}`;
  return [method.stub, bracketed("(", [...parameters(module, method, "init"), options], ")"), `: ${returned};`];
}

function handlerSignature(module: Module, method: Method): Layout {
  const { kind } = method.function;
  const result = method.result === undefined ? "void" : typeOf(module, method.result, "init");
  const streamed = kind === "server_stream" || kind === "bidi_stream";
  const returned = streamed ? streamType(result, "init") : `Promise<${result}> | ${result}`;
  const call = `call: ${module.type("ServerCall")}`;
  return [method.stub, bracketed("(", [...parameters(module, method, "read"), call], ")"), `: ${returned};`];
}

function parameters(module: Module, method: Method, use: Use): string[] {
  const { kind } = method.function;
  const streamed = kind === "client_stream" || kind === "bidi_stream";
  return method.args.map((one) => {
    const type = argumentType(module, one, use);
    return `${parameterName(one.field)}: ${streamed ? streamType(type, use) : type}`;
  });
}

/** What is there at once may be given, too. */
function streamType(type: string, use: Use): string {
  return use === "init" ? `AsyncIterable<${type}> | Iterable<${type}>` : `AsyncIterable<${type}>`;
}

/** In signatures, where nothing else has a name but what comes last. */
function parameterName(field: idl.Field): string {
  return isReserved(field.name) || field.name === "options" || field.name === "call" ? `${field.name}_` : field.name;
}

function argumentType(module: Module, one: RecordField, use: Use): string {
  const mayLack = use === "init" ? one.mayBeLeftOut : one.presence === "optional";
  return `${typeOf(module, one.shape, use)}${mayLack ? " | undefined" : ""}`;
}

/** The codec of a method's arguments: of the one argument, or of the list of them. */
function argumentsText(module: Module, method: Method): Layout {
  const { args } = method;
  const name = `${method.function.name}_args`;
  const variables = args.map((one) => one.variable);
  const request = variables.length === 1 ? variables[0]! : bracketed("[", variables, "]");
  const write = args.flatMap((one) => writeArgument(module, one));
  const read = readRecord(module, {
    name,
    fields: args,
    keepUnknown: false,
    holdsItself: false,
    result: (values) => (args.length === 1 ? values.get(args[0]!)! : bracketed("[", [...values.values()], "]")),
  });
  return block(
    [`const ${module.names.of(method.function)}: ${module.type("StructCodec")}`, argumentTypes(module, args), " = {"],
    [
      `name: ${JSON.stringify(name)},`,
      block([bracketed("write(", ["out", request], ")"), " {"], [`out.begin(${JSON.stringify(name)});`, ...write, "out.end();"], "},"),
      block("read(inp) {", read, "},"),
    ],
    "};",
  );
}

/** Under its own name an argument cannot be declared again. */
function writeArgument(module: Module, one: RecordField): Layout[] {
  const given = one.mayBeLeftOut && one.field.requiredness !== "optional" && one.shape.kind !== "scalar";
  return writeRecordField(module, given ? { ...one, variable: `${one.variable}_` } : one, one.variable);
}

function argumentTypes(module: Module, args: readonly RecordField[]): Layout {
  const types = (use: Use): string[] => args.map((one) => argumentType(module, one, use));
  const [read, init] = [types("read"), types("init")];
  const tuple = (each: readonly string[]): Layout => (each.length === 1 ? each[0]! : bracketed("[", named(args, each), "]"));
  const same = read.every((type, index) => type === init[index]);
  return typeArguments(same ? [tuple(read)] : [tuple(read), tuple(init)]);
}

function named(args: readonly RecordField[], types: readonly string[]): string[] {
  return args.map((one, index) => `${parameterName(one.field)}: ${types[index]!}`);
}

function methodText(module: Module, method: Method): Layout {
  const { name, kind, idempotency, throws } = method.function;
  const { args, result } = method;
  const streamed = streams(method.function);
  const properties: Layout[] = [
    `name: ${JSON.stringify(name)},`,
    `arity: ${args.length},`,
    `args: ${args.length === 0 || streamed ? module.value("noArguments") : module.names.of(method.function)},`,
  ];
  if (streamed) properties.push(streamedText(module, method.function));
  else if (args.length > 0) properties.push([parametersText(args), ","]);
  if (result !== undefined && !streamed) properties.push(resultText(module, result));
  if (throws.length > 0) properties.push(["exceptions: ", exceptionsText(module, throws), ","]);
  if (kind !== "unary") properties.push(`kind: ${JSON.stringify(kind)},`);
  if (idempotency !== "unknown") properties.push(`idempotency: ${JSON.stringify(idempotency)},`);
  return block(`${method.stub}: {`, properties, "},");
}

/** What the arguments are called, so that errors can say it. */
function parametersText(args: readonly RecordField[]): Layout {
  const names = args.map(({ field }) => `${field.id < 0 ? `[${field.id}]` : field.id}: ${JSON.stringify(field.name)}`);
  return ["parameters: ", bracketed("{", names, "}", " ")];
}

function streams({ kind }: idl.ServiceFunction): boolean {
  return kind !== "unary" && kind !== "oneway";
}

/** A stream's messages are structs by themselves (Kitex). */
function streamedText(module: Module, { arguments: [argument], returns }: idl.ServiceFunction): Layout {
  const codec = (name: string, type: idl.Type): string => `${name}: ${module.ref(structOf(type), "value", "Codec")}`;
  return ["streamed: ", bracketed("{", [codec("request", argument!.type), codec("response", returns!)], "}", " "), ","];
}

/** The IDL has been checked. */
function structOf(type: idl.Type): idl.Struct {
  return (idl.plainType(type) as { readonly definition: idl.Struct }).definition;
}

/** A result is field 0 of a struct, whose other fields are the exceptions. */
function resultText(module: Module, shape: Shape): Layout {
  const read = isExpression(shape)
    ? `read: (inp) => ${readFieldExpression(module, shape)},`
    : block("read(inp) {", [...readFieldInto(module, shape, "value", true), "return value;"], "},");
  const write = block(`write(out, value: ${typeOf(module, shape, "init")}) {`, writeField(module, 0, shape, "value"), "},");
  return block("result: {", [`key: ${keyText(0, shape)},`, write, read], "},");
}

function exceptionsText(module: Module, throws: readonly idl.Field[]): Layout {
  const declared = throws.flatMap((field) => {
    const type = idl.plainType(field.type);
    if (type.kind !== "struct") return [];
    const codec = module.ref(type.definition, "value", "Codec");
    const is = `(error) => error instanceof ${module.ref(type.definition, "value")}`;
    return [bracketed("{", [`id: ${field.id}`, `codec: ${codec}`, `is: ${is}`], "}", " ")];
  });
  return bracketed("[", declared, "]", "", declared.length > 1);
}
