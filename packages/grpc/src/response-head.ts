/** What the fields of a response say. Servers send the same again and again, so it is made once for each that differs. */
import type { MetadataEntry } from "@kiteline/core";
import type { Fields } from "@kiteline/http2";
import { readMetadata } from "./metadata-fields.ts";
import { payloadOf, type GrpcPayload } from "./payload.ts";

export class ResponseHead {
  /** Whether it is gRPC with this payload. */
  readonly isGrpc: boolean;
  /** How its messages are compressed. */
  readonly encoding: string | undefined;
  readonly #fields: Fields;
  #metadata: readonly MetadataEntry[] | undefined;

  constructor(fields: Fields, payload: GrpcPayload) {
    this.isGrpc = fields.status === 200 && payloadOf(fields.get("content-type"), [payload]) !== undefined;
    this.encoding = fields.get("grpc-encoding");
    this.#fields = fields;
  }

  /** For those who want to know. */
  get metadata(): readonly MetadataEntry[] {
    return (this.#metadata ??= readMetadata(this.#fields));
  }
}
