/**
 * Services as the server itself describes them, by gRPC's reflection (the document "GRPC Server Reflection Protocol"): version
 * 1, and of servers that know only that the one before.
 */
import { MessageQueue, RpcError, type CallOptions } from "@kiteline/core";
import {
  ServerReflection,
  type ServerReflectionRequestInit,
  type ServerReflectionResponse,
} from "@kiteline/grpc/grpc/reflection/v1/reflection";
import { ServerReflection as ServerReflectionAlpha } from "@kiteline/grpc/grpc/reflection/v1alpha/reflection";
import { createRegistry, decode, schema } from "@kiteline/protobuf";
import { FileDescriptorProtoCodec, type FileDescriptorProto } from "@kiteline/protobuf/google/protobuf/descriptor";
import type { ClientOptions } from "kiteline";
import { callFailure } from "../call/call-failure.ts";
import { connect } from "../call/connection.ts";
import { Failure, invalidInput } from "../failure.ts";
import { protoService } from "./proto-service.ts";
import { protoText, type Services } from "./services.ts";

type Question = NonNullable<ServerReflectionRequestInit["messageRequest"]>;

/** The services of a server: all, or where `wanted` names one (or a method of one) that alone. Throws a failure when it does not tell. */
export async function reflectServices(connection: ClientOptions, wanted: string | undefined, options: CallOptions): Promise<Services> {
  try {
    return await reflect(ServerReflection, connection, wanted, options);
  } catch (error) {
    if (!isUnimplemented(error)) throw failed(error);
  }
  try {
    return await reflect(ServerReflectionAlpha, connection, wanted, options);
  } catch (error) {
    throw failed(error);
  }
}

function isUnimplemented(error: unknown): boolean {
  return error instanceof RpcError && error.code === "unimplemented";
}

function failed(error: unknown): unknown {
  if (!(error instanceof RpcError)) return error;
  const { exit, code, message, excerpt, hints, fields, cause } = callFailure(error, {
    method: "ServerReflection",
    example: "",
    guessed: false,
    registry: createRegistry(),
  });
  const hint = "without --idl FILE the server is asked what it serves, by gRPC's reflection";
  const more = isUnimplemented(error)
    ? ["this server does not tell: give the IDL (one with addReflection of @kiteline/grpc tells)"]
    : hints;
  return new Failure(exit, code, message, { ...(excerpt === undefined ? {} : { excerpt }), hints: [hint, ...more], fields, cause });
}

async function reflect(
  version: typeof ServerReflection | typeof ServerReflectionAlpha,
  connection: ClientOptions,
  wanted: string | undefined,
  options: CallOptions,
): Promise<Services> {
  await using client = connect(version, { ...connection, protocol: "grpc" });
  await using conversation = new Conversation((questions) => client.serverReflectionInfo(questions, options));
  const names = await conversation.services();
  const chosen = wanted === undefined ? names : names.filter((name) => isMeant(name, wanted.replace("/", ".")));
  const known = new Descriptors(conversation);
  // Nothing is meant by a name that was mistyped: then what there is can be told.
  const services = chosen.length > 0 ? chosen : names;
  for (const name of services) await known.addSymbol(name);
  const files = linked(known.inOrder());
  const registry = createRegistry(...files);
  const found = services.flatMap((name) => registry.service(name) ?? []);
  return {
    services: found.map((each) => protoService(each, registry)),
    origins: "the server",
    where: "on the server (reflection tells of Protobuf: for Thrift give --idl)",
    registry,
    typeText: (name) => protoText(registry, name),
  };
}

function linked(descriptors: readonly FileDescriptorProto[]): readonly schema.FileType[] {
  try {
    return schema.linkDescriptors(descriptors);
  } catch (error) {
    if (!(error instanceof schema.SchemaError)) throw error;
    throw invalidInput(`the server describes itself wrongly: ${error.message}`, { hints: ["--idl FILE asks no server"], cause: error });
  }
}

/** Whether a service is the one named, or that of the method named; its package may be missing. */
function isMeant(service: string, wanted: string): boolean {
  const owner = wanted.slice(0, Math.max(0, wanted.lastIndexOf(".")));
  return [wanted, owner].some((each) => each !== "" && (service === each || service.endsWith(`.${each}`)));
}

/** Questions and answers in turn, on one stream. */
class Conversation implements AsyncDisposable {
  readonly #questions: MessageQueue<ServerReflectionRequestInit>;
  readonly #answers: AsyncIterator<ServerReflectionResponse>;

  constructor(begin: (questions: AsyncIterable<ServerReflectionRequestInit>) => AsyncIterable<ServerReflectionResponse>) {
    this.#questions = new MessageQueue(this);
    this.#answers = begin(this.#questions)[Symbol.asyncIterator]();
  }

  taken(): void {}

  left(): void {}

  async ask(messageRequest: Question): Promise<ServerReflectionResponse["messageResponse"]> {
    this.#questions.push({ messageRequest }, 0);
    const answer = await this.#answers.next();
    if (answer.done === true) throw new RpcError("unavailable", "the server ended the reflection without an answer");
    return answer.value.messageResponse;
  }

  async services(): Promise<readonly string[]> {
    const answer = await this.ask({ case: "listServices", value: "" });
    if (answer.case !== "listServicesResponse") throw unexpected("the list of its services", answer);
    return answer.value.service.map(({ name }) => name);
  }

  async files(question: Question): Promise<readonly FileDescriptorProto[]> {
    const answer = await this.ask(question);
    if (answer.case !== "fileDescriptorResponse") throw unexpected(String(question.value), answer);
    return answer.value.fileDescriptorProto.map((bytes) => decode(FileDescriptorProtoCodec, bytes));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#questions.end();
    await this.#answers.return?.();
  }
}

function unexpected(what: string, answer: ServerReflectionResponse["messageResponse"]): Failure {
  const said = answer.case === "errorResponse" ? answer.value.errorMessage : `answered with ${answer.case ?? "nothing"}`;
  return invalidInput(`the server does not describe ${what}: ${said}`, { hints: ["--idl FILE asks no server"] });
}

/** Files, each with all that it imports. Servers may send a file alone, or with some or all of those. */
class Descriptors {
  readonly #conversation: Conversation;
  readonly #files = new Map<string, FileDescriptorProto>();

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  async addSymbol(symbol: string): Promise<void> {
    const files = await this.#conversation.files({ case: "fileContainingSymbol", value: symbol });
    this.#add(files);
    for (const name of this.#missing()) this.#add(await this.#conversation.files({ case: "fileByFilename", value: name }));
  }

  #add(files: readonly FileDescriptorProto[]): void {
    for (const file of files) this.#files.set(file.name ?? "", file);
  }

  /** What is imported and not there; goes on while files come that import more. */
  *#missing(): Generator<string> {
    for (const file of this.#files.values()) {
      for (const name of file.dependency) if (!this.#files.has(name)) yield name;
    }
  }

  /** Each file behind those that it imports. */
  inOrder(): readonly FileDescriptorProto[] {
    const ordered: FileDescriptorProto[] = [];
    const seen = new Set<string>();
    const visit = (name: string): void => {
      const file = this.#files.get(name);
      if (file === undefined || seen.has(name)) return;
      seen.add(name);
      for (const each of file.dependency) visit(each);
      ordered.push(file);
    };
    for (const name of this.#files.keys()) visit(name);
    return ordered;
  }
}
