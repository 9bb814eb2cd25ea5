/** Where the names of .proto files are declared: the files of some services and all that they import. */
import { decode, type ProtoFile } from "@kiteline/protobuf";
import {
  FileDescriptorProtoCodec,
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
} from "@kiteline/protobuf/google/protobuf/descriptor";

export class ProtoIndex {
  readonly #files = new Map<string, ProtoFile>();
  readonly #symbols = new Map<string, ProtoFile>();
  /** By the message's full name, then by number. */
  readonly #extensions = new Map<string, Map<number, ProtoFile>>();

  constructor(files: readonly ProtoFile[]) {
    for (const file of files) this.#add(file);
  }

  fileNamed(name: string): ProtoFile | undefined {
    return this.#files.get(name);
  }

  /** The file that declares a name in full: of a service, a method, a message, a field, an enum, a value or an extension. */
  fileOf(symbol: string): ProtoFile | undefined {
    return this.#symbols.get(symbol);
  }

  fileOfExtension(message: string, number: number): ProtoFile | undefined {
    return this.#extensions.get(message)?.get(number);
  }

  /** The numbers of all extensions of a message. */
  extensionsOf(message: string): number[] {
    return [...(this.#extensions.get(message)?.keys() ?? [])].sort((a, b) => a - b);
  }

  #add(file: ProtoFile): void {
    if (this.#files.has(file.name)) return;
    this.#files.set(file.name, file);
    for (const imported of file.imports) this.#add(imported);
    const descriptor = decode(FileDescriptorProtoCodec, Buffer.from(file.descriptor(), "base64"));
    const scope = descriptor.package ?? "";
    for (const message of descriptor.messageType) this.#addMessage(file, scope, message);
    for (const each of descriptor.enumType) this.#addEnum(file, scope, each);
    this.#addExtensions(file, scope, descriptor.extension);
    for (const service of descriptor.service) {
      const name = this.#declare(file, scope, service.name);
      for (const method of service.method) this.#declare(file, name, method.name);
    }
  }

  #addMessage(file: ProtoFile, scope: string, message: DescriptorProto): void {
    const name = this.#declare(file, scope, message.name);
    for (const field of message.field) this.#declare(file, name, field.name);
    for (const oneof of message.oneofDecl) this.#declare(file, name, oneof.name);
    for (const nested of message.nestedType) this.#addMessage(file, name, nested);
    for (const each of message.enumType) this.#addEnum(file, name, each);
    this.#addExtensions(file, name, message.extension);
  }

  /** The names of values stand beside their enum's, not inside of it. */
  #addEnum(file: ProtoFile, scope: string, { name, value }: EnumDescriptorProto): void {
    this.#declare(file, scope, name);
    for (const each of value) this.#declare(file, scope, each.name);
  }

  #addExtensions(file: ProtoFile, scope: string, extensions: readonly FieldDescriptorProto[]): void {
    for (const { name, number = 0, extendee = "" } of extensions) {
      this.#declare(file, scope, name);
      const message = extendee.replace(/^\./, "");
      const numbers = this.#extensions.get(message) ?? new Map<number, ProtoFile>();
      this.#extensions.set(message, numbers.set(number, file));
    }
  }

  #declare(file: ProtoFile, scope: string, name = ""): string {
    const full = scope === "" ? name : `${scope}.${name}`;
    this.#symbols.set(full, file);
    return full;
  }
}
