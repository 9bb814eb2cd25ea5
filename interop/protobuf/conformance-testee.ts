/**
 * What the conformance runner talks to: reads requests from standard input and writes responses to standard output, each behind its
 * length (conformance.proto). Its arguments: the folder of generated code, and whether its codecs are used (`generated`) or others that
 * are made of its descriptors (`dynamic`).
 */
import { readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  createRegistry,
  decode,
  encode,
  fromJsonText,
  fromText,
  schema,
  toJsonText,
  toText,
  type MessageCodec,
  type ProtoFile,
  type Registry,
} from "@kiteline/protobuf";

interface Payload {
  readonly case: string | undefined;
  readonly value?: unknown;
}
interface ConformanceRequest {
  readonly payload: Payload;
  readonly requestedOutputFormat: number;
  readonly messageType: string;
  readonly testCategory: number;
  readonly printUnknownFields: boolean;
}
interface Generated {
  readonly file: ProtoFile;
}

const PROTOBUF = 1;
const JSON_FORMAT = 2;
const IGNORE_UNKNOWN = 3;
const TEXT_FORMAT = 4;
const FILES = [
  "google/protobuf/test_messages_proto2.ts",
  "google/protobuf/test_messages_proto3.ts",
  "google/protobuf/test_messages_proto2_editions.ts",
  "google/protobuf/test_messages_proto3_editions.ts",
  "google/protobuf/test_messages_edition2023.ts",
];

async function main(folder: string, kind: string): Promise<void> {
  const load = async (path: string): Promise<ProtoFile> => ((await import(pathToFileURL(join(folder, path)).href)) as Generated).file;
  const files = [await load("conformance/conformance.ts")];
  for (const each of FILES) files.push(await load(each));
  const used = kind === "dynamic" ? dynamic(files) : files;
  const codecs = new Map(used.flatMap((file) => file.codecs()).map((each) => [each.name, each]));
  const registry = createRegistry(...used);
  const request = codecs.get("conformance.ConformanceRequest") as MessageCodec<ConformanceRequest>;
  const response = codecs.get("conformance.ConformanceResponse")!;
  for (let bytes = readMessage(); bytes !== undefined; bytes = readMessage()) {
    const result = answer(decode(request, bytes), codecs, registry);
    writeMessage(encode(response, { result }));
  }
}

/** The same files, known by nothing but their descriptors. */
function dynamic(files: readonly ProtoFile[]): ProtoFile[] {
  const protos = new Set<schema.FileDescriptorProtoInit>();
  const add = (file: schema.FileType): void => {
    for (const each of file.imports) add(each);
    protos.add(file.proto);
  };
  for (const file of files) add(schema.schemaOf(file));
  return schema.linkDescriptors([...protos]).map((each) => each.source);
}

function answer(request: ConformanceRequest, codecs: ReadonlyMap<string, MessageCodec>, registry: Registry): Payload {
  const codec = codecs.get(request.messageType);
  if (codec === undefined) return { case: "runtimeError", value: `there is no message ${request.messageType}` };
  let message: unknown;
  try {
    const { payload } = request;
    if (payload.case === "protobufPayload") message = decode(codec, payload.value as Uint8Array);
    else if (payload.case === "jsonPayload") {
      message = fromJsonText(codec, payload.value as string, { registry, ignoreUnknown: request.testCategory === IGNORE_UNKNOWN });
    } else if (payload.case === "textPayload") message = fromText(codec, payload.value as string, { registry });
    else return { case: "skipped", value: "neither binary nor JSON nor text" };
  } catch (error) {
    return { case: "parseError", value: String(error) };
  }
  try {
    if (request.requestedOutputFormat === PROTOBUF) return { case: "protobufPayload", value: encode(codec, message) };
    if (request.requestedOutputFormat === JSON_FORMAT) return { case: "jsonPayload", value: toJsonText(codec, message, { registry }) };
    if (request.requestedOutputFormat === TEXT_FORMAT)
      return { case: "textPayload", value: toText(codec, message, { registry, hideUnknown: !request.printUnknownFields }) };
  } catch (error) {
    return { case: "serializeError", value: String(error) };
  }
  return { case: "skipped", value: "neither binary nor JSON nor text" };
}

/** Undefined at the end of the input. */
function readMessage(): Buffer | undefined {
  const head = readBytes(4);
  return head === undefined ? undefined : readBytes(head.readUInt32LE());
}

function readBytes(length: number): Buffer | undefined {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const read = readSync(0, bytes, at, length - at, null);
    if (read === 0) return undefined;
    at += read;
  }
  return bytes;
}

function writeMessage(message: Uint8Array): void {
  const bytes = Buffer.alloc(4 + message.byteLength);
  bytes.writeUInt32LE(message.byteLength);
  bytes.set(message, 4);
  for (let at = 0; at < bytes.byteLength; ) at += writeSync(1, bytes, at);
}

await main(process.argv[2] ?? "", process.argv[3] ?? "generated");
