/** A connection's streams, as its owner sees it. */
import type { AcceptedSession, Connection, Session } from "@kiteline/net";
import type { ExtraFields, Fields, PreparedFields } from "./fields.ts";
import type { Http2Stream, StreamReceiver } from "./stream.ts";

/** Why the peer asked us to open no more streams. */
export interface GoAway {
  readonly code: number;
  /** What the peer said for people to read, such as `too_many_pings`. */
  readonly debug: string;
}

/** Whoever serves the streams that callers open. */
export interface StreamHost {
  /**
   * A request: its fields are well-formed HTTP, `end` says that it has no body. Returns who hears the rest of it; may answer or
   * reset the stream before it returns. What it throws resets the stream with INTERNAL_ERROR.
   */
  accept(stream: Http2Stream, fields: Fields, end: boolean): StreamReceiver;
  /** The connection had to be closed for what the peer sent; its streams have been told. */
  misbehaved(connection: Connection, error: Error): void;
}

/** Whoever keeps a client's connections. */
export interface ClientOwner {
  /** `available` has grown: a stream ended, or the server allows more. */
  onFree(connection: Http2ClientConnection): void;
  /** The server's SETTINGS have come: it does speak HTTP/2. Called once. */
  onReady(connection: Http2ClientConnection): void;
  /** No further streams can be opened (GOAWAY, ids used up, `drain`); those that are open go on. Called once. */
  onUnusable(connection: Http2ClientConnection, reason: GoAway | undefined): void;
  /** Gone; its streams have been told. Called once. */
  onClosed(connection: Http2ClientConnection, error: Error | undefined): void;
}

interface Http2Connection {
  readonly connection: Connection;
  /** Streams that are open. */
  readonly inFlight: number;
  /** Asks for a sign of life; `onAnswer` gets the milliseconds it took. Not called when the connection ends before. */
  ping(onAnswer: (milliseconds: number) => void): void;
  /** Ends the connection at once with a GOAWAY of this code; open streams fail. */
  close(code: number, message: string): void;
}

/** A client's end. Made with `openHttp2`. */
export interface Http2ClientConnection extends Http2Connection, Session {
  /** No further streams can be opened. */
  readonly closing: boolean;
  /** The server's SETTINGS have come. */
  readonly ready: boolean;
  /** How many more streams the server takes now; what is opened beyond waits in line. 0 when closing. */
  readonly available: number;
  /** Streams in line. */
  readonly waiting: number;
  /**
   * Opens a stream with its request fields; `end`: there is no body. When the server takes no more, it is kept until a stream
   * ends. When none can be opened any more, or the line is full (`maxWaitingStreams`), `receiver.onFailed` is called at once.
   */
  open(receiver: StreamReceiver, fields: PreparedFields, extra: ExtraFields | undefined, end: boolean): Http2Stream;
  /** Opens no more streams, and ends the connection when the last is done. */
  drain(): void;
}

/** A server's end. Made with `acceptHttp2`. */
export interface Http2ServerConnection extends Http2Connection, AcceptedSession {}
