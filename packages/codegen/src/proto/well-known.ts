/** Google's own files, which need no text: `@kiteline/protobuf` carries their descriptors. */
import { decode, type ProtoFile } from "@kiteline/protobuf";
import { FileDescriptorProtoCodec } from "@kiteline/protobuf/google/protobuf/descriptor";
import type { FileDescriptorProto } from "./descriptor.ts";

const WELL_KNOWN: Readonly<Record<string, () => Promise<{ readonly file: ProtoFile }>>> = {
  "google/protobuf/any.proto": () => import("@kiteline/protobuf/google/protobuf/any"),
  "google/protobuf/api.proto": () => import("@kiteline/protobuf/google/protobuf/api"),
  "google/protobuf/compiler/plugin.proto": () => import("@kiteline/protobuf/google/protobuf/compiler/plugin"),
  "google/protobuf/cpp_features.proto": () => import("@kiteline/protobuf/google/protobuf/cpp_features"),
  "google/protobuf/descriptor.proto": () => import("@kiteline/protobuf/google/protobuf/descriptor"),
  "google/protobuf/duration.proto": () => import("@kiteline/protobuf/google/protobuf/duration"),
  "google/protobuf/empty.proto": () => import("@kiteline/protobuf/google/protobuf/empty"),
  "google/protobuf/field_mask.proto": () => import("@kiteline/protobuf/google/protobuf/field_mask"),
  "google/protobuf/go_features.proto": () => import("@kiteline/protobuf/google/protobuf/go_features"),
  "google/protobuf/java_features.proto": () => import("@kiteline/protobuf/google/protobuf/java_features"),
  "google/protobuf/source_context.proto": () => import("@kiteline/protobuf/google/protobuf/source_context"),
  "google/protobuf/struct.proto": () => import("@kiteline/protobuf/google/protobuf/struct"),
  "google/protobuf/timestamp.proto": () => import("@kiteline/protobuf/google/protobuf/timestamp"),
  "google/protobuf/type.proto": () => import("@kiteline/protobuf/google/protobuf/type"),
  "google/protobuf/wrappers.proto": () => import("@kiteline/protobuf/google/protobuf/wrappers"),
};

/** The descriptor of one of Google's own files. */
export async function wellKnown(path: string): Promise<FileDescriptorProto | undefined> {
  const load = Object.hasOwn(WELL_KNOWN, path) ? WELL_KNOWN[path] : undefined;
  if (load === undefined) return undefined;
  const { file } = await load();
  // Made by a compiler, so everything that a descriptor must have is there.
  return decode(FileDescriptorProtoCodec, Buffer.from(file.descriptor(), "base64")) as FileDescriptorProto;
}
