/** Services of Protobuf: of .proto files, and of the descriptors that a server reflects. */
import { genericService, type Registry, type schema } from "@kiteline/protobuf";
import { completeMessage, exampleMessage, exampleReply, isSpecial } from "./proto-example.ts";
import type { IdlMethod, IdlService } from "./service.ts";

/** `registry` knows the types that an `Any` may hold. */
export function protoServices(files: readonly schema.FileType[], registry: Registry): readonly IdlService[] {
  return files.flatMap((file) => file.services).map((service) => protoService(service, registry));
}

export function protoService(service: schema.ServiceType, registry: Registry): IdlService {
  return {
    name: service.name,
    origin: service.file.name,
    methods: service.methods.map((each) => new ProtoMethod(service, each)),
    // What is zero is shown, as with Thrift: an empty object would say nothing of what could have come.
    describe: async () => genericService(service, { registry, emitDefaults: true, rawAny: true }),
  };
}

class ProtoMethod implements IdlMethod {
  readonly name: string;
  readonly fullName: string;
  readonly kind: IdlMethod["kind"];
  readonly signature: string;
  readonly takes: string;
  readonly takesObject = false; // Google's own types have forms of their own
  readonly takesNothing: boolean;
  readonly returnsNothing = false;
  readonly throws: readonly string[] = [];
  readonly #input: schema.MessageType;
  readonly #output: schema.MessageType;

  constructor(service: schema.ServiceType, { name, kind, input, output }: schema.MethodType) {
    this.#input = input;
    this.#output = output;
    this.name = name;
    this.fullName = `${service.name}.${name}`;
    this.kind = kind;
    const [requests, replies] = [kind === "client_stream" || kind === "bidi_stream", kind === "server_stream" || kind === "bidi_stream"];
    this.signature = `rpc ${name}(${requests ? "stream " : ""}${input.name}) returns (${replies ? "stream " : ""}${output.name})`;
    this.takes = `the message ${input.name}`;
    this.takesNothing = !isSpecial(input) && input.fields.every((field) => field.presence !== "required");
  }

  exampleRequest(): unknown {
    return exampleMessage(this.#input);
  }

  exampleReply(request: unknown): unknown {
    return exampleReply(this.#output, this.#input, request);
  }

  completeReply(example: unknown, given: unknown): unknown {
    return completeMessage(this.#output, example, given);
  }

  exception(name: string): never {
    throw new Error(`${this.name} does not throw ${name}`); // refused when the answers were read
  }
}
