/** Writes messages into a stream's data: straight into what leaves, behind a prefix whose length is filled in afterwards. */
import type { Method } from "@kiteline/core";
import { TooLarge, type Output } from "@kiteline/net";
import { LONG_BYTES } from "./compression.ts";
import type { Compressor } from "./compressor.ts";
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

/** Sends a request's message, or will when it has been compressed; `end`: it is the last. Returns its bytes. Throws what the codec throws, `TooLarge`; nothing was sent then. */
export function sendRequest(
  stream: MessageStream,
  form: MessageForm,
  method: Method,
  message: unknown,
  compressor: Compressor | undefined,
  end: boolean,
): number {
  const out = stream.beginMessage();
  const at = reserve(out);
  try {
    form.payload.format.writeRequest(out, method, message);
    return complete(stream, out, at, form.maxMessageBytes, compressor, end);
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
  compressor: Compressor | undefined,
): number {
  const out = stream.beginMessage();
  const at = reserve(out);
  try {
    form.payload.format.writeResponse(out, method, message);
    return complete(stream, out, at, form.maxMessageBytes, compressor, false);
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
  compressor: Compressor | undefined,
): void {
  const out = stream.beginMessage();
  const at = reserve(out);
  try {
    format.writeDeclared?.(out, method, error);
    complete(stream, out, at, maxMessageBytes, compressor, false);
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
  compressor: Compressor | undefined,
  end: boolean,
): number {
  const from = out.messageStart + at + PREFIX_BYTES;
  const length = out.position - from;
  if (length > maxMessageBytes) throw new TooLarge(`the message has ${length} bytes, more than ${maxMessageBytes} (maxMessageBytes)`);
  if (compressor === undefined || length < MIN_COMPRESSED_BYTES) {
    writePrefix(out, out.messageStart + at, 0, length);
    stream.endMessage(end);
    return PREFIX_BYTES + length;
  }
  if (length > LONG_BYTES) {
    sendLater(stream, out.detach(from).bytes, compressor, end);
    return PREFIX_BYTES + length;
  }
  const compressed = compressor.compression.compress(out.bytes.subarray(from, out.position));
  // Never longer than what stands there already, or it is sent as it is.
  const shorter = compressed.byteLength < length;
  if (shorter) {
    out.bytes.set(compressed, from);
    out.position = from + compressed.byteLength;
  }
  const sent = PREFIX_BYTES + out.position - from;
  writePrefix(out, out.messageStart + at, shorter ? 1 : 0, sent - PREFIX_BYTES);
  stream.endMessage(end);
  return sent;
}

/** Sends what was written, and taken out again, when it has been compressed. */
function sendLater(stream: MessageStream, plain: Buffer, compressor: Compressor, end: boolean): void {
  compressor.compressLater(plain, (error, compressed) => {
    const shorter = error === undefined && compressed.byteLength < plain.byteLength;
    const bytes = shorter ? compressed : plain;
    const out = stream.beginMessage();
    try {
      out.ensure(PREFIX_BYTES + bytes.byteLength);
      writePrefix(out, out.position, shorter ? 1 : 0, bytes.byteLength);
      out.position += PREFIX_BYTES;
      out.bytes.set(bytes, out.position);
      out.position += bytes.byteLength;
      stream.endMessage(end);
    } catch (failure) {
      stream.abortMessage();
      throw failure;
    }
  });
}

function writePrefix(out: Output, at: number, flag: number, length: number): void {
  out.bytes[at] = flag;
  out.view.setUint32(at + 1, length);
}
