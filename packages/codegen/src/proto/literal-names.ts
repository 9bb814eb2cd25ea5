/** Names of extensions where values are set. */
import type { DescriptorProto, FieldDescriptorProto } from "./descriptor.ts";
import { notFound, type Linking } from "./linking.ts";
import type { Word } from "./tokens.ts";

/** Looks up an extension of a message by its name, with or without its package. */
export function extensionNamed(linking: Linking, type: DescriptorProto, word: Word, scope: string): FieldDescriptorProto | undefined {
  const { symbols, visibleToOptions } = linking;
  const found = symbols.find(word.text, scope, visibleToOptions, false);
  if (found === undefined) {
    linking.complain(word, notFound(linking, word.text, scope, false));
    return undefined;
  }
  if (found.kind !== "extension") {
    linking.complain(word, `expected an extension, but ${word.text} is a ${found.kind}`);
    return undefined;
  }
  if (symbols.message((found.descriptor.extendee ?? "").slice(1)) !== type) {
    linking.complain(word, `${found.fullName} extends ${(found.descriptor.extendee ?? "").slice(1)}, not ${type.name}`);
    return undefined;
  }
  return found.descriptor;
}
