/** Rules of messages as a whole: numbers, ranges, oneofs, names in JSON. */
import { Edition, type DescriptorProto, type ExtensionRange, type FieldDescriptorProto } from "./descriptor.ts";
import { jsonNameOf } from "./names.ts";
import type { Linking } from "./linking.ts";
import { MAX_FIELD_NUMBER, MAX_INT32 } from "./parse-numbers.ts";
import { freeNumber, overlap, rangeText } from "./ranges.ts";

/** Numbers that belong to the implementation of Protobuf. */
const FIRST_RESERVED = 19_000;
const LAST_RESERVED = 19_999;

export function checkMessage(linking: Linking, message: DescriptorProto): void {
  checkRanges(linking, message);
  checkNumbers(linking, message);
  checkJsonNames(linking, message);
  for (const [index, oneof] of message.oneofDecl.entries()) {
    if (!message.field.some((each) => each.oneofIndex === index)) linking.about(oneof, `the oneof ${oneof.name} must have fields`);
  }
  if (message.options?.messageSetWireFormat !== true) {
    if (message.options?.mapEntry === true) linking.about(message, "map_entry is for compilers only: write a map<K, V> field");
    return;
  }
  if (message.field.length > 0) linking.about(message.field[0]!, "a message set has extensions only, and no fields");
  if (message.extensionRange.length === 0) linking.about(message, "a message set must have extensions: write extensions 4 to max;");
}

function checkRanges(linking: Linking, message: DescriptorProto): void {
  const isSet = message.options?.messageSetWireFormat === true;
  const most = isSet ? MAX_INT32 - 1 : MAX_FIELD_NUMBER;
  for (const range of message.extensionRange) {
    if (isSet && linking.parsed.places.get(range)?.toMax === true) range.end = MAX_INT32;
  }
  for (const range of [...message.extensionRange, ...message.reservedRange]) {
    if (range.start < 1 || range.end - 1 > most)
      linking.about(range, `numbers of fields are between 1 and ${most}, got ${rangeText(range)}`);
  }
  if (linking.parsed.edition === Edition.EDITION_PROTO3 && message.extensionRange.length > 0) {
    linking.about(message.extensionRange[0]!, "proto3 has extensions of options only, so messages have no extension ranges");
  }
  const clash = overlap([...message.extensionRange, ...message.reservedRange]);
  if (clash !== undefined) linking.about(clash[1], `${rangeText(clash[1])} shares numbers with ${rangeText(clash[0])}, above`);
  for (const range of message.extensionRange) checkDeclarations(linking, range);
}

/** Source: extension declarations, in the Protobuf language guide. */
function checkDeclarations(linking: Linking, range: ExtensionRange): void {
  const numbers = new Set<number>();
  for (const { number, fullName, type, reserved } of range.options?.declaration ?? []) {
    if (number === undefined || number < range.start || number >= range.end) {
      linking.about(range, `the extension declared as ${number ?? "nothing"} is outside of ${rangeText(range)}`);
    } else if (numbers.has(number)) linking.about(range, `extension ${number} is declared twice`);
    else if ((fullName === undefined || type === undefined) && reserved !== true) {
      linking.about(range, `the declaration of extension ${number} must have a full_name and a type, or be reserved`);
    } else if (fullName !== undefined && !/^(?:\.[A-Za-z_]\w*)+$/.test(fullName)) {
      linking.about(range, `the full_name of a declaration begins with a dot, as in .package.name, got "${fullName}"`);
    }
    if (number !== undefined) numbers.add(number);
  }
}

function checkNumbers(linking: Linking, message: DescriptorProto): void {
  const byNumber = new Map<number, FieldDescriptorProto>();
  const ranges = [...message.reservedRange, ...message.extensionRange, { start: FIRST_RESERVED, end: LAST_RESERVED + 1 }];
  const advice = (): string => {
    const free = freeNumber(new Set(message.field.map((each) => each.number)), ranges);
    return free <= MAX_FIELD_NUMBER ? `: ${free} is free` : "";
  };
  for (const field of message.field) {
    const { name, number } = field;
    const before = byNumber.get(number);
    const inRange = (range: { start: number; end: number }): boolean => range.start <= number && number < range.end;
    if (before !== undefined) linking.about(field, `the number ${number} is already that of ${before.name}${advice()}`, "number");
    else if (!checkNumber(linking, field, MAX_FIELD_NUMBER)) continue;
    else if (message.reservedRange.some(inRange)) linking.about(field, `the number ${number} is reserved${advice()}`, "number");
    else if (message.extensionRange.some(inRange)) linking.about(field, `the number ${number} is for extensions${advice()}`, "number");
    else if (message.reservedName.includes(name)) linking.about(field, `the name ${name} is reserved`);
    byNumber.set(number, field);
  }
}

/** Whether a number can be one of a field; complains when not. */
export function checkNumber(linking: Linking, field: FieldDescriptorProto, most: number): boolean {
  const { number } = field;
  if (number < 1 || number > most) linking.about(field, `numbers of fields are between 1 and ${most}, got ${number}`, "number");
  else if (number >= FIRST_RESERVED && number <= LAST_RESERVED) {
    linking.about(field, `the numbers ${FIRST_RESERVED} to ${LAST_RESERVED} belong to Protobuf itself, got ${number}`, "number");
  } else return true;
  return false;
}

/**
 * Two fields must have two names in JSON. Where JSON is best effort only (proto2), default names may clash, but not
 * those that were chosen.
 */
function checkJsonNames(linking: Linking, message: DescriptorProto): void {
  const features = linking.symbols.features(linking.file).get(message);
  const bestEffort = features?.jsonFormat !== "allow" || message.options?.deprecatedLegacyJsonFieldConflicts === true;
  const chosen = (field: FieldDescriptorProto): boolean => linking.parsed.places.get(field)?.jsonName !== undefined;
  const names = new Map<string, FieldDescriptorProto>();
  const standardNames = new Map<string, FieldDescriptorProto>();
  for (const field of message.field) {
    const standard = jsonNameOf(field.name);
    const twin = standardNames.get(standard);
    if (twin !== undefined && !bestEffort)
      linking.about(field, `${field.name} and ${twin.name} have the same default name in JSON, ${standard}`);
    const before = names.get(field.jsonName);
    if (before !== undefined && (!bestEffort || (chosen(field) && chosen(before)))) {
      linking.about(field, `${field.name} and ${before.name} have the same name in JSON, ${field.jsonName}`, "jsonName");
    }
    if (before === undefined) names.set(field.jsonName, field);
    if (twin === undefined) standardNames.set(standard, field);
    if (!chosen(field)) continue;
    if (/^\[.*\]$/.test(field.jsonName)) linking.about(field, "a name in JSON may not look like that of an extension, [a.b]", "jsonName");
    if (field.jsonName.includes("\0")) linking.about(field, "a name in JSON may not contain \\0", "jsonName");
  }
}
