/** Fields as they are decoded, held against what HTTP/2 allows them to be (RFC 9113, sections 8.1 to 8.3). */
import { ConnectionError } from "./connection-error.ts";
import { ErrorCode } from "./error-codes.ts";
import { FIELD_OVERHEAD_BYTES, Fields } from "./fields.ts";
import type { FieldSink } from "./hpack/decoder.ts";

/** What a header block begins or ends. */
export type BlockKind = "request" | "response" | "trailers";

/** What speaks of the connection, and so has no place in HTTP/2 (section 8.2.2). */
const OF_THE_CONNECTION = new Set(["connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade"]);

/** A list so many times larger than the limit, or than the least of limits, is none that anybody means: a byte of a block can name 4 KB. */
const BLOWN_UP = 16;
const LEAST_LIMIT_BYTES = 4096;

export class FieldCollector implements FieldSink {
  /** What is wrong with the block as HTTP, in words; undefined when nothing is. */
  fault: string | undefined = undefined;
  /** Whether the list exceeds `maxListBytes`; its fields are not kept then. */
  tooLarge = false;
  /** From `content-length`; -1 when there is none. */
  contentLength = -1;
  /** Of the limit. */
  room: number;
  readonly #maxListBytes: number;
  /** Where decoding stops. */
  readonly #mostBytes: number;
  #kind: BlockKind = "request";
  #fields = new Fields();
  #bytes = 0;
  #regular = false;
  #hasAuthority = false;

  constructor(maxListBytes: number) {
    this.#maxListBytes = this.room = maxListBytes;
    this.#mostBytes = BLOWN_UP * Math.max(maxListBytes, LEAST_LIMIT_BYTES);
  }

  begin(kind: BlockKind): void {
    this.#kind = kind;
    this.#fields = new Fields();
    this.#bytes = 0;
    this.room = this.#maxListBytes;
    this.#regular = false;
    this.#hasAuthority = false;
    this.fault = undefined;
    this.tooLarge = false;
    this.contentLength = -1;
  }

  add(name: string, value: string, lawful: boolean): void {
    this.#count(name.length + value.length);
    if (this.tooLarge) return;
    if (this.fault !== undefined) return;
    if (!lawful) this.fault = `the field ${JSON.stringify(name)} has characters that HTTP/2 forbids`;
    else if (name.charCodeAt(0) === 0x3a) this.#addPseudo(name, value);
    else this.#addRegular(name, value);
  }

  skip(bytes: number): void {
    this.#count(bytes);
  }

  #count(textBytes: number): void {
    this.#bytes += textBytes + FIELD_OVERHEAD_BYTES;
    this.room = this.#maxListBytes - this.#bytes;
    if (this.room >= 0) return;
    this.tooLarge = true;
    if (this.#bytes > this.#mostBytes) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, `header fields of more than ${this.#mostBytes} bytes (maxHeaderListBytes)`);
    }
  }

  /** The fields of the block; meaningless when `fault` or `tooLarge` tell so. */
  finish(): Fields {
    if (this.fault === undefined && !this.tooLarge) this.fault = this.#missing();
    return this.#fields;
  }

  #addRegular(name: string, value: string): void {
    this.#regular = true;
    // The first character tells most fields from the few that need a look.
    switch (name.charCodeAt(0)) {
      case 0x63: // c
        if (name === "content-length") this.#setContentLength(value);
        else if (name === "connection") this.fault = forbidden(name);
        break;
      case 0x6b: // k
      case 0x70: // p
      case 0x75: // u
        if (OF_THE_CONNECTION.has(name)) this.fault = forbidden(name);
        break;
      case 0x74: // t
        if (name === "te" && value !== "trailers") this.fault = `the field te says "${value}", but only "trailers" may stand there`;
        else if (name === "transfer-encoding") this.fault = forbidden(name);
        break;
      default:
    }
    this.#fields.names.push(name);
    this.#fields.values.push(value);
  }

  #addPseudo(name: string, value: string): void {
    const fields = this.#fields;
    if (this.#regular) this.fault = `${name} comes after other fields`;
    else if (this.#kind === "trailers") this.fault = `${name} has no place in trailers`;
    else if (this.#kind === "response") this.#addStatus(name, value);
    else if (name === ":method" && fields.method === "" && value !== "") fields.method = value;
    else if (name === ":scheme" && fields.scheme === "" && value !== "") fields.scheme = value;
    else if (name === ":path" && fields.path === "" && value !== "") fields.path = value;
    else if (name === ":authority" && !this.#hasAuthority) {
      this.#hasAuthority = true;
      fields.authority = value;
    } else this.fault = `${name} is empty, comes twice, or has no place in a request`;
  }

  #addStatus(name: string, value: string): void {
    if (name !== ":status" || this.#fields.status !== 0) this.fault = `${name} comes twice or has no place in a response`;
    else if (/^[1-9][0-9][0-9]$/.test(value)) this.#fields.status = Number(value);
    else this.fault = `"${value}" is no status`;
  }

  #setContentLength(value: string): void {
    const length = /^[0-9]{1,15}$/.test(value) ? Number(value) : -1;
    if (length < 0 || (this.contentLength >= 0 && this.contentLength !== length)) {
      this.fault = `content-length "${value}" is no length, or not the only one`;
    }
    this.contentLength = length;
  }

  #missing(): string | undefined {
    const { method, scheme, path, status } = this.#fields;
    if (this.#kind === "trailers") return undefined;
    if (this.#kind === "response") return status === 0 ? ":status is missing" : undefined;
    if (method === "") return ":method is missing";
    if (method === "CONNECT") {
      if (scheme !== "" || path !== "" || !this.#hasAuthority) return "CONNECT takes :authority, and neither :scheme nor :path";
      return undefined;
    }
    if (scheme === "") return ":scheme is missing";
    if (path === "") return ":path is missing";
    if ((scheme === "http" || scheme === "https") && path.charCodeAt(0) !== 0x2f && !(path === "*" && method === "OPTIONS"))
      return `the path "${path.slice(0, 100)}" does not begin with a slash`;
    return undefined;
  }
}

function forbidden(name: string): string {
  return `the field ${name} speaks of a connection, which HTTP/2 forbids`;
}
