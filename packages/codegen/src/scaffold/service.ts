/** Services and methods as a scaffold sees them, whichever IDL describes them. */
import type { MethodKind } from "@kiteline/core";
import type { Layout } from "../layout.ts";
import type { Imports } from "./imports.ts";

export interface ScaffoldService {
  /** With its package, where it has one. */
  readonly name: string;
  /** The generated file, relative to `src/gen`. */
  readonly path: string;
  /** What that file calls the description, and the interface of what implements it. */
  readonly description: string;
  readonly handler: string;
  readonly methods: readonly ServiceMethod[];
}

export interface ServiceMethod {
  readonly name: string;
  /** `service.method`. */
  readonly fullName: string;
  readonly kind: MethodKind;
  /** What its stub and handler are called. */
  readonly stub: string;
  /** The arguments of a handler, but for the call; where requests stream, the one that is iterable. */
  readonly parameters: readonly string[];
  /** Expressions by example, for a file in `src/methods`: of each argument, or of one message of the stream. */
  request(imports: Imports): readonly Layout[];
  /** The same of a reply, or of one message of it; nothing where there is none. */
  reply(imports: Imports): Layout | undefined;
}

/** What a generated file is imported as from `src/methods`. */
export function fromMethods(path: string): string {
  return `../gen/${path}`;
}

export function streamsRequests({ kind }: ServiceMethod): boolean {
  return kind === "client_stream" || kind === "bidi_stream";
}

export function streamsReplies({ kind }: ServiceMethod): boolean {
  return kind === "server_stream" || kind === "bidi_stream";
}
