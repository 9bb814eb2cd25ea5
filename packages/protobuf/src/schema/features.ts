/**
 * What proto2, proto3 and the editions differ in (protobuf.dev, "Feature Settings for Editions"), resolved from the file down to
 * the field.
 */
import type { FeatureSet, FileDescriptorProtoInit } from "../gen/google/protobuf/descriptor.ts";

/** The numbers are those of descriptor.proto's enums. */
export interface Features {
  readonly fieldPresence: number;
  readonly enumType: number;
  readonly repeatedFieldEncoding: number;
  readonly utf8Validation: number;
  readonly messageEncoding: number;
}

export const IMPLICIT = 2;
export const LEGACY_REQUIRED = 3;
export const OPEN = 1;
export const PACKED = 1;
export const VERIFY = 2;
export const DELIMITED = 2;

const PROTO2: Features = { fieldPresence: 1, enumType: 2, repeatedFieldEncoding: 2, utf8Validation: 3, messageEncoding: 1 };
const PROTO3: Features = { fieldPresence: 2, enumType: 1, repeatedFieldEncoding: 1, utf8Validation: 2, messageEncoding: 1 };
const EDITION_2023: Features = { ...PROTO3, fieldPresence: 1 };

export function featuresOf(file: FileDescriptorProtoInit): Features {
  return override(defaultsOf(file.syntax ?? ""), file.options?.features);
}

function defaultsOf(syntax: string): Features {
  if (syntax === "editions") return EDITION_2023; // and 2024, which differs in what only compilers care about
  return syntax === "proto3" ? PROTO3 : PROTO2;
}

/** Features with what is said about them further down. */
export function override(features: Features, by: FeatureSet | undefined): Features {
  if (by === undefined) return features;
  return {
    fieldPresence: by.fieldPresence ?? features.fieldPresence,
    enumType: by.enumType ?? features.enumType,
    repeatedFieldEncoding: by.repeatedFieldEncoding ?? features.repeatedFieldEncoding,
    utf8Validation: by.utf8Validation ?? features.utf8Validation,
    messageEncoding: by.messageEncoding ?? features.messageEncoding,
  };
}
