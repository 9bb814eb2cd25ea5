/** Messages as text for people (protobuf.dev, "Text Format Language Specification"): for logs, debugging and tests. */
import type { MessageCodec } from "../codec.ts";
import { decode } from "../encode.ts";
import { extensionCodec } from "../dynamic/extension-codec.ts";
import { isZero } from "../dynamic/scalars.ts";
import { fieldsIn, readExtension } from "../extensions.ts";
import type { Registry } from "../registry.ts";
import { isOneof, type Field, type MessageType, type ScalarShape, type Shape } from "../schema/model.ts";
import { codecOf, typeOf } from "../schema/schema-of.ts";
import { typeNameOf } from "../any.ts";
import type { Unknowing, UnknownField, UnknownFields } from "../unknown-fields.ts";
import { nestedTooDeep } from "../value-errors.ts";
import { GROUP, I32, I64, LEN, VARINT } from "../wire-types.ts";
import { textNameOf } from "./text-names.ts";

const MAX_DEPTH = 1000;
/** What holds fields that nobody knows is looked into so deep: bytes that look like fields by chance do so only once or twice. */
const MAX_GUESSES = 10;
const INDENT = "  ";

type Message = Readonly<Record<string, unknown>> & Unknowing;

export interface TextWriteOptions {
  /** Where `Any` and extensions find their types, whose values are shown then. */
  readonly registry?: Registry | undefined;
  /** Whether fields that the schema does not know are left out. Defaults to false: they are shown by their numbers, and cannot be read again. */
  readonly hideUnknown?: boolean | undefined;
}

/** The message's fields, each on a line of its own, which `fromText` reads. */
export function toText<Init>(codec: MessageCodec<unknown, Init>, message: Init, options: TextWriteOptions = {}): string {
  const writer = new TextWriter(options);
  writer.message(typeOf(codec), message as Message, 0);
  return writer.text;
}

class TextWriter {
  text = "";
  readonly #registry: Registry | undefined;
  readonly #hideUnknown: boolean;

  constructor({ registry, hideUnknown = false }: TextWriteOptions) {
    this.#registry = registry;
    this.#hideUnknown = hideUnknown;
  }

  message(type: MessageType, message: Message, depth: number): void {
    if (depth > MAX_DEPTH) throw nestedTooDeep(MAX_DEPTH);
    if (type.name === "google.protobuf.Any" && this.#any(message, depth)) return;
    for (const member of type.members) {
      const value = message[member.property];
      if (value === undefined) continue;
      if (!isOneof(member)) this.#field(member, textNameOf(member), value, depth);
      else {
        const { case: chosen, value: own } = value as { readonly case: string | undefined; readonly value?: unknown };
        const field = member.fields.find((each) => each.property === chosen);
        if (field !== undefined) this.#value(textNameOf(field), field.shape, own, depth);
      }
    }
    this.#unknown(type, message, depth);
  }

  #field(field: Field, name: string, value: unknown, depth: number): void {
    const { shape, key } = field;
    switch (field.cardinality) {
      case "singular":
        // As on the wire, where it would not be either.
        if (field.presence === "implicit" && shape.kind !== "message" && isZero(shape, value)) return;
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
        `${name}: ${shape.kind === "enum" ? (shape.enum.byNumber.get(value as number)?.name ?? String(value)) : scalarText(shape, value)}`,
      );
    }
  }

  #any(message: Message, depth: number): boolean {
    const { typeUrl, value } = message as { readonly typeUrl?: string; readonly value?: Uint8Array };
    const type = typeUrl === undefined ? undefined : this.#registry?.message(typeNameOf(typeUrl));
    if (type === undefined || value === undefined) return false;
    const held = readIfAny(codecOf(type) as MessageCodec<Message>, value);
    if (held === undefined) return false;
    this.#line(depth, `[${typeUrl!}] {`);
    this.message(type, held, depth + 1);
    this.#line(depth, "}");
    return true;
  }

  #unknown(type: MessageType, message: Message, depth: number): void {
    const known = this.#registry?.extensionsOf(type.name);
    /** What the extensions say that there are, each looked at once; `undefined` for bytes that are no such extension. */
    const read = new Map<number, { readonly value?: unknown } | undefined>();
    for (const each of message.$unknown ?? []) {
      const number = each.tag >>> 3;
      const field = known?.get(number);
      const isFirst = !read.has(number);
      if (field !== undefined && isFirst) read.set(number, extensionIfAny(message, field));
      const held = read.get(number);
      if (field === undefined || held === undefined) {
        if (!this.#hideUnknown) this.#unknownField(each, depth, 0);
      } else if (isFirst && held.value !== undefined) {
        this.#field(field, `[${field.name}]`, held.value, depth);
      }
    }
  }

  /** `inside`: in how many of its kind it stands. */
  #unknownField({ tag, bytes }: UnknownField, depth: number, inside: number): void {
    const name = String(tag >>> 3);
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    switch (tag & 7) {
      case VARINT:
        this.#line(depth, `${name}: ${varintOf(view)}`);
        return;
      case I64:
        this.#line(depth, `${name}: 0x${view.readBigUInt64LE().toString(16).padStart(16, "0")}`);
        return;
      case I32:
        this.#line(depth, `${name}: 0x${view.readUInt32LE().toString(16).padStart(8, "0")}`);
        return;
      case GROUP:
        this.#unknownMessage(name, fieldsIn(view.subarray(0, -varintBytes(tag))), depth, inside);
        return;
      case LEN: {
        const content = view.subarray(view.findIndex((byte) => byte < 0x80) + 1);
        const fields = content.byteLength === 0 || inside >= MAX_GUESSES ? undefined : fieldsIfAny(content);
        if (fields === undefined) this.#line(depth, `${name}: ${bytesText(content)}`);
        else this.#unknownMessage(name, fields, depth, inside);
      }
    }
  }

  #unknownMessage(name: string, fields: UnknownFields, depth: number, inside: number): void {
    if (depth >= MAX_DEPTH) throw nestedTooDeep(MAX_DEPTH);
    this.#line(depth, `${name} {`);
    for (const each of fields) this.#unknownField(each, depth + 1, inside + 1);
    this.#line(depth, "}");
  }

  #line(depth: number, words: string): void {
    this.text += `${INDENT.repeat(depth)}${words}\n`;
  }
}

/** What a field with a length holds is a message if it can be read as one: nothing else tells it from text. */
function fieldsIfAny(bytes: Uint8Array): UnknownFields | undefined {
  try {
    return fieldsIn(bytes);
  } catch {
    return undefined;
  }
}

/** What an `Any` holds need not be what it says. */
function readIfAny(codec: MessageCodec<Message>, bytes: Uint8Array): Message | undefined {
  try {
    return decode(codec, bytes);
  } catch {
    return undefined;
  }
}

/** What fields that nobody knew hold need not be what the registry says of their number, either. */
function extensionIfAny(message: Message, field: Field): { readonly value?: unknown } | undefined {
  try {
    return readExtension(message, field.number, extensionCodec(field)) as { readonly value?: unknown };
  } catch {
    return undefined;
  }
}

function varintOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 7n) | BigInt(byte & 0x7f), 0n);
}

/** How many bytes the number takes as a varint. */
function varintBytes(number: number): number {
  return Math.max(1, Math.ceil((32 - Math.clz32(number)) / 7));
}

function scalarText(shape: ScalarShape, value: unknown): string {
  if (value instanceof Uint8Array) return bytesText(value);
  if (shape.scalar === "string") return JSON.stringify(value);
  if (typeof value === "number" && !Number.isFinite(value)) return String(value).replace("Infinity", "inf").replace("NaN", "nan");
  return Object.is(value, -0) ? "-0" : String(value);
}

function bytesText(bytes: Uint8Array): string {
  return `"${[...bytes].map(byteText).join("")}"`;
}

/** Printable ASCII as it is, all else in octal. */
function byteText(byte: number): string {
  if (byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c) return String.fromCharCode(byte);
  return `\\${byte.toString(8).padStart(3, "0")}`;
}
