/** Which features are in force: what an edition says by default, and what files and things in them set. */
import { Edition, FieldLabel, FieldType, type Element, type FeatureSet, type FieldDescriptorProto } from "./descriptor.ts";
import type { DescriptorProto, EnumDescriptorProto, FileDescriptorProto } from "./descriptor.ts";

/** `FeatureSet` with everything decided. Source: Protobuf's feature settings for editions, and how they map proto2 and proto3. */
export interface ResolvedFeatures {
  readonly fieldPresence: "explicit" | "implicit" | "legacy_required";
  readonly enumType: "open" | "closed";
  readonly repeatedFieldEncoding: "packed" | "expanded";
  readonly utf8Validation: "verify" | "none";
  readonly messageEncoding: "length_prefixed" | "delimited";
  readonly jsonFormat: "allow" | "legacy_best_effort";
  readonly enforceNamingStyle: "style2024" | "style_legacy";
  readonly defaultSymbolVisibility: "export_all" | "export_top_level" | "local_all" | "strict";
}

const PROTO2: ResolvedFeatures = {
  fieldPresence: "explicit",
  enumType: "closed",
  repeatedFieldEncoding: "expanded",
  utf8Validation: "none",
  messageEncoding: "length_prefixed",
  jsonFormat: "legacy_best_effort",
  enforceNamingStyle: "style_legacy",
  defaultSymbolVisibility: "export_all",
};
const PROTO3: ResolvedFeatures = {
  ...PROTO2,
  fieldPresence: "implicit",
  enumType: "open",
  repeatedFieldEncoding: "packed",
  utf8Validation: "verify",
  jsonFormat: "allow",
};
const EDITION_2023: ResolvedFeatures = { ...PROTO3, fieldPresence: "explicit" };
const EDITION_2024: ResolvedFeatures = {
  ...EDITION_2023,
  enforceNamingStyle: "style2024",
  defaultSymbolVisibility: "export_top_level",
};

/** The values of each feature by their numbers; 0 is never set. */
const VALUES: { readonly [Name in keyof ResolvedFeatures]: readonly (ResolvedFeatures[Name] | undefined)[] } = {
  fieldPresence: [undefined, "explicit", "implicit", "legacy_required"],
  enumType: [undefined, "open", "closed"],
  repeatedFieldEncoding: [undefined, "packed", "expanded"],
  utf8Validation: [undefined, undefined, "verify", "none"],
  messageEncoding: [undefined, "length_prefixed", "delimited"],
  jsonFormat: [undefined, "allow", "legacy_best_effort"],
  enforceNamingStyle: [undefined, "style2024", "style_legacy"],
  defaultSymbolVisibility: [undefined, "export_all", "export_top_level", "local_all", "strict"],
};

/** The edition of a file; proto2 and proto3 count as editions, too. */
export function editionOf(file: FileDescriptorProto): number {
  if (file.syntax === "proto3") return Edition.EDITION_PROTO3;
  return file.syntax === "editions" ? (file.edition ?? Edition.EDITION_2023) : Edition.EDITION_PROTO2;
}

/**
 * The features of a file and of everything in it. What proto2 and proto3 say in other ways (`required`, `packed`,
 * groups, `optional` in proto3) is said in features as well, so that whoever asks need not know of them.
 */
export function resolvedFeatures(file: FileDescriptorProto): ReadonlyMap<Element, ResolvedFeatures> {
  const resolved = new Map<Element, ResolvedFeatures>();
  const edition = editionOf(file);
  const defaults =
    edition === Edition.EDITION_PROTO2
      ? PROTO2
      : edition === Edition.EDITION_PROTO3
        ? PROTO3
        : edition < Edition.EDITION_2024
          ? EDITION_2023
          : EDITION_2024;
  const inForce = (element: Element, outer: ResolvedFeatures): ResolvedFeatures => {
    const features = merged(outer, element.options?.features);
    resolved.set(element, features);
    return features;
  };
  const ofField = (field: FieldDescriptorProto, outer: ResolvedFeatures): void => {
    const features = inForce(field, outer);
    if (edition < Edition.EDITION_2023) resolved.set(field, inferred(field, features));
  };
  const ofEnum = (descriptor: EnumDescriptorProto, outer: ResolvedFeatures): void => {
    const own = inForce(descriptor, outer);
    for (const value of descriptor.value) inForce(value, own);
  };
  const ofMessage = (message: DescriptorProto, outer: ResolvedFeatures): void => {
    const own = inForce(message, outer);
    const oneofs = message.oneofDecl.map((each) => inForce(each, own));
    for (const field of message.field) ofField(field, oneofs[field.oneofIndex ?? -1] ?? own);
    for (const each of message.extensionRange) inForce(each, own);
    for (const each of message.nestedType) ofMessage(each, own);
    for (const each of message.enumType) ofEnum(each, own);
    for (const each of message.extension) ofField(each, own);
  };
  const own = inForce(file, defaults);
  for (const each of file.messageType) ofMessage(each, own);
  for (const each of file.enumType) ofEnum(each, own);
  for (const each of file.extension) ofField(each, own);
  for (const each of file.service) {
    const ofService = inForce(each, own);
    for (const method of each.method) inForce(method, ofService);
  }
  return resolved;
}

function merged(outer: ResolvedFeatures, set: FeatureSet | undefined): ResolvedFeatures {
  if (set === undefined) return outer;
  const value = <Name extends keyof ResolvedFeatures>(name: Name): ResolvedFeatures[Name] => VALUES[name][set[name] ?? 0] ?? outer[name];
  return {
    fieldPresence: value("fieldPresence"),
    enumType: value("enumType"),
    repeatedFieldEncoding: value("repeatedFieldEncoding"),
    utf8Validation: value("utf8Validation"),
    messageEncoding: value("messageEncoding"),
    jsonFormat: value("jsonFormat"),
    enforceNamingStyle: value("enforceNamingStyle"),
    defaultSymbolVisibility: value("defaultSymbolVisibility"),
  };
}

/** What a field of proto2 or proto3 says without features. */
function inferred(field: FieldDescriptorProto, features: ResolvedFeatures): ResolvedFeatures {
  const presence = field.label === FieldLabel.REQUIRED ? "legacy_required" : field.proto3Optional === true ? "explicit" : undefined;
  const packed = field.options?.packed;
  const group = field.type === FieldType.GROUP;
  if (presence === undefined && packed === undefined && !group) return features;
  return {
    ...features,
    fieldPresence: presence ?? features.fieldPresence,
    repeatedFieldEncoding: packed === undefined ? features.repeatedFieldEncoding : packed ? "packed" : "expanded",
    messageEncoding: group ? "delimited" : features.messageEncoding,
  };
}
