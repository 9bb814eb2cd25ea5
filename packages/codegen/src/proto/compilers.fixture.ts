/** Other compilers of `.proto` files, to compare ourselves with: protoc and buf, both from npm. */
import { execFileSync, spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { encode } from "@kiteline/protobuf";
import { FileDescriptorProtoCodec } from "@kiteline/protobuf/google/protobuf/descriptor";
import type { FileDescriptorProto } from "./descriptor.ts";

const require = createRequire(import.meta.url);

/** The folder that a package is installed in. */
export function packageDir(name: string): string {
  return dirname(require.resolve(`${name}/package.json`));
}

const SYSTEMS: Readonly<Record<string, string>> = { darwin: "osx", linux: "linux" };
/** The binary itself: the script around it takes ten times as long to start. */
const PROTOC = join(
  packageDir("protoc"),
  "bin",
  process.platform === "win32"
    ? "protoc-win64.exe"
    : `protoc-${SYSTEMS[process.platform]}-${process.arch === "arm64" ? "aarch_64" : "x86_64"}`,
);

/** Where google/protobuf/*.proto are. */
export const WELL_KNOWN_DIR: string = join(packageDir("protoc"), "include");

/** The `.proto` files in a folder, by their paths from there. */
export function protosIn(folder: string, ...patterns: readonly string[]): string[] {
  return globSync([...patterns], { cwd: folder })
    .map((path) => path.replaceAll("\\", "/"))
    .toSorted();
}

/** What protoc makes of files: the bytes of each file's descriptor, imported ones included. */
export function protoc(files: readonly string[], includePaths: readonly string[], options: readonly string[] = []): Map<string, Buffer> {
  return inFolder((folder) => {
    const out = join(folder, "set.bin");
    const paths = includePaths.map((each) => `--proto_path=${each}`);
    execFileSync(PROTOC, ["--include_imports", ...options, ...paths, `--descriptor_set_out=${out}`, ...files], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    return descriptorsIn(out);
  });
}

/** Why protoc refuses a file of the name test.proto; `undefined` when it does not. */
export function refusalByProtoc(text: string): string | undefined {
  return inFolder((folder) => {
    writeFileSync(join(folder, "test.proto"), text);
    const run = spawnSync(
      PROTOC,
      [`--proto_path=${folder}`, `--proto_path=${WELL_KNOWN_DIR}`, `--descriptor_set_out=${join(folder, "set.bin")}`, "test.proto"],
      { encoding: "utf8" },
    );
    return run.status === 0 ? undefined : run.stderr;
  });
}

/** What buf makes of all files in a folder. */
export function buf(root: string, paths: readonly string[] = []): Map<string, Buffer> {
  return inFolder((folder) => {
    const out = join(folder, "set.bin");
    const only = paths.flatMap((each) => ["--path", join(root, each)]);
    execFileSync(
      process.execPath,
      [
        join(packageDir("@bufbuild/buf"), "bin", "buf"),
        "build",
        root,
        ...only,
        "--as-file-descriptor-set",
        "--exclude-source-info",
        "-o",
        `${out}#format=binpb`,
      ],
      {
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    return descriptorsIn(out);
  });
}

/** A descriptor's bytes, without comments. */
export function bytesOfDescriptor(file: FileDescriptorProto): Buffer {
  return Buffer.from(encode(FileDescriptorProtoCodec, { ...file, sourceCodeInfo: undefined }));
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "kiteline-proto-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A `FileDescriptorSet` holds nothing but files (field 1), and each of them begins with its name (field 1). */
function descriptorsIn(path: string): Map<string, Buffer> {
  const set = readFileSync(path);
  const found = new Map<string, Buffer>();
  const varint = (at: number): readonly [value: number, next: number] => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = set[at++]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return [value, at];
    }
  };
  for (let at = 0; at < set.length; ) {
    const [length, start] = varint(at + 1);
    const [nameLength, name] = varint(start + 1);
    found.set(set.toString("utf8", name, name + nameLength), set.subarray(start, start + length));
    at = start + length;
  }
  return found;
}
