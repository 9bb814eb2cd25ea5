/** Bytes and sockets: slabs, write batching, connections and pools, listeners that recognise a protocol from its first bytes, TLS. */
export { formatAddress, parseAddress, type Address } from "./address.ts";
export type { ClientTls, Pem, ServerTls } from "./tls.ts";
export type { ConnectionMode } from "./connection-set.ts";

// For authors of transports and payload formats.
export { Connection } from "./connection.ts";
export type { ConnectionOptions } from "./outgoing.ts";
export type { Session, Traffic } from "./session.ts";
export { ConnectionSet, type ConnectionSetContext, type ConnectionSetOptions } from "./connection-set.ts";
export type { CallSession, SessionOpener, SessionOwner } from "./call-session.ts";
export { ClientSession, wireSessions, type ClientSessionOptions } from "./client-session.ts";
export type { CallHost, ServedMethod } from "./server-session.ts";
export { ReplyFrame, RequestFrame, type ClientWire, type Replying, type ServerWire } from "./wire.ts";
export {
  CALL,
  DeclaredError,
  DecodeError,
  EXCEPTION,
  MessageHead,
  ONEWAY,
  REPLY,
  type BareFormat,
  type Framer,
  type PayloadFormat,
} from "./payload.ts";
export { socketDialer, type Dialed, type Dialer, type DialOptions, type DialTimes } from "./dial.ts";
export type { AcceptedSession, Protocol } from "./protocol.ts";
export { copyOut, noBytes } from "./copy-out.ts";
export { Interner } from "./interner.ts";
export { Loop, type Flushable } from "./loop.ts";
export { Output, TooLarge, type Sealed } from "./output.ts";
export { ReadingTime } from "./reading-time.ts";
export { MEMORY, RECEIVED, ROOM } from "./received.ts";
export { LEAST_RECURRING_BYTES, MOST_RECURRING_BYTES, readRecurring } from "./recurring-texts.ts";
export { MOST_SHORT_BYTES, ShortStrings } from "./short-strings.ts";
export type { Part, SlowLane } from "./slow-lane.ts";
export { lend, Slabs, type Slab } from "./slabs.ts";
export { TurnWork } from "./turn-work.ts";
export { mostUtf8Bytes, readLongUtf8, readUtf8, shortAscii, writeUtf8 } from "./utf8.ts";
export { caseHint, hasFields, hasOnlyOthers, noneOf, shown, ValueError } from "./value-error.ts";
