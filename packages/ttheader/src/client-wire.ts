/** TTHeader as clients speak it: requests with the header that Kitex's clients send, replies with what its servers answer. */
import { BusinessError, codeOfNumber, RpcError, type Attempt, type Executed, type MethodBinding, type Metadata } from "@kiteline/core";
import {
  EXCEPTION,
  MessageHead,
  ONEWAY,
  CALL,
  type ClientWire,
  type Framer,
  type Output,
  type PayloadFormat,
  type ReplyFrame,
} from "@kiteline/net";
import { frameBytes, HeaderReader } from "./header-reader.ts";
import {
  beginHeader,
  endFrame,
  endHeader,
  makeTemplate,
  writeIntPair,
  writeMetadata,
  type IntPair,
  type Template,
} from "./header-writer.ts";
import {
  BACKWARD_PREFIX,
  BUSINESS_EXTRA_KEY,
  BUSINESS_MESSAGE_KEY,
  BUSINESS_STATUS_KEY,
  CLOSING_KEY,
  FLAG_MULTIPLEXED,
  KEY_FROM_SERVICE,
  KEY_MESSAGE_TYPE,
  KEY_TIMEOUT,
  KEY_TO_METHOD,
  KEY_TO_SERVICE,
  KEY_TRANSPORT,
  SERVICE_KEY,
  STATUS_KEY,
} from "./layout.ts";
import { beginPayload, endPayload, findVariant, FRAMED, lengthBytes } from "./payload-variant.ts";

export interface TTHeaderClientOptions {
  readonly format: PayloadFormat;
  /** Whether the payload has a length of its own before it (Kitex's TTHeaderFramed). */
  readonly framed: boolean;
  /** Reads the clock that deadlines are on. */
  readonly now: () => number;
}

/** Header strings of a reply that are not metadata. */
const OWN_KEYS: ReadonlySet<string> = new Set([BUSINESS_STATUS_KEY, BUSINESS_MESSAGE_KEY, BUSINESS_EXTRA_KEY, CLOSING_KEY, STATUS_KEY]);

export class TTHeaderClientWire implements ClientWire {
  readonly name: string;
  readonly canMultiplex = true;
  readonly #options: TTHeaderClientOptions;
  readonly #format: PayloadFormat;
  readonly #formats: readonly PayloadFormat[];
  /** Of requests. Replies are read whatever they are. */
  readonly #variant: number;
  readonly #reader = new HeaderReader();
  readonly #head = new MessageHead();

  constructor(options: TTHeaderClientOptions) {
    this.#options = options;
    this.#format = options.format;
    this.#formats = [options.format];
    this.#variant = options.framed ? FRAMED : 0;
    this.name = options.framed ? "ttheader-framed" : "ttheader";
  }

  write(out: Output, attempt: Attempt, multiplexed: boolean): void {
    const { call } = attempt;
    const { method } = call;
    const template = (call.binding.wireState ??= this.#template(call.binding)) as Template;
    beginHeader(out, template, multiplexed ? FLAG_MULTIPLEXED : 0, attempt.seq);
    const metadata = call.metadataIfAny;
    if (metadata !== undefined && metadata.size > 0) writeMetadata(out, metadata);
    // Last, since it differs from call to call: what stands before it stays the same bytes.
    if (call.deadlineMs !== Infinity) writeIntPair(out, KEY_TIMEOUT, Math.max(1, Math.ceil(call.deadlineMs - this.#options.now())));
    endHeader(out);
    const payloadAt = beginPayload(out, this.#variant);
    this.#format.writeRequest(out, method, attempt.seq, call.request);
    endPayload(out, this.#variant, payloadAt);
    endFrame(out);
  }

  makeFramer(): Framer {
    return frameBytes; // what it says depends on nothing that came before
  }

  open(bytes: Buffer, start: number, end: number, frame: ReplyFrame): void {
    const reader = this.#reader;
    reader.read(bytes, start, end);
    const { strings } = reader.sections;
    frame.multiplexed = (reader.flags & FLAG_MULTIPLEXED) !== 0;
    frame.closing = strings?.get(CLOSING_KEY) === "1";
    const payload = reader.payload + lengthBytes(findVariant(this.#formats, bytes, reader.payload, end));
    this.#format.readHead(bytes, payload, end, this.#head);
    frame.exception = this.#head.kind === EXCEPTION;
    // The header's sequence id is the one that counts when calls share a connection; a lone call may leave it at 0.
    frame.seq = reader.seq === 0 ? this.#head.seq : reader.seq;
    frame.control = frame.closing && reader.seq === 0 && this.#head.seq === 0 && !frame.exception;
  }

  read(frame: ReplyFrame, attempt: Attempt): unknown {
    const head = this.#head;
    const { strings } = this.#reader.sections;
    if (strings !== undefined) {
      const { info } = attempt.call;
      if (info !== undefined) for (const [name, value] of strings) if (!OWN_KEYS.has(name)) keep(info.reply, name, value);
      const status = Number(strings.get(BUSINESS_STATUS_KEY) ?? 0);
      if (status !== 0 && status === (status | 0)) {
        frame.thrown = true;
        return new BusinessError(status, strings.get(BUSINESS_MESSAGE_KEY) ?? "", readExtra(strings.get(BUSINESS_EXTRA_KEY)));
      }
    }
    const value = this.#format.readReply(head, attempt.call.method);
    frame.thrown = head.thrown;
    const status = strings?.get(STATUS_KEY);
    return status !== undefined && value instanceof RpcError ? exact(value, status) : value;
  }

  #template(binding: MethodBinding): Template {
    const { method, caller, callee } = binding;
    const ints: IntPair[] = [
      [KEY_TRANSPORT, this.#options.framed ? "framed" : "unframed"],
      [KEY_TO_SERVICE, callee],
      [KEY_TO_METHOD, method.name],
      [KEY_MESSAGE_TYPE, String(method.kind === "oneway" ? ONEWAY : CALL)],
    ];
    if (caller !== "") ints.push([KEY_FROM_SERVICE, caller]);
    return makeTemplate(this.#format.protocolId, [[SERVICE_KEY, method.service]], ints);
  }
}

/** Our own servers say the exact code beside the exception, which knows only Thrift's few. */
function exact(error: RpcError, status: string): RpcError {
  const [number, executed] = status.split(" ");
  const code = codeOfNumber(Number(number));
  return new RpcError(code, error.detail, {
    // A server that is full says nothing of the others.
    retriable: executed === "no" && (code === "unavailable" || code === "resource_exhausted"),
    executed: executed === "no" || executed === "yes" ? (executed satisfies Executed) : "maybe",
    ...(error.foreignCode === undefined ? {} : { foreignCode: error.foreignCode }),
  });
}

/** Kitex writes backward metadata under its plain name; the prefix that exists for it is understood, too. */
function keep(reply: Metadata, name: string, value: string): void {
  const plain = name.startsWith(BACKWARD_PREFIX) ? name.slice(BACKWARD_PREFIX.length) : name;
  if (plain === "" || value === "") return;
  reply.append(plain, plain.toLowerCase().endsWith("-bin") ? Buffer.from(value, "base64") : value, "backward");
}

function readExtra(json: string | undefined): Map<string, string> {
  const extra = new Map<string, string>();
  if (json === undefined || json === "") return extra;
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed === "object" && parsed !== null) for (const [key, value] of Object.entries(parsed)) extra.set(key, String(value));
  } catch {
    // The extra is a courtesy: a peer that garbles it has still said its status and message.
    extra.set(BUSINESS_EXTRA_KEY, json);
  }
  return extra;
}
