/** Which of several formats a payload has, and whether it has a length of its own before it, as one number. */
import type { Method } from "@kiteline/core";
import { DecodeError, type Output, type PayloadFormat } from "@kiteline/net";

/** In a variant: the payload has a length of its own. The rest is the format's place in the list. */
export const FRAMED = 0x100;
const LENGTH_BYTES = 4;
/** What a format needs to be recognised. */
const PROBE_BYTES = 4;

/** The variant of the payload at `at`, or -1 when more bytes are needed to know. Throws `DecodeError` when it is none of these formats. */
export function probeVariant(formats: readonly PayloadFormat[], bytes: Buffer, at: number, end: number): number {
  if (end - at < PROBE_BYTES) return -1;
  for (let index = 0; index < formats.length; index++) if ((formats[index] as PayloadFormat).recognise(bytes, at)) return index;
  if (end - at < LENGTH_BYTES + PROBE_BYTES) return -1;
  for (let index = 0; index < formats.length; index++) {
    if ((formats[index] as PayloadFormat).recognise(bytes, at + LENGTH_BYTES)) return index | FRAMED;
  }
  const names = formats.map((format) => format.name).join(" or ");
  throw new DecodeError(`expected a payload of ${names}, got ${bytes.toString("hex", at, Math.min(end, at + 8))}`);
}

/** The variant of the payload that fills `at` to `end`. Throws `DecodeError`. */
export function findVariant(formats: readonly PayloadFormat[], bytes: Buffer, at: number, end: number): number {
  const variant = probeVariant(formats, bytes, at, end);
  if (variant < 0) throw new DecodeError(`a payload of ${end - at} bytes holds no message`);
  if (isFramed(variant) && bytes.readUInt32BE(at) !== end - at - LENGTH_BYTES) {
    throw new DecodeError(`a payload announces ${bytes.readUInt32BE(at)} bytes and has ${end - at - LENGTH_BYTES}`);
  }
  return variant;
}

export function isFramed(variant: number): boolean {
  return (variant & FRAMED) !== 0;
}

/** How many bytes stand before the message. */
export function lengthBytes(variant: number): number {
  return isFramed(variant) ? LENGTH_BYTES : 0;
}

export function formatIndex(variant: number): number {
  return variant & ~FRAMED;
}

/** The format of the variant, for a method that is to be read or written with it. Throws `DecodeError` when its messages are of another. */
export function formatFor(formats: readonly PayloadFormat[], variant: number, method: Method): PayloadFormat {
  const format = formats[formatIndex(variant)] as PayloadFormat;
  if (format.messagesFormat !== method.messages.format) {
    throw new DecodeError(`${method.fullName} has ${method.messages.format} messages, but the payload is ${format.name}`);
  }
  return format;
}

/** Leaves room for the payload's own length where it has one. Returns where the message begins, counted from the frame's start. */
export function beginPayload(out: Output, variant: number): number {
  if (isFramed(variant)) {
    out.ensure(LENGTH_BYTES);
    out.position += LENGTH_BYTES;
  }
  return out.position - out.messageStart;
}

/** Writes the payload's own length. */
export function endPayload(out: Output, variant: number, begin: number): void {
  if (!isFramed(variant)) return;
  const at = out.messageStart + begin;
  out.view.setUint32(at - LENGTH_BYTES, out.position - at);
}
