/** The frame of framed Thrift: the message's length in four bytes, not counting themselves. */
import { DecodeError } from "@kiteline/net";

export const LENGTH_BYTES = 4;

/** No message is shorter: four bytes of head, a sequence id, a stop. */
const LEAST_BYTES = 5;

/** The length of the frame that begins at `start`, or 0 when more bytes are needed. Throws `DecodeError`. */
export function framedBytes(bytes: Buffer, start: number, end: number): number {
  if (end - start < LENGTH_BYTES) return 0;
  const length = bytes.readInt32BE(start);
  if (length < LEAST_BYTES) throw new DecodeError(`a frame of ${length} bytes cannot hold a Thrift message`);
  return LENGTH_BYTES + length;
}
