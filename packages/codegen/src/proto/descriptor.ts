/**
 * What a `.proto` file becomes: the messages of google/protobuf/descriptor.proto, as `@kiteline/protobuf` has generated them,
 * where what every descriptor has after parsing is never `undefined`. Custom options are unknown fields of their options.
 */
import type * as wire from "@kiteline/protobuf/google/protobuf/descriptor";

export {
  Edition,
  FieldDescriptorProto_Label as FieldLabel,
  FieldDescriptorProto_Type as FieldType,
  SymbolVisibility as Visibility,
} from "@kiteline/protobuf/google/protobuf/descriptor";

export type ExtensionRangeOptions = wire.ExtensionRangeOptions;
export type FeatureSet = wire.FeatureSet;
export type Location = wire.SourceCodeInfo_Location;
export type OneofDescriptorProto = wire.OneofDescriptorProto & Named;

interface Named {
  name: string;
}

export interface FileDescriptorProto extends Omit<wire.FileDescriptorProto, "messageType" | "enumType" | "service" | "extension">, Named {
  name: string;
  messageType: DescriptorProto[];
  enumType: EnumDescriptorProto[];
  service: ServiceDescriptorProto[];
  extension: FieldDescriptorProto[];
}

type MessageParts = "field" | "nestedType" | "enumType" | "extensionRange" | "extension" | "oneofDecl" | "reservedRange";

export interface DescriptorProto extends Omit<wire.DescriptorProto, MessageParts>, Named {
  name: string;
  field: FieldDescriptorProto[];
  nestedType: DescriptorProto[];
  enumType: EnumDescriptorProto[];
  extensionRange: ExtensionRange[];
  extension: FieldDescriptorProto[];
  oneofDecl: OneofDescriptorProto[];
  reservedRange: NumberRange[];
}

/** Numbers from `start` on; `end` is the first after them in messages, the last of them in enums. */
export interface NumberRange {
  start: number;
  end: number;
}

export interface ExtensionRange extends NumberRange {
  options?: ExtensionRangeOptions | undefined;
}

export interface FieldDescriptorProto extends wire.FieldDescriptorProto {
  name: string;
  number: number;
  label: wire.FieldDescriptorProto_Label;
  type: wire.FieldDescriptorProto_Type;
  jsonName: string;
}

export interface EnumDescriptorProto extends Omit<wire.EnumDescriptorProto, "value" | "reservedRange">, Named {
  name: string;
  value: EnumValueDescriptorProto[];
  reservedRange: NumberRange[];
}

export interface EnumValueDescriptorProto extends wire.EnumValueDescriptorProto {
  name: string;
  number: number;
}

export interface ServiceDescriptorProto extends Omit<wire.ServiceDescriptorProto, "method">, Named {
  name: string;
  method: MethodDescriptorProto[];
}

export interface MethodDescriptorProto extends wire.MethodDescriptorProto {
  name: string;
  inputType: string;
  outputType: string;
}

/** Anything in a file that may have options. */
export type Element =
  | FileDescriptorProto
  | DescriptorProto
  | FieldDescriptorProto
  | OneofDescriptorProto
  | EnumDescriptorProto
  | EnumValueDescriptorProto
  | ServiceDescriptorProto
  | MethodDescriptorProto
  | ExtensionRange;
