/** Rules of enums. */
import { Edition, type EnumDescriptorProto } from "./descriptor.ts";
import type { Linking } from "./linking.ts";
import { overlap } from "./ranges.ts";

export function checkEnum(linking: Linking, descriptor: EnumDescriptorProto): void {
  const { name, value: values } = descriptor;
  const features = linking.symbols.features(linking.file).get(descriptor);
  const [first] = values;
  if (first === undefined) return linking.about(descriptor, `the enum ${name} must have a value`);
  if (features?.enumType === "open" && first.number !== 0) {
    linking.about(first, `the first value of an open enum (as in proto3) must have the number 0, got ${first.number}`, "number");
  }
  checkAliases(linking, descriptor);
  checkShortNames(linking, descriptor);
  // Ranges of enums include their last number.
  const clash = overlap(descriptor.reservedRange.map((range) => ({ start: range.start, end: range.end + 1, range })));
  if (clash !== undefined) linking.about(clash[1].range, "this range shares numbers with one above");
  for (const value of values) {
    if (descriptor.reservedRange.some((each) => each.start <= value.number && value.number <= each.end)) {
      linking.about(value, `the number ${value.number} is reserved`, "number");
    } else if (descriptor.reservedName.includes(value.name)) linking.about(value, `the name ${value.name} is reserved`);
  }
}

function checkAliases(linking: Linking, { name, value: values, options }: EnumDescriptorProto): void {
  const byNumber = new Map<number, string>();
  let aliases = 0;
  for (const value of values) {
    const before = byNumber.get(value.number);
    if (before === undefined) {
      byNumber.set(value.number, value.name);
      continue;
    }
    aliases++;
    if (options?.allowAlias === true) continue;
    linking.about(
      value,
      `the number ${value.number} is already that of ${before}: write option allow_alias = true; if that is meant`,
      "number",
    );
  }
  if (options?.allowAlias === true && aliases === 0) {
    linking.about(values[0]!, `${name} has no two values of one number: leave out allow_alias`);
  }
}

/** Without the enum's name before them and in any case, names of values must differ: many languages write them like that. */
function checkShortNames(linking: Linking, descriptor: EnumDescriptorProto): void {
  const bestEffort =
    linking.parsed.edition === Edition.EDITION_PROTO2 ||
    linking.symbols.features(linking.file).get(descriptor)?.jsonFormat !== "allow" ||
    descriptor.options?.deprecatedLegacyJsonFieldConflicts === true;
  if (bestEffort) return;
  const known = new Map<string, { readonly name: string; readonly number: number }>();
  for (const value of descriptor.value) {
    const short = shortName(value.name, descriptor.name);
    const before = known.get(short);
    if (before === undefined) known.set(short, value);
    else if (before.number !== value.number) {
      linking.about(value, `${value.name} and ${before.name} are the same, ${short}, where the name of the enum is left out`);
    }
  }
}

/** `FOO_BAR_BAZ` in the enum `FooBar` is `Baz`. */
function shortName(value: string, name: string): string {
  let rest = value;
  const prefix = name.replaceAll("_", "").toLowerCase();
  let matched = 0;
  for (let index = 0; index < value.length; index++) {
    const character = value[index]!;
    if (character === "_") continue;
    if (matched === prefix.length) {
      rest = value.slice(index);
      break;
    }
    if (character.toLowerCase() !== prefix[matched]) break;
    matched++;
  }
  return rest.toLowerCase().replace(/(?:^|_+)([a-z0-9]?)/g, (_, letter: string) => letter.toUpperCase());
}
