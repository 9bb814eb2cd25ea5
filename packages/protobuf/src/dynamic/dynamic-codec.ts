/**
 * Codecs made from a schema at run time. They give and take the very values that generated code does, some times slower:
 * for reflection, mocks and tools.
 */
import type { MessageCodec, ProtoFile } from "../codec.ts";
import type { ProtobufReader } from "../reader.ts";
import { isOneof, type Field, type MessageShape, type MessageType, type Oneof } from "../schema/model.ts";
import { isPackable, tagOf, wireType } from "../schema/wire.ts";
import type { UnknownFields } from "../unknown-fields.ts";
import { unset } from "../unset.ts";
import { requireCase, requireMessage, wrongCase } from "../value-errors.ts";
import { LEN } from "../wire-types.ts";
import type { ProtobufWriter } from "../writer.ts";
import { isZero, packScalar, readScalar, writeScalar, zeroOf } from "./scalars.ts";

/** A message's object, by its properties' names. */
export type DynamicMessage = Record<string, unknown> & { $unknown?: UnknownFields | undefined };

interface OneofValue {
  readonly case: string | undefined;
  readonly value?: unknown;
}

/** Its `fields` and `members` are all that is asked of the type. */
export type DynamicType = Pick<MessageType, "name" | "members" | "byNumber" | "fields"> & { readonly file: { readonly source: ProtoFile } };

export class DynamicCodec implements MessageCodec<DynamicMessage> {
  readonly name: string;
  readonly file: ProtoFile;
  readonly #type: DynamicType;
  readonly #inOrder: readonly (Field | Oneof)[];
  readonly #codecOf: (type: MessageType) => MessageCodec;

  /** `codecOf` gives the codecs of the messages inside. */
  constructor(type: DynamicType, codecOf: (type: MessageType) => MessageCodec) {
    this.name = type.name;
    this.file = type.file.source;
    this.#type = type;
    this.#inOrder = type.members.toSorted((a, b) => firstNumber(a) - firstNumber(b));
    this.#codecOf = codecOf;
  }

  empty(): DynamicMessage {
    const message: DynamicMessage = {};
    for (const member of this.#type.members) message[member.property] = emptyOf(member);
    return message;
  }

  write(out: ProtobufWriter, value: DynamicMessage): void {
    if (value.constructor !== Object) requireMessage(value);
    for (const member of this.#inOrder) {
      const own = value[member.property];
      if (isOneof(member)) this.#writeOneof(out, member, own as OneofValue | undefined);
      else if (own !== undefined || member.presence === "required") this.#writeField(out, member, own);
    }
    out.unknown(value.$unknown);
  }

  read(inp: ProtobufReader, message: DynamicMessage = this.empty()): DynamicMessage {
    const { byNumber, fields } = this.#type;
    for (let tag: number; (tag = inp.tag()) !== 0; ) {
      const field = byNumber.get(tag >>> 3);
      if (field === undefined || !this.#readField(inp, tag, field, message)) inp.unknown(tag, message);
    }
    for (const field of fields) {
      if (field.presence === "required" && message[field.property] === undefined)
        inp.lacks(message, field.property, this.name, field.number);
    }
    return message;
  }

  #writeField(out: ProtobufWriter, field: Field, value: unknown): void {
    const { shape, number, cardinality } = field;
    switch (cardinality) {
      case "singular":
        if (field.presence === "implicit" && shape.kind !== "message" && isZero(shape, value)) return;
        this.#writeOne(out, number, shape, value);
        return;
      case "repeated": {
        const values = value as readonly unknown[];
        if (!field.packed || shape.kind === "message") {
          const isText = shape.kind === "scalar" && shape.scalar === "string";
          const list = isText ? out.strings(tagOf(number, LEN), values as readonly string[]) : values;
          for (const each of list) this.#writeOne(out, number, shape, each);
        } else if (values.length > 0) {
          const mark = out.begin(tagOf(number, LEN));
          for (const each of values) packScalar(out, shape, each);
          out.end(mark);
        }
        return;
      }
      case "map":
        for (const [key, each] of value as ReadonlyMap<unknown, unknown>) {
          const entry = out.begin(tagOf(number, LEN));
          this.#writeOne(out, 1, field.key!, key);
          this.#writeOne(out, 2, shape, each);
          out.end(entry);
        }
        return;
    }
  }

  #writeOneof(out: ProtobufWriter, oneof: Oneof, value: OneofValue | undefined): void {
    if (value?.case === undefined) {
      requireCase(`${this.name}.${oneof.name}`, value);
      return;
    }
    const field = oneof.fields.find((each) => each.property === value.case);
    if (field === undefined) throw wrongCase(`${this.name}.${oneof.name}`, value);
    this.#writeOne(out, field.number, field.shape, value.value);
  }

  #writeOne(out: ProtobufWriter, number: number, shape: Field["shape"], value: unknown): void {
    const tag = tagOf(number, wireType(shape));
    if (shape.kind !== "message") {
      writeScalar(out, tag, shape, value);
      return;
    }
    const codec = this.#codecOf(shape.message);
    if (shape.delimited) {
      const mark = out.beginGroup(tag);
      codec.write(out, value);
      out.endGroup(mark, tag, value, codec);
    } else {
      const mark = out.begin(tag);
      codec.write(out, value);
      out.endMessage(mark, value, codec);
    }
  }

  /** Returns whether the tag is one of the field's. */
  #readField(inp: ProtobufReader, tag: number, field: Field, message: DynamicMessage): boolean {
    const { shape, cardinality } = field;
    const packed = cardinality === "repeated" && isPackable(shape) && (tag & 7) === LEN;
    const expected = cardinality === "map" || packed ? LEN : wireType(shape);
    if ((tag & 7) !== expected) return false;
    if (cardinality === "map") this.#readEntry(inp, tag, field, message);
    else if (packed) for (const end = inp.packed(); inp.before(end); ) this.#readValue(inp, field, message);
    else this.#readValue(inp, field, message);
    return true;
  }

  #readValue(inp: ProtobufReader, field: Field, message: DynamicMessage): void {
    const { shape, oneof, property, number } = field;
    const own = message[(oneof ?? field).property];
    if (shape.kind === "message") {
      const prior = field.cardinality === "repeated" ? undefined : oneof === undefined ? own : priorIn(own as OneofValue, property);
      put(message, field, this.#readMessage(inp, number, shape, prior));
      return;
    }
    const value = readScalar(inp, shape);
    if (shape.kind === "enum" && !shape.enum.open && !shape.enum.byNumber.has(value as number)) {
      inp.unknownEnum(number, value as number, message);
    } else put(message, field, value);
  }

  #readMessage(inp: ProtobufReader, number: number, shape: MessageShape, prior: unknown): unknown {
    const codec = this.#codecOf(shape.message);
    if (shape.delimited) inp.enterGroup(number);
    else inp.enter();
    const value = codec.read(inp, prior);
    if (shape.delimited) inp.leaveGroup();
    else inp.leave();
    return value;
  }

  #readEntry(inp: ProtobufReader, tag: number, field: Field, message: DynamicMessage): void {
    const { shape } = field;
    const key = field.key!;
    const from = inp.here();
    inp.enter();
    let name = zeroOf(key);
    let value: unknown = shape.kind === "message" ? undefined : zeroOf(shape);
    for (let inner = inp.tag(); inner !== 0; inner = inp.tag()) {
      if (inner === tagOf(1, wireType(key))) name = readScalar(inp, key);
      else if (inner !== tagOf(2, wireType(shape))) inp.skip(inner);
      else value = shape.kind === "message" ? this.#readMessage(inp, 2, shape, value) : readScalar(inp, shape);
    }
    inp.leave();
    if (shape.kind === "message") value ??= this.#codecOf(shape.message).empty();
    const isKnown = shape.kind !== "enum" || shape.enum.open || shape.enum.byNumber.has(value as number);
    if (isKnown) (message[field.property] as Map<unknown, unknown>).set(name, value);
    else inp.keep(tag, from, message);
  }
}

function firstNumber(member: Field | Oneof): number {
  return isOneof(member) ? Math.min(...member.fields.map((each) => each.number)) : member.number;
}

function emptyOf(member: Field | Oneof): unknown {
  if (isOneof(member)) return unset;
  if (member.cardinality === "repeated") return [];
  if (member.cardinality === "map") return new Map();
  return member.presence !== "implicit" || member.shape.kind === "message" ? undefined : zeroOf(member.shape);
}

function priorIn(value: OneofValue, property: string): unknown {
  return value.case === property ? value.value : undefined;
}

/** Puts a value where it belongs in a message. */
export function put(message: DynamicMessage, field: Field, value: unknown): void {
  if (field.cardinality === "repeated") (message[field.property] as unknown[]).push(value);
  else if (field.oneof === undefined) message[field.property] = value;
  else message[field.oneof.property] = { case: field.property, value };
}
