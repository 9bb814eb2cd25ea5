/** Messages as text for people (protobuf.dev, "Text Format"): for logs and for debugging, written only. */
import type { MessageCodec } from "./codec.ts";
import { decode } from "./encode.ts";
import { extensionCodec } from "./dynamic/extension-codec.ts";
import { readExtension } from "./extensions.ts";
import type { Registry } from "./registry.ts";
import { isOneof, type Field, type MessageType, type Shape } from "./schema/model.ts";
import { codecOf, typeOf } from "./schema/schema-of.ts";
import { typeNameOf } from "./any.ts";
import type { Unknowing } from "./unknown-fields.ts";
import { nestedTooDeep } from "./value-errors.ts";

const MAX_DEPTH = 1000;
const INDENT = "  ";

type Message = Readonly<Record<string, unknown>> & Unknowing;

/** The message's fields, each on a line of its own. With a registry, extensions and what an `Any` holds are shown, too. */
export function toText<Init>(
  codec: MessageCodec<unknown, Init>,
  message: Init,
  options: { readonly registry?: Registry | undefined } = {},
): string {
  const writer = new TextWriter(options.registry);
  writer.message(typeOf(codec), message as Message, 0);
  return writer.text;
}

class TextWriter {
  text = "";
  readonly #registry: Registry | undefined;

  constructor(registry: Registry | undefined) {
    this.#registry = registry;
  }

  message(type: MessageType, message: Message, depth: number): void {
    if (depth > MAX_DEPTH) throw nestedTooDeep(MAX_DEPTH);
    if (type.name === "google.protobuf.Any" && this.#any(message, depth)) return;
    for (const member of type.members) {
      const value = message[member.property];
      if (value === undefined) continue;
      if (!isOneof(member)) this.#field(member, member.name, value, depth);
      else {
        const { case: chosen, value: own } = value as { readonly case: string | undefined; readonly value?: unknown };
        const field = member.fields.find((each) => each.property === chosen);
        if (field !== undefined) this.#value(field.name, field.shape, own, depth);
      }
    }
    this.#unknown(type, message, depth);
  }

  #field(field: Field, name: string, value: unknown, depth: number): void {
    const { shape, key } = field;
    switch (field.cardinality) {
      case "singular":
        this.#value(name, shape, value, depth);
        return;
      case "repeated":
        for (const each of value as readonly unknown[]) this.#value(name, shape, each, depth);
        return;
      case "map":
        for (const [own, each] of value as ReadonlyMap<unknown, unknown>) {
          this.#line(depth, `${name} {`);
          this.#value("key", key!, own, depth + 1);
          this.#value("value", shape, each, depth + 1);
          this.#line(depth, "}");
        }
        return;
    }
  }

  #value(name: string, shape: Shape, value: unknown, depth: number): void {
    if (shape.kind === "message") {
      this.#line(depth, `${name} {`);
      this.message(shape.message, value as Message, depth + 1);
      this.#line(depth, "}");
    } else {
      this.#line(
        depth,
        `${name}: ${shape.kind === "enum" ? (shape.enum.byNumber.get(value as number)?.name ?? String(value)) : scalarText(value)}`,
      );
    }
  }

  #any(message: Message, depth: number): boolean {
    const { typeUrl, value } = message as { readonly typeUrl?: string; readonly value?: Uint8Array };
    const type = typeUrl === undefined ? undefined : this.#registry?.message(typeNameOf(typeUrl));
    if (type === undefined || value === undefined) return false;
    const codec = codecOf(type) as MessageCodec<Message>;
    this.#line(depth, `[${typeUrl!}] {`);
    this.message(type, decode(codec, value), depth + 1);
    this.#line(depth, "}");
    return true;
  }

  #unknown(type: MessageType, message: Message, depth: number): void {
    const known = this.#registry?.extensionsOf(type.name);
    const shown = new Set<number>();
    for (const { tag, bytes } of message.$unknown ?? []) {
      const number = tag >>> 3;
      const field = known?.get(number);
      if (field === undefined) this.#line(depth, `${number}: ${scalarText(bytes)} # wire type ${tag & 7}`);
      else if (!shown.has(number)) {
        shown.add(number);
        const { value } = readExtension(message, number, extensionCodec(field)) as { readonly value?: unknown };
        if (value !== undefined) this.#field(field, `[${field.name}]`, value, depth);
      }
    }
  }

  #line(depth: number, words: string): void {
    this.text += `${INDENT.repeat(depth)}${words}\n`;
  }
}

function scalarText(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Uint8Array) return `"${[...value].map(byteText).join("")}"`;
  if (typeof value === "number" && !Number.isFinite(value)) return String(value).replace("Infinity", "inf").replace("NaN", "nan");
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Printable ASCII as it is, all else in octal. */
function byteText(byte: number): string {
  if (byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c) return String.fromCharCode(byte);
  return `\\${byte.toString(8).padStart(3, "0")}`;
}
