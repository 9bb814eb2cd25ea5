/** Messages that are JSON text in the program: what calls without generated code speak of. */
import type { MessageCodec } from "./codec.ts";
import { fromJsonText, toJsonText } from "./json/json.ts";
import type { JsonReadOptions, JsonWriteOptions } from "./json/options.ts";
import type { ProtobufReader } from "./reader.ts";
import type { MessageType } from "./schema/model.ts";
import { codecOf } from "./schema/schema-of.ts";
import type { ProtobufWriter } from "./writer.ts";

/** A whole message as JSON text. It is never a part of another, so that nothing is merged into it. */
export class JsonTextCodec implements MessageCodec<string> {
  readonly foreign = true;
  readonly name: string;
  readonly file: MessageCodec["file"];
  /** That of the message itself, for who carries it in other ways than as bytes. */
  readonly messages: MessageCodec;
  readonly #options: JsonReadOptions & JsonWriteOptions;

  constructor(type: MessageType, options: JsonReadOptions & JsonWriteOptions) {
    this.messages = codecOf(type);
    this.name = this.messages.name;
    this.file = this.messages.file;
    this.#options = options;
  }

  textOf(message: unknown): string {
    return toJsonText(this.messages, message, this.#options);
  }

  /** Throws `ValueError` with the path for what the schema does not ask for. */
  messageOf(text: string): unknown {
    return fromJsonText(this.messages, text, this.#options);
  }

  empty(): string {
    return this.textOf(this.messages.empty());
  }

  write(out: ProtobufWriter, text: string): void {
    this.messages.write(out, this.messageOf(text));
  }

  read(inp: ProtobufReader): string {
    return this.textOf(this.messages.read(inp));
  }
}
