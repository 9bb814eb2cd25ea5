/** Descriptors as bytes: what generated code carries, and what reflection answers. */
import { encode } from "../encode.ts";
import { FileDescriptorProtoCodec } from "../gen/google/protobuf/descriptor.ts";
import type { FileType } from "./model.ts";

/** A file's `FileDescriptorProto`, without its comments. */
export function fileDescriptorBytes(file: FileType): Uint8Array {
  return encode(FileDescriptorProtoCodec, { ...file.proto, sourceCodeInfo: undefined });
}
