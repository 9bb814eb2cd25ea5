/** TTHeader as clients speak it: requests with the header that Kitex's clients send, replies with what its servers answer. */
import { bareName, RpcError, type Attempt, type MethodBinding } from "@kiteline/core";
import {
  EXCEPTION,
  MessageHead,
  ONEWAY,
  CALL,
  type ClientWire,
  type Framer,
  type Loop,
  type Output,
  type PayloadFormat,
  type ReplyFrame,
} from "@kiteline/net";
import { frameBytes, HeaderReader } from "./header-reader.ts";
import { endFrame, makeTemplate, type IntPair } from "./header-writer.ts";
import {
  CLOSING_KEY,
  FLAG_MULTIPLEXED,
  KEY_FROM_SERVICE,
  KEY_MESSAGE_TYPE,
  KEY_TO_METHOD,
  KEY_TO_SERVICE,
  KEY_TRANSPORT,
  SERVICE_KEY,
} from "./layout.ts";
import { exact, keepStrings, readBusinessError, timeLeftMs } from "./outcome.ts";
import { beginPayload, endPayload, findVariant, FRAMED, lengthBytes } from "./payload-variant.ts";
import { RequestHeader } from "./request-header.ts";

export interface TTHeaderClientOptions {
  readonly format: PayloadFormat;
  /** Whether the payload has a length of its own before it (Kitex's TTHeaderFramed). */
  readonly framed: boolean;
  /** Whose clock deadlines are on. */
  readonly loop: Pick<Loop, "clock" | "now">;
}

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
    const header = (call.binding.wireState ??= this.#header(call.binding)) as RequestHeader;
    const timeoutMs = call.deadlineMs === Infinity ? Infinity : timeLeftMs(call, this.#options.loop);
    header.write(out, multiplexed ? FLAG_MULTIPLEXED : 0, attempt.seq, call.metadataIfAny, timeoutMs);
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
      if (info !== undefined) keepStrings(strings, info.reply);
      const business = readBusinessError(strings);
      if (business !== undefined) {
        frame.thrown = true;
        return business;
      }
    }
    const value = this.#format.readReply(head, attempt.call.method);
    frame.thrown = head.thrown;
    return head.thrown && value instanceof RpcError ? exact(value, strings) : value;
  }

  #header(binding: MethodBinding): RequestHeader {
    const { method, caller, callee } = binding;
    const ints: IntPair[] = [
      [KEY_TRANSPORT, this.#options.framed ? "framed" : "unframed"],
      [KEY_TO_SERVICE, callee],
      [KEY_TO_METHOD, method.name],
      [KEY_MESSAGE_TYPE, String(method.kind === "oneway" ? ONEWAY : CALL)],
    ];
    if (caller !== "") ints.push([KEY_FROM_SERVICE, caller]);
    return new RequestHeader(makeTemplate(this.#format.protocolId, [[SERVICE_KEY, bareName(method.service)]], ints));
  }
}
