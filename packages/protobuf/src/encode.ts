/** Whole messages to bytes and back: into an `Output` and in place, as transports want it, or on their own. */
import { Output, Slabs, ValueError, type Slab } from "@kiteline/net";
import type { MessageCodec } from "./codec.ts";
import { aboutMessage, explainWrite } from "./explain-write.ts";
import { DEFAULT_LIMITS, resolveLimits, type ProtobufLimits, type ResolvedLimits } from "./limits.ts";
import { ProtobufReader } from "./reader.ts";
import { requireSome } from "./value-errors.ts";
import { ProtobufWriter } from "./writer.ts";

/** The largest message that `encode` makes: what every implementation can read. */
const MAX_BYTES = 0x7fff_ffff;

/** Not in use now. They carry nothing from one message to the next; there are more than one when a value's getter encodes another. */
const writers: ProtobufWriter[] = [];
const readers: ProtobufReader[] = [];
const outputs: Output[] = [];

/** Writes a message into `out`, which holds a message begun. Throws `ValueError` for a value that is not what the schema asks for, `TooLarge`. */
export function encodeInto<Init>(out: Output, codec: MessageCodec<unknown, Init>, value: Init): void {
  const writer = writers.pop() ?? new ProtobufWriter();
  try {
    writer.reset(out);
    codec.write(writer, value);
    if (writer.finish() && codec.foreign !== true) requireSome(codec, value);
  } catch (error) {
    // Also what JavaScript says about a value within that is no object, or cannot be iterated over.
    if (!(error instanceof TypeError)) throw error;
    if (codec.foreign === true) {
      const { path, problem } = error instanceof ValueError ? error : { path: "", problem: error.message };
      throw new ValueError(aboutMessage(codec.name, path, problem), { cause: error });
    }
    throw explainWrite(error, codec, value, writer.path());
  } finally {
    writers.push(writer);
  }
}

/** Reads the message in `start` to `end`, which nothing made from it refers to afterwards unless that marks `slab` as kept. Throws `DecodeError`. */
export function decodeFrom<T>(
  bytes: Buffer,
  start: number,
  end: number,
  codec: MessageCodec<T, never>,
  limits: ResolvedLimits = DEFAULT_LIMITS,
  slab?: Slab,
): T {
  const reader = readers.pop() ?? new ProtobufReader();
  try {
    reader.reset(bytes, start, end, limits, slab);
    const message = codec.read(reader);
    reader.finish();
    return message;
  } finally {
    reader.release();
    readers.push(reader);
  }
}

/** A message as bytes of its own. Throws `ValueError` for a value that is not what the schema asks for. */
export function encode<Init>(codec: MessageCodec<unknown, Init>, value: Init): Uint8Array {
  const out = outputs.pop() ?? new Output(new Slabs(), MAX_BYTES);
  try {
    out.begin();
    encodeInto(out, codec, value);
    return Uint8Array.prototype.slice.call(out.bytes, out.messageStart, out.position);
  } finally {
    out.rollback();
    outputs.push(out);
  }
}

/** The message that `bytes` are. Throws `DecodeError`. */
export function decode<T>(codec: MessageCodec<T, never>, bytes: Uint8Array, limits?: ProtobufLimits): T {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return decodeFrom(buffer, 0, buffer.byteLength, codec, limits === undefined ? DEFAULT_LIMITS : resolveLimits(limits));
}
