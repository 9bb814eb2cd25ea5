/** Options as they were written to options as they are meant. */
import { DynamicMessage, isMessage, typeOf, type DynamicValue } from "./dynamic.ts";
import { encodeExtensions } from "./encode.ts";
import { FieldLabel, type DescriptorProto, type FieldDescriptorProto } from "./descriptor.ts";
import type { Linking } from "./linking.ts";
import { extensionNamed } from "./literal-names.ts";
import { putValue } from "./literal.ts";
import type { OptionNamePart, OptionSyntax, OptionsSyntax } from "./syntax.ts";
import { checkUse } from "./option-use.ts";

/** Sets the options of everything in a file. Complains when descriptor.proto, which says what there is, is not there. */
export function interpretOptions(linking: Linking): void {
  const { parsed, symbols } = linking;
  const interpreted = parsed.options.flatMap((options) => {
    const type = symbols.message(`google.protobuf.${options.kind}`);
    if (type === undefined) {
      linking.complain(
        options.settings[0]!.name[0]!.word,
        "google/protobuf/descriptor.proto, which says what options there are, was not found",
      );
      return [];
    }
    const message = new DynamicMessage(type);
    for (const setting of options.settings) setOption(linking, options, message, setting);
    return [{ options, message }];
  });
  // Standard options first: how custom ones are encoded may depend on them, in the same file.
  for (const { options, message } of interpreted) assign(linking, options, message, false);
  symbols.settle(linking.file);
  for (const { options, message } of interpreted) if (hasExtensions(message)) assign(linking, options, message, true);
}

function assign(linking: Linking, options: OptionsSyntax, message: DynamicMessage, custom: boolean): void {
  for (const target of options.targets) target.options = Object.assign(target.options ?? {}, plain(linking, message, custom)) as never;
}

function hasExtensions(message: DynamicMessage): boolean {
  for (const { field, value } of message.values.values()) {
    if (field.extendee !== undefined || (value instanceof DynamicMessage && hasExtensions(value))) return true;
  }
  return false;
}

/** A message as the object that generated code has for it, with its extensions among the unknown fields. */
function plain(linking: Linking, message: DynamicMessage, custom: boolean): object {
  const made: Record<string, unknown> = {};
  const one = (value: DynamicValue): unknown => (value instanceof DynamicMessage ? plain(linking, value, custom) : value);
  for (const field of message.type.field) {
    const value = message.get(field);
    if (Array.isArray(value)) made[field.jsonName] = value.map(one);
    else if (value !== undefined) made[field.jsonName] = one(value);
    else if (field.label === FieldLabel.REPEATED) made[field.jsonName] = [];
  }
  const unknown = custom ? encodeExtensions(linking.symbols, message) : [];
  if (unknown.length > 0) made.$unknown = unknown;
  return made;
}

function setOption(linking: Linking, options: OptionsSyntax, root: DynamicMessage, { name, value }: OptionSyntax): void {
  let message = root;
  for (const [index, part] of name.entries()) {
    const field = fieldNamed(linking, message.type, part, options.scope);
    if (field === undefined || !checkUse(linking, field, options.kind, part.word)) return;
    if (index === name.length - 1) {
      putValue(linking, message, field, value, { scope: options.scope, kind: options.kind, word: part.word });
      return;
    }
    const type = typeOf(linking.symbols, field);
    if (!isMessage(field) || type === undefined) {
      return linking.complain(part.word, `${part.word.text} is no message, so nothing in it can be set`);
    }
    if (field.label === FieldLabel.REPEATED) {
      return linking.complain(part.word, `${part.word.text} is repeated: add a whole message, as in ${part.word.text} = { ... }`);
    }
    const rival = message.rivalOf(field);
    if (rival !== undefined) return linking.complain(part.word, `${rival.name} of the same oneof is set already`);
    let inner = message.get(field);
    if (!(inner instanceof DynamicMessage)) message.put(field, (inner = new DynamicMessage(type)));
    message = inner;
  }
}

/** The field of a message, or the extension of it, that a part of an option's name names. */
function fieldNamed(linking: Linking, type: DescriptorProto, part: OptionNamePart, scope: string): FieldDescriptorProto | undefined {
  const { text } = part.word;
  if (part.extension) return extensionNamed(linking, type, part.word, scope);
  if (text === "uninterpreted_option") {
    linking.complain(part.word, "uninterpreted_option is for compilers only");
    return undefined;
  }
  const found = type.field.find((each) => each.name === text);
  if (found === undefined) {
    linking.complain(part.word, `${type.name} has no option ${text}: a custom option is written in brackets, as in (${text})`);
  }
  return found;
}
