/** Services described by their schema at run time, whose messages are JSON text: calls without generated code, both sides. */
import type { MessageCodec } from "./codec.ts";
import { fromJsonText, toJsonText } from "./json/json.ts";
import type { JsonReadOptions, JsonWriteOptions } from "./json/options.ts";
import type { ProtobufReader } from "./reader.ts";
import type { MessageType, ServiceType } from "./schema/model.ts";
import { stubNames } from "./schema/names.ts";
import { codecOf } from "./schema/schema-of.ts";
import { defineService, type MethodInit, type ProtobufService } from "./service.ts";
import type { ProtobufWriter } from "./writer.ts";

/** How messages are read from JSON and written as JSON. */
export type GenericOptions = JsonReadOptions & JsonWriteOptions;

/** Stubs by method name, its first letter in lower case. What streams is an iterable of texts. The last parameter is the call's options. */
export type GenericClient = Readonly<Record<string, (...args: unknown[]) => unknown>>;
/** What implements them, by the same names. */
export type GenericHandler = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Describes a service for `createClient` and `createServer`. Requests and replies are JSON text. */
export function genericService(service: ServiceType, options: GenericOptions = {}): ProtobufService<GenericClient, GenericHandler> {
  const methods: Record<string, MethodInit> = {};
  for (const [{ name, kind, idempotency, input, output }, stub] of stubNames(service)) {
    methods[stub] = { name, kind, idempotency, request: new JsonCodec(input, options), response: new JsonCodec(output, options) };
  }
  return defineService(service.name, service.file.source, methods);
}

/** A whole message as JSON text. It is never a part of another, so that nothing is merged into it. */
class JsonCodec implements MessageCodec<string> {
  readonly name: string;
  readonly file: MessageCodec["file"];
  readonly #codec: MessageCodec;
  readonly #options: GenericOptions;

  constructor(type: MessageType, options: GenericOptions) {
    this.#codec = codecOf(type);
    this.name = this.#codec.name;
    this.file = this.#codec.file;
    this.#options = options;
  }

  empty(): string {
    return toJsonText(this.#codec, this.#codec.empty(), this.#options);
  }

  write(out: ProtobufWriter, text: string): void {
    this.#codec.write(out, fromJsonText(this.#codec, text, this.#options));
  }

  read(inp: ProtobufReader): string {
    return toJsonText(this.#codec, this.#codec.read(inp), this.#options);
  }
}
