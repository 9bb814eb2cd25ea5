/** Calls of the streaming services (`idl/streams.thrift` says what they do), and what becomes of them, whoever makes them. */

/** The same service in Thrift and in Protobuf. */
export type StreamingService = "Streams" | "PbStreams";

export interface Item {
  readonly text: string;
  readonly number: number;
  readonly extra?: Readonly<Record<string, string>>;
}

export interface StreamOrder {
  readonly method: "once" | "collect" | "expand" | "chat";
  readonly send: readonly Item[];
  /** Sends the items so many times; each time the numbers grow by one. Defaults to once. */
  readonly repeat?: number;
  /** Receives one item after each that is sent; otherwise both go on at the same time. Defaults to false. */
  readonly inTurns?: boolean;
  /** Gives up once so many items have been received and the next one has been sent. Needs `inTurns`. */
  readonly cancelAfter?: number;
  readonly persistent?: Readonly<Record<string, string>>;
  readonly transient?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** How a call ended, in words that are the same for every protocol; anything that is not foreseen is said as it came. */
export type StreamEnd = "well" | "in a business error" | "in a failed handler" | "cancelled" | "at its deadline" | (string & {});

export interface StreamOutcome {
  readonly received: readonly Item[];
  readonly ended: StreamEnd;
  readonly business?: { readonly status: number; readonly message: string; readonly extra?: Readonly<Record<string, string>> } | undefined;
  readonly backward?: Readonly<Record<string, string>> | undefined;
  readonly header?: Readonly<Record<string, string>> | undefined;
  readonly trailer?: Readonly<Record<string, string>> | undefined;
}

/** A client with a server of the streaming services. */
export interface StreamsPair extends AsyncDisposable {
  call(order: StreamOrder): Promise<StreamOutcome>;
}
