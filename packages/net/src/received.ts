/**
 * Where the plain sockets of this thread read to, all of them, and room behind for readers that were given bytes from elsewhere.
 *
 * It is one piece of memory that stays where it is, so that a reader can have its views of it as constants of its own file: V8 then
 * puts address and length into the code, instead of asking for both at every number (5 % of what reading a Thrift message takes).
 */

/** One read of a socket takes nearly as much: with 64 KiB, as libuv would, large messages cost a tenth more CPU. It still fits the cache. */
const MEMORY_BYTES = 256 * 1024;
const ROOM_BYTES = 4 * 1024;
/** So much lies behind whatever is read: who reads a number at the end need not look whether all of it is there. */
const SLACK_BYTES = 16;
/** Where most of what comes next shall not have to be copied, one read takes this much. */
const SHORTLY_BYTES = 16 * 1024;

/** All of it. */
export const MEMORY: ArrayBuffer = new ArrayBuffer(MEMORY_BYTES);

/** What sockets read to. Shared: whoever reads takes what it needs before it returns. */
export const RECEIVED: Buffer<ArrayBuffer> = Buffer.from(MEMORY, 0, MEMORY_BYTES - ROOM_BYTES - SLACK_BYTES);

/** The beginning of it. */
export const SHORTLY_RECEIVED: Buffer<ArrayBuffer> = RECEIVED.subarray(0, SHORTLY_BYTES);

/** What readers may fill. Shared likewise: whoever has let others work in between fills it again. */
export const ROOM: Buffer<ArrayBuffer> = Buffer.from(MEMORY, RECEIVED.byteLength, ROOM_BYTES);
