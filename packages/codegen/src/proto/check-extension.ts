/** Rules of extensions: their numbers, and what the message that they extend says about them. */
import { checkField } from "./check-field.ts";
import { checkNumber } from "./check-message.ts";
import { Edition, FieldLabel, FieldType, type ExtensionRangeOptions, type FieldDescriptorProto } from "./descriptor.ts";
import type { Linking } from "./linking.ts";
import { MAX_FIELD_NUMBER, MAX_INT32 } from "./parse-numbers.ts";
import { rangeText } from "./ranges.ts";

const TYPE_NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(FieldType).map(([name, type]) => [type, name.toLowerCase()]),
);
/** What proto3 may extend: all kinds of options. */
const OPTIONS =
  /^google\.protobuf\.(?:File|Message|Field|Oneof|Enum|EnumValue|Service|Method|ExtensionRange)Options$|^google\.protobuf\.FeatureSet$/;

export function checkExtension(linking: Linking, field: FieldDescriptorProto): void {
  checkField(linking, field);
  const extendee = (field.extendee ?? "").slice(1);
  const message = linking.symbols.message(extendee);
  if (message === undefined) return;
  const isSet = message.options?.messageSetWireFormat === true;
  if (field.label === FieldLabel.REQUIRED) linking.about(field, "extensions cannot be required");
  if (!checkNumber(linking, field, isSet ? MAX_INT32 - 1 : MAX_FIELD_NUMBER)) return;
  if (linking.parsed.edition === Edition.EDITION_PROTO3 && !OPTIONS.test(extendee)) {
    linking.about(field, `proto3 extends options only, and ${extendee} is none`, "extendee");
  }
  if (isSet && (field.type !== FieldType.MESSAGE || field.label === FieldLabel.REPEATED)) {
    linking.about(field, `${message.name} is a message set, whose extensions are single messages`, "type");
  }
  const range = message.extensionRange.find((each) => each.start <= field.number && field.number < each.end);
  if (range === undefined) {
    const ranges = message.extensionRange.map(rangeText).join(", ");
    const allowed = ranges === "" ? "has no extensions" : `has extensions ${ranges}`;
    return linking.about(field, `${extendee} ${allowed}, and ${field.number} is not among them`, "number");
  }
  checkDeclared(linking, field, extendee, range.options);
}

/** Source: extension declarations, in the Protobuf language guide. */
function checkDeclared(linking: Linking, field: FieldDescriptorProto, extendee: string, options: ExtensionRangeOptions | undefined): void {
  const { declaration: declarations = [], verification } = options ?? {};
  // 0 is DECLARATION. What declares some must declare all.
  if (declarations.length === 0 && verification !== 0) return;
  const declared = declarations.find((each) => each.number === field.number);
  if (declared === undefined) return linking.about(field, `${extendee} does not declare an extension ${field.number}`, "number");
  if (declared.reserved === true) return linking.about(field, `${extendee} reserves extension ${field.number}`, "number");
  const fullName = `.${linking.symbols.of(field)?.fullName}`;
  if (declared.fullName !== undefined && declared.fullName !== fullName) {
    linking.about(field, `${extendee} declares extension ${field.number} as ${declared.fullName}, not as ${fullName}`);
  }
  const type = field.typeName ?? TYPE_NAMES[field.type];
  if (declared.type !== undefined && declared.type !== type) {
    linking.about(field, `${extendee} declares extension ${field.number} with the type ${declared.type}, not ${type}`, "type");
  }
  if ((declared.repeated === true) !== (field.label === FieldLabel.REPEATED)) {
    linking.about(field, `${extendee} declares that extension ${field.number} is ${declared.repeated === true ? "" : "not "}repeated`);
  }
}
