/** Writes messages into a stream's data: straight into what leaves, behind a prefix whose length is filled in afterwards. */
import type { Method } from "@kiteline/core";
import { TooLarge, type Output } from "@kiteline/net";
import type { Compression } from "./compression.ts";
import { PREFIX_BYTES } from "./message-reader.ts";
import type { GrpcPayload } from "./payload.ts";

/** Below this, compression costs more than it saves. */
export const MIN_COMPRESSED_BYTES = 64;

/** Where messages go: a stream of HTTP/2, or what stands for one. */
export interface MessageStream {
  beginMessage(): Output;
  endMessage(end: boolean): void;
  abortMessage(): void;
}

/** What the messages of one direction of a call are written with. */
export interface MessageForm {
  readonly payload: GrpcPayload;
  readonly maxMessageBytes: number;
}

/** Sends a request's message; `end`: it is the last. Returns its bytes. Throws what the codec throws, `TooLarge`; nothing was sent then. */
export function sendRequest(
  stream: MessageStream,
  form: MessageForm,
  method: Method,
  message: unknown,
  compression: Compression | undefined,
  end: boolean,
): number {
  const out = stream.beginMessage();
  const at = reserve(out);
  try {
    form.payload.format.writeRequest(out, method, message);
    return complete(stream, out, at, form.maxMessageBytes, compression, end);
  } catch (error) {
    stream.abortMessage();
    throw error;
  }
}

/** The same for a response, which never ends its stream. */
export function sendResponse(
  stream: MessageStream,
  form: MessageForm,
  method: Method,
  message: unknown,
  compression: Compression | undefined,
): number {
  const out = stream.beginMessage();
  const at = reserve(out);
  try {
    form.payload.format.writeResponse(out, method, message);
    return complete(stream, out, at, form.maxMessageBytes, compression, false);
  } catch (error) {
    stream.abortMessage();
    throw error;
  }
}

/** The same for an error that the method declares: a response like any other. */
export function sendDeclared(
  stream: MessageStream,
  { payload: { format }, maxMessageBytes }: MessageForm,
  method: Method,
  error: Error,
  compression: Compression | undefined,
): void {
  const out = stream.beginMessage();
  const at = reserve(out);
  try {
    format.writeDeclared?.(out, method, error);
    complete(stream, out, at, maxMessageBytes, compression, false);
  } catch (failure) {
    stream.abortMessage();
    throw failure;
  }
}

/** Leaves room for the prefix; returns where it is, counted from the message's start, which moves when the output grows. */
function reserve(out: Output): number {
  const at = out.position - out.messageStart;
  out.ensure(PREFIX_BYTES);
  out.position += PREFIX_BYTES;
  return at;
}

function complete(
  stream: MessageStream,
  out: Output,
  at: number,
  maxMessageBytes: number,
  compression: Compression | undefined,
  end: boolean,
): number {
  let length = out.position - out.messageStart - at - PREFIX_BYTES;
  if (length > maxMessageBytes) throw new TooLarge(`the message has ${length} bytes, more than ${maxMessageBytes} (maxMessageBytes)`);
  let flag = 0;
  if (compression !== undefined && length >= MIN_COMPRESSED_BYTES) {
    const from = out.messageStart + at + PREFIX_BYTES;
    const compressed = compression.compress(out.bytes.subarray(from, out.position));
    // Never longer than what stands there already, or it is sent as it is.
    if (compressed.byteLength < length) {
      out.bytes.set(compressed, from);
      length = compressed.byteLength;
      out.position = from + length;
      flag = 1;
    }
  }
  const prefix = out.messageStart + at;
  out.bytes[prefix] = flag;
  out.view.setUint32(prefix + 1, length);
  stream.endMessage(end);
  return PREFIX_BYTES + length;
}
