/**
 * Reflection (the document "GRPC Server Reflection Protocol"): tools learn from a server what it serves. The answers come
 * from the descriptors that generated code carries, which are read when somebody first asks.
 */
import { isProtobufService, type ProtoFile } from "@kiteline/protobuf";
import type { ServerReflectionRequest, ServerReflectionResponseInit } from "./gen/grpc/reflection/v1/reflection.ts";
import { ServerReflection } from "./gen/grpc/reflection/v1/reflection.ts";
import { ServerReflection as ServerReflectionAlpha } from "./gen/grpc/reflection/v1alpha/reflection.ts";
import type { ProtoIndex } from "./proto-index.ts";
import type { ServiceHost } from "./service-host.ts";

const NOT_FOUND = 5;
const INVALID_ARGUMENT = 3;

/** Adds the services `grpc.reflection.v1.ServerReflection` and `grpc.reflection.v1alpha.ServerReflection`, which tell of all services of Protobuf. */
export function addReflection(server: ServiceHost): void {
  const reflection = new Reflection(server);
  server.add(ServerReflection, reflection);
  server.add(ServerReflectionAlpha, reflection);
}

class Reflection {
  readonly #server: ServiceHost;
  #index: ProtoIndex | undefined;
  /** How many services the index was made of. */
  #indexed = 0;

  constructor(server: ServiceHost) {
    this.#server = server;
  }

  async *serverReflectionInfo(requests: AsyncIterable<ServerReflectionRequest>): AsyncGenerator<ServerReflectionResponseInit> {
    const sent = new Set<string>();
    for await (const request of requests) {
      const answer = this.#answer(request, await this.#makeIndex(), sent);
      yield { validHost: request.host, originalRequest: request, messageResponse: answer };
    }
  }

  async #makeIndex(): Promise<ProtoIndex> {
    const services = this.#server.services.filter(isProtobufService);
    if (this.#index === undefined || this.#indexed !== services.length) {
      // With the usual details of errors, which come with any call, and which tools look for here.
      const [{ ProtoIndex }, details] = await Promise.all([import("./proto-index.ts"), import("./gen/google/rpc/error_details.ts")]);
      this.#index = new ProtoIndex([...services.map(({ file }) => file), details.file]);
      this.#indexed = services.length;
    }
    return this.#index;
  }

  #answer(
    { messageRequest }: ServerReflectionRequest,
    index: ProtoIndex,
    sent: Set<string>,
  ): ServerReflectionResponseInit["messageResponse"] {
    switch (messageRequest.case) {
      case "listServices": {
        const service = this.#server.services.filter(isProtobufService).map(({ name }) => ({ name }));
        return { case: "listServicesResponse", value: { service } };
      }
      case "fileByFilename":
        return files(index.fileNamed(messageRequest.value), `file ${messageRequest.value}`, sent);
      case "fileContainingSymbol":
        return files(index.fileOf(messageRequest.value), `symbol ${messageRequest.value}`, sent);
      case "fileContainingExtension": {
        const { containingType, extensionNumber } = messageRequest.value;
        return files(index.fileOfExtension(containingType, extensionNumber), `extension ${extensionNumber} of ${containingType}`, sent);
      }
      case "allExtensionNumbersOfType": {
        const baseTypeName = messageRequest.value;
        if (index.fileOf(baseTypeName) === undefined) return failure(NOT_FOUND, `message ${baseTypeName}`);
        return { case: "allExtensionNumbersResponse", value: { baseTypeName, extensionNumber: index.extensionsOf(baseTypeName) } };
      }
      case undefined:
        return {
          case: "errorResponse",
          value: { errorCode: INVALID_ARGUMENT, errorMessage: "the request asks nothing that this server understands" },
        };
    }
  }
}

/** The file and those it imports, each once on a stream. */
function files(file: ProtoFile | undefined, what: string, sent: Set<string>): ServerReflectionResponseInit["messageResponse"] {
  if (file === undefined) return failure(NOT_FOUND, what);
  const found: ProtoFile[] = [];
  collect(file, sent, found);
  // One that was asked for is sent, also when it has been before.
  if (found.length === 0) found.push(file);
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto: found.map((each) => Buffer.from(each.descriptor(), "base64")) } };
}

function collect(file: ProtoFile, sent: Set<string>, found: ProtoFile[]): void {
  if (sent.has(file.name)) return;
  sent.add(file.name);
  found.push(file);
  for (const imported of file.imports) collect(imported, sent, found);
}

function failure(errorCode: number, what: string): ServerReflectionResponseInit["messageResponse"] {
  return { case: "errorResponse", value: { errorCode, errorMessage: `this server knows no ${what}` } };
}
