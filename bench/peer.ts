/** What a peer in Node has to offer to be measured: the same driver code calls all of them. */

/** Clients answer a call through the callback they are given, because the fastest of them have no promise to wait for. */
export interface EchoCaller {
  /** Sends one message and calls `onAnswer` when the whole of it has come back, never before this function has returned. */
  call(onAnswer: (error?: unknown) => void): void;
  /** What the protocol streams, if it does. */
  readonly streams?: StreamCaller;
  /** Opens so many streams, a hundred at a time, has all of them cut by either side, and fails when anything is left of them. */
  readonly cut?: (streams: number) => Promise<void>;
}

/** One stream at a time, of the same messages that `call` sends. */
export interface StreamCaller {
  /** Receives from the server until `durationMs` have passed, and says how many messages came. */
  download(durationMs: number): Promise<number>;
  /** The same of messages whose content is bytes. */
  blocks(durationMs: number): Promise<number>;
  /** Sends to the server until `durationMs` have passed, and says how many messages it counted. */
  upload(durationMs: number): Promise<number>;
  /** Opens so many streams, exchanges a message on each, and leaves them open. */
  hold(streams: number): Promise<void>;
}

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  /** Size of the two strings of a message together. */
  readonly bytes: number;
}

export interface Peer {
  /** Serves on a port of 127.0.0.1, 0 for a free one, and returns its address, `127.0.0.1:PORT`. */
  serve(port: number): Promise<string>;
  connect(options: ConnectOptions): Promise<EchoCaller>;
}

/** The strings of a message: a short one, as a method or a status would be, and the rest. */
export const ACTION = "echo";

/** In one piece, as texts that came from elsewhere are: `"x".repeat` is made of halves, which some ways of writing are slow with. */
export function messageText(bytes: number): string {
  return Buffer.alloc(bytes - ACTION.length, "x").toString();
}

/** Every call of Kiteline has a deadline, as calls should, though it costs time and bytes; longer than any measurement. */
export const TIMEOUT_MS = 600_000;

/** Fails a measurement whose answers are not what was sent. */
export function checkEcho(length: number, expected: number): void {
  if (length !== expected) throw new Error(`${length} characters came back instead of ${expected}`);
}

/** Messages of a stream between two looks at the clock, which would be a tenth of what the fastest of them cost. */
const SAMPLING = 8;

/** Says whether `durationMs` have not passed yet; asked for each message. */
export function within(durationMs: number): () => boolean {
  const stopMs = performance.now() + durationMs;
  let asked = 0;
  return () => asked++ % SAMPLING !== 0 || performance.now() < stopMs;
}

/** Opened at once: more would only wait for one another. */
const BATCH = 100;

/** Opens so many streams. */
export async function openAll(streams: number, open: () => Promise<unknown>): Promise<void> {
  for (let left = streams; left > 0; left -= BATCH) await Promise.all(Array.from({ length: Math.min(left, BATCH) }, open));
}
