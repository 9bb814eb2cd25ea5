/**
 * TTHeader, byte by byte (CloudWeGo, "TTHeader"). All integers big-endian:
 *
 *     0   u32  length of all that follows
 *     4   u16  magic 0x1000
 *     6   u16  flags
 *     8   i32  sequence id
 *     12  u16  header size in 32-bit words, counted from 14
 *     14  u8   protocol id of the payload
 *     15  u8   number of transforms, then that many ids
 *     ..       sections, zero padding to a multiple of 4 from 14
 *     ..       payload
 *
 * A section is its id and: 0x01 string pairs (u16 count; u16 length and bytes of key and value each), 0x10 pairs with
 * u16 keys, 0x11 one token (u16 length and bytes). No other place knows this layout.
 */

export const MAGIC = 0x1000;
export const FLAGS_AT = 6;
export const SEQ_AT = 8;
export const SIZE_AT = 12;
export const HEADER_AT = 14;
/** Bytes before the sections. */
export const FIXED_BYTES = 16;
/** The header's size must fit 16 bits of words. */
export const MAX_HEADER_BYTES: number = 65_535 * 4;

/** On a request: the caller takes answers in any order. On a reply of ours: this server gives them so. */
export const FLAG_MULTIPLEXED = 0x0001;
export const FLAG_STREAMING = 0x0002;

/** Whether a connection that begins with these bytes carries streams; `undefined` when more are needed to know. */
export function recogniseStreams(bytes: Buffer, start: number, end: number): boolean | undefined {
  if (end - start < SEQ_AT) return undefined;
  return bytes.readUInt16BE(start + 4) === MAGIC && (bytes.readUInt16BE(start + FLAGS_AT) & FLAG_STREAMING) !== 0;
}

export const PADDING_SECTION = 0x00;
export const STRING_SECTION = 0x01;
export const INT_SECTION = 0x10;
export const TOKEN_SECTION = 0x11;

/** Integer keys, of the two dozen that exist those that we write or read. */
export const KEY_TRANSPORT = 1;
export const KEY_FROM_SERVICE = 3;
export const KEY_TO_SERVICE = 6;
export const KEY_TO_METHOD = 9;
export const KEY_TIMEOUT = 12;
export const KEY_MESSAGE_TYPE = 22;
export const KEY_FRAME_TYPE = 27;

/** Kinds of a stream's frames, as `KEY_FRAME_TYPE` names them. Anything else ends the connection. */
export const FRAME_META = "1";
export const FRAME_HEADER = "2";
export const FRAME_DATA = "3";
export const FRAME_TRAILER = "4";
export const FRAME_RESET = "5";

/** String keys with a meaning of their own. */
export const SERVICE_KEY = "isn";
export const CLOSING_KEY = "crrst";
export const BUSINESS_STATUS_KEY = "biz-status";
export const BUSINESS_MESSAGE_KEY = "biz-message";
export const BUSINESS_EXTRA_KEY = "biz-extra";
/** Who cancelled a stream: the names of the callers it went through, beginning with who gave up. */
export const CANCEL_PATH_KEY = "ttscp";
/** Ours, in streams: how many bytes the client takes unread, and how many more each side does. */
export const WINDOW_KEY = "kiteline-window";
export const CREDIT_KEY = "kiteline-credit";
/** The token's name in memory; on the wire it has a section of its own. */
export const TOKEN_KEY = "gdpr-token";
/** Ours, beside an exception: the exact code, as gRPC's number, and whether the call was executed, as in `14 no`. */
export const STATUS_KEY = "kiteline-status";

/** Strings of a reply that say something themselves, and so can be nobody's metadata. */
export const REPLY_KEYS: ReadonlySet<string> = new Set([
  BUSINESS_STATUS_KEY,
  BUSINESS_MESSAGE_KEY,
  BUSINESS_EXTRA_KEY,
  CLOSING_KEY,
  STATUS_KEY,
  WINDOW_KEY,
  CREDIT_KEY,
]);

/** Prefixes of metadata (bytedance/gopkg `metainfo`). */
export const TRANSIENT_PREFIX = "RPC_TRANSIT_";
export const PERSISTENT_PREFIX = "RPC_PERSIST_";
export const UPSTREAM_PREFIX = "RPC_TRANSIT_UPSTREAM_";
export const BACKWARD_PREFIX = "RPC_BACKWARD_";

/** Protocol ids that a payload may have: Thrift binary, Thrift compact (which Kitex refuses), Kitex Protobuf in its two numbers, bare structs. */
export const PROTOCOL_IDS: readonly number[] = [0x00, 0x02, 0x03, 0x04, 0x10, 0x11];
