/** What the fields of a request say. */
import { MetadataBlock, type MetadataEntry } from "@kiteline/core";
import type { Fields } from "@kiteline/http2";
import { addMetadata, CALLER_FIELD } from "./metadata-fields.ts";
import type { GrpcPayload } from "./payload.ts";
import { decodeTimeout } from "./timeout.ts";

export class RequestHead {
  readonly payload: GrpcPayload;
  /** `Infinity` when the caller gave none. */
  timeoutMs: number = Infinity;
  /** Why the request cannot be taken on: what it says of itself makes no sense. */
  problem: string | undefined = undefined;
  /** How its messages are compressed. */
  encoding: string | undefined = undefined;
  /** Which compressions the caller understands. */
  accepted: string | undefined = undefined;
  /** The name that the caller gives itself. */
  caller = "";
  readonly metadata: MetadataBlock | undefined;

  constructor({ names, values }: Fields, payload: GrpcPayload) {
    this.payload = payload;
    let entries: MetadataEntry[] | undefined;
    for (let at = 0; at < names.length; at++) {
      const name = names[at] as string;
      const value = values[at] as string;
      switch (name) {
        case "grpc-timeout":
          this.#readTimeout(value);
          break;
        case "grpc-encoding":
          if (value !== "identity") this.encoding = value;
          break;
        case "grpc-accept-encoding":
          this.accepted = value;
          break;
        case CALLER_FIELD:
          this.caller = value;
          break;
        default:
          entries = addMetadata(entries, name, value);
      }
    }
    this.metadata = entries === undefined ? undefined : new MetadataBlock(entries);
  }

  #readTimeout(value: string): void {
    const timeoutMs = decodeTimeout(value);
    if (timeoutMs === undefined) this.problem = `its grpc-timeout is none: ${value}`;
    else this.timeoutMs = timeoutMs;
  }
}
