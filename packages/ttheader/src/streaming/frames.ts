/**
 * The frames of streams (Kitex, "TTHeader Streaming"). Each is a TTHeader frame with the streaming flag, the stream's id in
 * place of a sequence id, and two integer keys: what kind of frame it is, and the method.
 *
 *     Header   opens the stream, or the answer to it; metadata as strings; no payload
 *     Data     a message without a head
 *     Trailer  the sender's last; from servers, how the call went: strings, and for errors an exception as payload
 *     Rst      ends the stream at once, both ways; an exception as payload
 *     Meta     from proxies, which nobody here looks at, and our own credit (`flow.ts`)
 *
 * No other place knows this layout.
 */
import type { Output } from "@kiteline/net";
import {
  beginHeader,
  endFrame,
  endHeader,
  makeTemplate,
  writeStringPairs,
  type IntPair,
  type StringPair,
  type Template,
} from "../header-writer.ts";
import {
  CREDIT_KEY,
  FLAG_STREAMING,
  FRAME_DATA,
  FRAME_HEADER,
  FRAME_META,
  FRAME_RESET,
  FRAME_TRAILER,
  KEY_FRAME_TYPE,
  KEY_TO_METHOD,
} from "../layout.ts";

/** What the frames of a method's streams begin with. */
export class FrameTemplates {
  readonly header: Template;
  readonly data: Template;
  readonly trailer: Template;
  readonly reset: Template;
  readonly meta: Template;

  /** `strings` and `ints` are the Header's, beside what all frames have. */
  constructor(protocolId: number, method: string, strings: readonly StringPair[], ints: readonly IntPair[]) {
    const template = (type: string): Template => makeTemplate(protocolId, [], keys(type, method));
    this.header = makeTemplate(protocolId, strings, [...keys(FRAME_HEADER, method), ...ints]);
    this.data = template(FRAME_DATA);
    this.trailer = template(FRAME_TRAILER);
    this.reset = template(FRAME_RESET);
    this.meta = template(FRAME_META);
  }
}

function keys(type: string, method: string): IntPair[] {
  return [
    [KEY_FRAME_TYPE, type],
    [KEY_TO_METHOD, method],
  ];
}

/** Begins a frame, whose strings may be written next. Whoever gives it up rolls `out` back. */
export function beginFrame(out: Output, template: Template, stream: number): void {
  out.begin();
  beginHeader(out, template, FLAG_STREAMING, stream);
}

/** Ends the strings: the payload is written next. */
export function beginPayload(out: Output): void {
  endHeader(out);
}

/** Ends the frame. Throws `TooLarge`. */
export function finishFrame(out: Output): void {
  endFrame(out);
  out.end();
}

/** Writes the frame by which the peer may send so many bytes more. */
export function writeCredit(out: Output, { meta }: FrameTemplates, stream: number, bytes: number): void {
  beginFrame(out, meta, stream);
  writeStringPairs(out, [[CREDIT_KEY, String(bytes)]]);
  beginPayload(out);
  finishFrame(out);
}
