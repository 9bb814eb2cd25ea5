/** Where, and in which edition, an option may be used. descriptor.proto itself says so, as do authors of custom options. */
import type { FieldDescriptorProto } from "./descriptor.ts";
import type { Linking } from "./linking.ts";
import type { OptionsKind } from "./syntax.ts";
import type { Word } from "./tokens.ts";

/** `FieldOptions.OptionTargetType`. */
const TARGETS: Readonly<Record<OptionsKind, number>> = {
  FileOptions: 1,
  ExtensionRangeOptions: 2,
  MessageOptions: 3,
  FieldOptions: 4,
  OneofOptions: 5,
  EnumOptions: 6,
  EnumValueOptions: 7,
  ServiceOptions: 8,
  MethodOptions: 9,
};
const THINGS = [
  "",
  "a file",
  "an extension range",
  "a message",
  "a field",
  "a oneof",
  "an enum",
  "an enum's value",
  "a service",
  "a method",
];

/** Whether an option may be used; complains when not. */
export function checkUse(linking: Linking, field: FieldDescriptorProto, kind: OptionsKind, word: Word): boolean {
  const { targets = [], featureSupport } = field.options ?? {};
  if (targets.length > 0 && !targets.includes(TARGETS[kind])) {
    const places = targets.map((each) => THINGS[each] ?? "something else").join(" or ");
    linking.complain(word, `${field.name} cannot be set on ${THINGS[TARGETS[kind]]}: it is for ${places}`);
    return false;
  }
  if (featureSupport === undefined) return true;
  const { edition } = linking.parsed;
  const { editionIntroduced, editionRemoved, removalError } = featureSupport;
  if (editionIntroduced !== undefined && edition < editionIntroduced) {
    linking.complain(
      word,
      `${field.name} can be set from edition ${editionText(editionIntroduced)} on; this file is of ${editionText(edition)}`,
    );
    return false;
  }
  if (editionRemoved !== undefined && edition >= editionRemoved) {
    const reason = removalError === undefined ? "" : `: ${removalError}`;
    linking.complain(word, `${field.name} can no longer be set since edition ${editionText(editionRemoved)}${reason}`);
    return false;
  }
  return true;
}

function editionText(edition: number): string {
  return edition < 1000 ? `proto${edition - 996}` : String(edition + 1023);
}
