/** A service: what its clients look like, what its handlers look like, and its description. */
import { schema } from "@kiteline/protobuf";
import { block, bracketed, callWithObject, lines, type Layout } from "../layout.ts";
import { docAt } from "./comment.ts";
import type { Module } from "./module.ts";
import { shapeType, type Use } from "./types.ts";

export function serviceText(module: Module, service: schema.ServiceType): Layout[] {
  const stubs = schema.stubNames(service);
  const name = module.names.of(service);
  const methods = [...stubs];
  const client = block(
    `export interface ${module.names.of(service, "Client")} {`,
    methods.map(([method, stub]) =>
      lines([...docAt(service.file, method.path, method.proto.options?.deprecated), clientSignature(module, method, stub)]),
    ),
  );
  const handler = block(
    `export interface ${module.names.of(service, "Handler")} {`,
    methods.map(([method, stub]) => handlerSignature(module, method, stub)),
  );
  return [
    lines([...docAt(service.file, service.path, service.proto.options?.deprecated), client]),
    lines([`/** What serves ${name}. */`, handler]),
    callWithObject(
      `export const ${name}: ${module.type("ProtobufService")}`,
      [module.names.of(service, "Client"), module.names.of(service, "Handler")],
      module.value("defineService"),
      [JSON.stringify(service.name), "file"],
      methods.map(([method, stub]) => methodText(module, method, stub)),
    ),
  ];
}

function typeOf(module: Module, message: schema.MessageType, use: Use): string {
  return shapeType(module, { kind: "message", message, delimited: false }, use);
}

function clientSignature(module: Module, method: schema.MethodType, stub: string): Layout {
  const { kind } = method;
  const [request, response] = [typeOf(module, method.input, "init"), typeOf(module, method.output, "read")];
  const streamed = kind === "client_stream" || kind === "bidi_stream";
  const parameter = `request: ${streamed ? `AsyncIterable<${request}> | Iterable<${request}>` : request}`;
  const returned = kind === "server_stream" || kind === "bidi_stream" ? `AsyncIterable<${response}>` : `Promise<${response}>`;
  return [stub, bracketed("(", [parameter, `options?: ${module.type("CallOptions")}`], ")"), `: ${returned};`];
}

function handlerSignature(module: Module, method: schema.MethodType, stub: string): Layout {
  const { kind } = method;
  const [request, response] = [typeOf(module, method.input, "read"), typeOf(module, method.output, "init")];
  const streamed = kind === "client_stream" || kind === "bidi_stream";
  const parameter = `request: ${streamed ? `AsyncIterable<${request}>` : request}`;
  const several = kind === "server_stream" || kind === "bidi_stream";
  const returned = several ? `AsyncIterable<${response}> | Iterable<${response}>` : `Promise<${response}> | ${response}`;
  return [stub, bracketed("(", [parameter, `call: ${module.type("ServerCall")}`], ")"), `: ${returned};`];
}

function methodText(module: Module, method: schema.MethodType, stub: string): Layout {
  const { kind, idempotency } = method;
  const properties = [
    `name: ${JSON.stringify(method.name)}`,
    `request: ${module.ref(method.input, "value", "Codec")}`,
    `response: ${module.ref(method.output, "value", "Codec")}`,
    ...(kind === "unary" ? [] : [`kind: ${JSON.stringify(kind)}`]),
    ...(idempotency === "unknown" ? [] : [`idempotency: ${JSON.stringify(idempotency)}`]),
  ];
  return [`${stub}: `, bracketed("{", properties, "}", " "), ","];
}
