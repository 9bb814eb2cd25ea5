/** What the fields of a request say of the call. */
import { MetadataBlock, type Code, type MetadataEntry } from "@kiteline/core";
import { PreparedFields, type Fields } from "@kiteline/http2";
import { addMetadata, CALLER_FIELD } from "../metadata-fields.ts";
import type { GrpcPayload } from "../payload.ts";

/** How a dialect says what all of them say. */
export interface HeadFields {
  readonly timeout: string;
  /** Milliseconds; `undefined` for what is no timeout. */
  readonly decodeTimeout: (value: string) => number | undefined;
  readonly encoding: string;
  readonly accepted: string;
  /** The code of a request that does not keep to the protocol. */
  readonly malformed: Code;
}

/** What a dialect takes from a request beside its fields. */
export interface HeadInit {
  readonly payload: GrpcPayload;
  readonly names: HeadFields;
  /** The content type of the response. */
  readonly contentType: string;
  /** The request's message, where it stands in the URL. */
  readonly message?: Buffer | undefined;
  /** The same of how it is compressed. */
  readonly encoding?: string | undefined;
}

export class RequestHead {
  readonly payload: GrpcPayload;
  readonly names: HeadFields;
  /** The fields of a response that tells of success. */
  readonly response: PreparedFields;
  readonly method: string;
  /** Without what stands behind a question mark. */
  readonly path: string;
  /** `Infinity` when the caller gave none. */
  timeoutMs: number = Infinity;
  /** Why the request cannot be taken on: what it says of itself makes no sense. */
  problem: string | undefined = undefined;
  /** How its messages are compressed. */
  encoding: string | undefined;
  /** Which compressions the caller understands. */
  accepted: string | undefined = undefined;
  /** The name that the caller gives itself. */
  caller = "";
  readonly message: Buffer | undefined;
  readonly metadata: MetadataBlock | undefined;

  constructor({ method, path, names, values }: Fields, init: HeadInit) {
    this.payload = init.payload;
    this.names = init.names;
    this.response = responseFields(init.contentType);
    this.method = method;
    const query = path.indexOf("?");
    this.path = query < 0 ? path : path.slice(0, query);
    this.message = init.message;
    this.encoding = init.encoding;
    let entries: MetadataEntry[] | undefined;
    for (let at = 0; at < names.length; at++) {
      const name = names[at] as string;
      const value = values[at] as string;
      switch (name) {
        case init.names.timeout:
          this.#readTimeout(value);
          break;
        case init.names.encoding:
          if (value !== "identity") this.encoding = value;
          break;
        case init.names.accepted:
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
    const timeoutMs = this.names.decodeTimeout(value);
    if (timeoutMs === undefined) this.problem = `its ${this.names.timeout} is none: ${value}`;
    else this.timeoutMs = timeoutMs;
  }
}

/** By content type; only those that dialects and payloads make. */
const RESPONSES = new Map<string, PreparedFields>();

function responseFields(contentType: string): PreparedFields {
  let fields = RESPONSES.get(contentType);
  if (fields === undefined) {
    fields = new PreparedFields([
      [":status", "200"],
      ["content-type", contentType],
    ]);
    RESPONSES.set(contentType, fields);
  }
  return fields;
}
