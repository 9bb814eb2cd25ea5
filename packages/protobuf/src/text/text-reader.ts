/** Text to messages (protobuf.dev, "Text Format Language Specification", "Syntax Elements"). Throws `ValueError` with the place. */
import { suggest } from "@kiteline/core";
import { shown } from "@kiteline/net";
import { typeNameOf } from "../any.ts";
import type { MessageCodec } from "../codec.ts";
import { put, type DynamicMessage } from "../dynamic/dynamic-codec.ts";
import { extensionCodec } from "../dynamic/extension-codec.ts";
import { zeroOf } from "../dynamic/scalars.ts";
import { encode } from "../encode.ts";
import { writeExtension } from "../extensions.ts";
import type { Registry } from "../registry.ts";
import type { Field, MessageType, Oneof } from "../schema/model.ts";
import { codecOf, typeOf } from "../schema/schema-of.ts";
import { textNameOf } from "./text-names.ts";
import { readScalar } from "./text-scalars.ts";
import { TextTokens } from "./text-tokens.ts";

export interface TextReadOptions {
  /** Where `Any` and extensions find their types. */
  readonly registry?: Registry | undefined;
  /** Messages inside one another. Defaults to 100. */
  readonly maxDepth?: number | undefined;
}

const NAMES = new WeakMap<MessageType, ReadonlyMap<string, Field>>();
const MAX_DEPTH = 100;

/** The message that a text describes, as `toText` writes it and as people do. Throws `ValueError` for what the schema does not ask for. */
export function fromText<T>(codec: MessageCodec<T, never>, text: string, options: TextReadOptions = {}): T {
  const tokens = new TextTokens(text);
  return new TextReader(tokens, options).message(typeOf(codec), undefined) as T;
}

class TextReader {
  readonly #tokens: TextTokens;
  readonly #registry: Registry | undefined;
  readonly #maxDepth: number;
  #depth = 0;

  constructor(tokens: TextTokens, { registry, maxDepth = MAX_DEPTH }: TextReadOptions) {
    this.#tokens = tokens;
    this.#registry = registry;
    this.#maxDepth = maxDepth;
  }

  /** Reads to the sign that ends the message, or to the end of the text. */
  message(type: MessageType, end: string | undefined): DynamicMessage {
    const message = codecOf(type).empty() as DynamicMessage;
    const extensions = new Map<Field, DynamicMessage>();
    const seen = new Set<Field | Oneof>();
    this.#enter();
    while (!this.#ends(end)) this.#field(type, message, extensions, seen);
    this.#depth--;
    for (const [field, value] of extensions) writeExtension(message, field.number, extensionCodec(field), value);
    for (const field of type.fields) {
      if (field.presence === "required" && message[field.property] === undefined)
        throw this.#tokens.fault(this.#tokens.position, `${type.name} lacks its required field ${field.name}`);
    }
    return message;
  }

  #enter(): void {
    if (++this.#depth > this.#maxDepth)
      throw this.#tokens.fault(this.#tokens.position, `messages are nested more than maxDepth (${this.#maxDepth}) deep`);
  }

  #ends(end: string | undefined): boolean {
    const tokens = this.#tokens;
    if (end !== undefined && tokens.atEnd) throw tokens.wrong(`a field or "${end}"`);
    return end === undefined ? tokens.atEnd : tokens.take(end);
  }

  #field(type: MessageType, message: DynamicMessage, extensions: Map<Field, DynamicMessage>, seen: Set<Field | Oneof>): void {
    const tokens = this.#tokens;
    const from = tokens.position;
    const field = this.#fieldNamed(type, message, seen);
    if (field !== undefined) {
      let into = message;
      if (field.extendee !== undefined) {
        into = extensions.get(field) ?? { value: field.cardinality === "repeated" ? [] : undefined };
        extensions.set(field, into);
      }
      if (field.cardinality === "singular") {
        this.#once(seen, field, type, from);
        if (field.oneof !== undefined) this.#once(seen, field.oneof, type, from);
      }
      this.#values(field, into);
    }
    if (!tokens.take(",")) tokens.take(";");
  }

  /** Undefined when the name has been dealt with, and its value. */
  #fieldNamed(type: MessageType, message: DynamicMessage, seen: Set<Field | Oneof>): Field | undefined {
    const tokens = this.#tokens;
    const from = tokens.position;
    if (tokens.take("[")) {
      const name = tokens.qualifiedName();
      if (name.includes("/")) {
        this.#any(type, name, message, seen);
        return undefined;
      }
      const field = this.#registry?.extension(name);
      if (field?.extendee?.name === type.name) return field;
      throw tokens.fault(from, `the registry knows no extension ${shown(name)} of ${type.name}; pass one in the option registry`);
    }
    const name = tokens.name();
    if (name === undefined) throw tokens.wrong(`the name of a field of ${type.name}`);
    const names = namesOf(type);
    const field = names.get(name);
    if (field !== undefined) return field;
    if (type.proto.reservedName?.includes(name) !== true) {
      const [hint = "there is none like it"] = suggest(name, [...names.keys()]);
      throw tokens.fault(from, `${type.name} has no field ${shown(name)}; ${hint}`);
    }
    this.#skipValue(!tokens.take(":"));
    return undefined;
  }

  /** A message that an `Any` holds, behind the URL of its type. */
  #any(type: MessageType, url: string, message: DynamicMessage, seen: Set<Field | Oneof>): void {
    const tokens = this.#tokens;
    const from = tokens.position;
    if (type.name !== "google.protobuf.Any")
      throw tokens.fault(from, `${type.name} is no google.protobuf.Any, which alone has types' URLs`);
    for (const field of type.fields) this.#once(seen, field, type, from);
    const held = this.#registry?.message(typeNameOf(url));
    if (held === undefined)
      throw tokens.fault(
        from,
        `the registry knows no message ${shown(typeNameOf(url))}, which an Any holds; pass one in the option registry`,
      );
    tokens.take(":");
    message["typeUrl"] = url;
    message["value"] = encode(codecOf(held), this.#enclosed(held));
  }

  #once(seen: Set<Field | Oneof>, member: Field | Oneof, { name }: MessageType, from: number): void {
    if (seen.has(member)) throw this.#tokens.fault(from, `${member.name} of ${name} comes twice`);
    seen.add(member);
  }

  /** What stands behind a field's name. */
  #values(field: Field, message: DynamicMessage): void {
    const tokens = this.#tokens;
    const isMessage = field.shape.kind === "message" || field.cardinality === "map";
    if (!tokens.take(":") && !isMessage) throw tokens.wrong('":"');
    if (field.cardinality === "singular" || !tokens.take("[")) {
      this.#value(field, message);
      return;
    }
    if (tokens.take("]")) return;
    do this.#value(field, message);
    while (tokens.take(","));
    tokens.expect("]");
  }

  #value(field: Field, message: DynamicMessage): void {
    if (field.cardinality === "map") this.#entry(field, message[field.property] as Map<unknown, unknown>);
    else put(message, field, this.#one(field));
  }

  #one({ shape }: Field): unknown {
    return shape.kind === "message" ? this.#enclosed(shape.message) : readScalar(this.#tokens, shape);
  }

  #enclosed(type: MessageType): DynamicMessage {
    return this.message(type, this.#open());
  }

  /** Takes the sign that begins a message; returns the one that ends it. */
  #open(): string {
    if (this.#tokens.take("<")) return ">";
    this.#tokens.expect("{");
    return "}";
  }

  #entry(field: Field, map: Map<unknown, unknown>): void {
    const tokens = this.#tokens;
    const end = this.#open();
    const key = field.key!;
    let name: unknown;
    let value: unknown;
    this.#enter();
    while (!this.#ends(end)) {
      const from = tokens.position;
      const part = tokens.name();
      if (!(part === "key" && name === undefined) && !(part === "value" && value === undefined))
        throw tokens.fault(from, `expected the key and the value of ${field.name}, each once, got ${shown(part)}`);
      if (!tokens.take(":") && (part === "key" || field.shape.kind !== "message")) throw tokens.wrong('":"');
      if (part === "key") name = readScalar(tokens, key);
      else value = this.#one(field);
      if (!tokens.take(",")) tokens.take(";");
    }
    this.#depth--;
    const { shape } = field;
    map.set(name ?? zeroOf(key), value ?? (shape.kind === "message" ? codecOf(shape.message).empty() : zeroOf(shape)));
  }

  /** The value of a field that there was once. `mustEnclose`: without a colon it can be nothing but messages. */
  #skipValue(mustEnclose: boolean): void {
    const tokens = this.#tokens;
    if (tokens.take("[")) {
      if (tokens.take("]")) return;
      do this.#skipOne(mustEnclose);
      while (tokens.take(","));
      tokens.expect("]");
    } else {
      this.#skipOne(mustEnclose);
    }
  }

  #skipOne(mustEnclose: boolean): void {
    const tokens = this.#tokens;
    if (mustEnclose || tokens.sees("{") || tokens.sees("<")) {
      const end = this.#open();
      this.#enter();
      while (!this.#ends(end)) {
        if (tokens.take("[")) tokens.qualifiedName();
        else if (tokens.name() === undefined) throw tokens.wrong("the name of a field");
        this.#skipValue(!tokens.take(":"));
        if (!tokens.take(",")) tokens.take(";");
      }
      this.#depth--;
    } else if (tokens.string() === undefined) {
      tokens.take("-");
      if (tokens.number() === undefined && tokens.name() === undefined) throw tokens.wrong("a value");
    }
  }
}

/** Fields by the names that they have in text. */
function namesOf(type: MessageType): ReadonlyMap<string, Field> {
  let names = NAMES.get(type);
  if (names === undefined) {
    names = new Map([
      ...type.fields.map((field) => [textNameOf(field), field] as const),
      ...type.fields.map((field) => [field.name, field] as const),
    ]);
    NAMES.set(type, names);
  }
  return names;
}
