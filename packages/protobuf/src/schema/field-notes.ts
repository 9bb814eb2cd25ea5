/**
 * What errors say of a message's fields, read straight from its file's descriptor: schemas, which have it all, are too much
 * to load for programs that only encode.
 */
import type { MessageCodec, ProtoFile } from "../codec.ts";
import { ProtobufReader } from "../reader.ts";
import { plainPropertyName } from "./property-names.ts";

export interface FieldNote {
  /** What it is called in a message's object, as long as no other name is nearly the same; of a oneof's field its case. */
  readonly property: string;
  /** The property of the oneof that it belongs to. */
  readonly oneof: string | undefined;
  readonly isRepeated: boolean;
  /** The full name of its messages; `undefined` where it has none. */
  readonly message: string | undefined;
}

export interface MessageNote {
  readonly isMapEntry: boolean;
  /** By number. */
  readonly fields: ReadonlyMap<number, FieldNote>;
}

/** What the descriptors of a file and of its imports say of a message; `undefined` when they have none of that name. */
export function noteMessage(file: ProtoFile, name: string): MessageNote | undefined {
  return search(file, name, noteIn, new Set());
}

/** The codec of a message of a file or of its imports. */
export function findCodec(file: ProtoFile, name: string): MessageCodec | undefined {
  return search(file, name, (source) => source.codecs().find((each) => each.name === name), new Set());
}

function search<T>(
  file: ProtoFile,
  name: string,
  look: (file: ProtoFile, name: string) => T | undefined,
  seen: Set<ProtoFile>,
): T | undefined {
  seen.add(file);
  let found = look(file, name);
  for (const each of file.imports) if (found === undefined && !seen.has(each)) found = search(each, name, look, seen);
  return found;
}

/** The parts of descriptor.proto that are looked at, as `(number << 3) | wire type`; all else is stepped over. */
const FILE = { package: 18, message: 34 } as const;
const MESSAGE = { name: 10, field: 18, nested: 26, options: 58, oneof: 66 } as const;
const FIELD = { name: 10, number: 24, label: 32, type: 40, typeName: 50, oneofIndex: 72, proto3Optional: 136 } as const;
const IS_MAP_ENTRY = 56;
const ONEOF_NAME = 10;
const REPEATED = 3;
const [GROUP, MESSAGE_TYPE] = [10, 11];

interface RawField {
  name: string;
  number: number;
  label: number;
  type: number;
  typeName: string;
  /** -1 for none. */
  oneof: number;
}

interface RawMessage {
  name: string;
  isMapEntry: boolean;
  readonly fields: RawField[];
  readonly oneofs: string[];
  readonly nested: RawMessage[];
}

function noteIn(file: ProtoFile, name: string): MessageNote | undefined {
  const bytes = Buffer.from(file.descriptor(), "base64");
  const inp = new ProtobufReader();
  inp.reset(bytes, 0, bytes.byteLength);
  let scope = "";
  let messages: RawMessage[] = [];
  for (let tag: number; (tag = inp.tag()) !== 0; ) {
    if (tag === FILE.package) scope = inp.string();
    else if (tag === FILE.message) messages.push(within(inp, readMessage));
    else inp.skip(tag);
  }
  const prefix = scope === "" ? "" : `${scope}.`;
  if (!name.startsWith(prefix)) return undefined;
  let found: RawMessage | undefined;
  for (const step of name.slice(prefix.length).split(".")) {
    found = messages.find((each) => each.name === step);
    messages = found?.nested ?? [];
  }
  return found === undefined ? undefined : noteOf(found);
}

function noteOf({ fields, oneofs, isMapEntry }: RawMessage): MessageNote {
  const noted = fields.map(({ name, number, label, type, typeName, oneof }): [number, FieldNote] => {
    const choice = oneofs[oneof];
    return [
      number,
      {
        property: plainPropertyName(name),
        oneof: choice === undefined ? undefined : plainPropertyName(choice),
        isRepeated: label === REPEATED,
        message: type === MESSAGE_TYPE || type === GROUP ? typeName.replace(/^\./, "") : undefined,
      },
    ];
  });
  return { isMapEntry, fields: new Map(noted) };
}

function within<T>(inp: ProtobufReader, read: (inp: ProtobufReader) => T): T {
  inp.enter();
  const value = read(inp);
  inp.leave();
  return value;
}

function readMessage(inp: ProtobufReader): RawMessage {
  const message: RawMessage = { name: "", isMapEntry: false, fields: [], oneofs: [], nested: [] };
  for (let tag: number; (tag = inp.tag()) !== 0; ) {
    if (tag === MESSAGE.name) message.name = inp.string();
    else if (tag === MESSAGE.field) message.fields.push(within(inp, readField));
    else if (tag === MESSAGE.nested) message.nested.push(within(inp, readMessage));
    else if (tag === MESSAGE.oneof) message.oneofs.push(within(inp, readOneof));
    else if (tag === MESSAGE.options) message.isMapEntry = within(inp, readMapEntry);
    else inp.skip(tag);
  }
  return message;
}

function readField(inp: ProtobufReader): RawField {
  const field: RawField = { name: "", number: 0, label: 0, type: 0, typeName: "", oneof: -1 };
  let isOptional = false;
  for (let tag: number; (tag = inp.tag()) !== 0; ) {
    if (tag === FIELD.name) field.name = inp.string();
    else if (tag === FIELD.number) field.number = inp.int32();
    else if (tag === FIELD.label) field.label = inp.int32();
    else if (tag === FIELD.type) field.type = inp.int32();
    else if (tag === FIELD.typeName) field.typeName = inp.string();
    else if (tag === FIELD.oneofIndex) field.oneof = inp.int32();
    else if (tag === FIELD.proto3Optional) isOptional = inp.bool();
    else inp.skip(tag);
  }
  if (isOptional) field.oneof = -1;
  return field;
}

function readOneof(inp: ProtobufReader): string {
  let name = "";
  for (let tag: number; (tag = inp.tag()) !== 0; ) {
    if (tag === ONEOF_NAME) name = inp.string();
    else inp.skip(tag);
  }
  return name;
}

function readMapEntry(inp: ProtobufReader): boolean {
  let isMapEntry = false;
  for (let tag: number; (tag = inp.tag()) !== 0; ) {
    if (tag === IS_MAP_ENTRY) isMapEntry = inp.bool();
    else inp.skip(tag);
  }
  return isMapEntry;
}
