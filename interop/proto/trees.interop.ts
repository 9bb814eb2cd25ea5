/**
 * Large trees of `.proto` files, whose descriptors must be those that protoc makes: all of Google's APIs, Envoy's and xDS's as
 * grpc-js ships them, Istio's as its Go module does.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { loadProto } from "@kiteline/codegen";
import { decode, encode } from "@kiteline/protobuf";
import { FileDescriptorProtoCodec, FileDescriptorSetCodec } from "@kiteline/protobuf/google/protobuf/descriptor";

const require = createRequire(import.meta.url);
const npm = (name: string): string => dirname(require.resolve(`${name}/package.json`));
const goModule = (name: string): string => {
  execFileSync("go", ["mod", "download", name], { cwd: import.meta.dirname });
  return execFileSync("go", ["list", "-m", "-f", "{{.Dir}}", name], { cwd: import.meta.dirname, encoding: "utf8" }).trim();
};

const WELL_KNOWN = join(npm("protoc"), "include");
/** protoc leaves out of it what only compilers need, and everybody knows it anyway. */
const DESCRIPTOR = "google/protobuf/descriptor.proto";

/** Files of a folder, but for those that import what is not there or is no longer kept. */
function filesIn(folder: string, without: RegExp): string[] {
  const files = globSync("**/*.proto", { cwd: folder });
  return files.filter(
    (path) =>
      !without.test(path) &&
      !without.test(
        readFileSync(join(folder, path), "utf8")
          .match(/^import .*$/gm)
          ?.join() ?? "",
      ),
  );
}

/** The bytes of each file by its name, and by protoc. */
function byProtoc(files: readonly string[], includePaths: readonly string[]): Map<string, Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), "kiteline-trees-"));
  try {
    const out = join(folder, "set.bin");
    const paths = includePaths.map((each) => `--proto_path=${each}`);
    const command = [join(npm("protoc"), "protoc.cjs"), "--include_imports", ...paths, `--descriptor_set_out=${out}`, ...files];
    execFileSync(process.execPath, command, { stdio: ["ignore", "ignore", "pipe"], maxBuffer: 1 << 28 });
    const { file } = decode(FileDescriptorSetCodec, readFileSync(out));
    return new Map(file.map((each) => [each.name!, encode(FileDescriptorProtoCodec, each)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function assertSame(files: readonly string[], includePaths: readonly string[], least: number): Promise<void> {
  const expected = byProtoc(files, includePaths);
  const loaded = await loadProto({ files, includePaths });
  assert.ok(expected.size >= least, `expected at least ${least} files, got ${expected.size}`);
  assert.deepEqual(loaded.files.map((each) => each.name).toSorted(), [...expected.keys()].toSorted());
  const different = loaded.files.filter((file) => {
    const bytes = encode(FileDescriptorProtoCodec, { ...file, sourceCodeInfo: undefined });
    return file.name !== DESCRIPTOR && Buffer.compare(bytes, expected.get(file.name)!) !== 0;
  });
  assert.deepEqual(
    different.map((each) => each.name),
    [],
  );
}

describe("descriptors of large trees", () => {
  it("are protoc's: Google's APIs", async () => {
    const folder = npm("google-proto-files");
    await assertSame(filesIn(folder, /^google\/protobuf\//), [folder], 7000);
  });

  it("are protoc's: Envoy and xDS", async () => {
    const [envoy, xds, googleapis] = ["envoy-api", "xds", "googleapis"].map((each) => join(npm("@grpc/grpc-js-xds"), "deps", each)) as [
      string,
      string,
      string,
    ];
    const gone = /\/v2(?:alpha\d*)?\/|\/v1alpha1?\/|opentelemetry|opencensus|prometheus/;
    const files = [...filesIn(envoy, gone), ...filesIn(xds, gone)];
    await assertSame(files, [goModule("github.com/envoyproxy/protoc-gen-validate"), envoy, xds, googleapis, WELL_KNOWN], 390);
  });

  it("are protoc's: Istio", async () => {
    const istio = goModule("istio.io/api");
    await assertSame(filesIn(istio, /^common-protos\//), [istio, join(istio, "common-protos"), WELL_KNOWN], 35);
  });
});
