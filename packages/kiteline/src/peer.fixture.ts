/** Peers that a test plays byte by byte, and messages made by hand: what no well-behaved client or server would send. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server as NetServer, type Socket } from "node:net";

export const CALL = 1;
export const REPLY = 2;
export const EXCEPTION = 3;
export const ONEWAY = 4;

/** A strict Thrift message of the binary protocol. */
export function thrift(kind: number, name: string, seq: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80, 1, 0, kind]), text(name), i32(seq), body]);
}

/** A string or binary with its length. */
export function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([i32(bytes.byteLength), bytes]);
}

export function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
}

/** A field: its type, its id, and its value as bytes. */
export function field(type: number, id: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, id >> 8, id & 0xff]), value]);
}

export const STOP = Buffer.alloc(1);

/** The body of a call or a reply of `Echo.echo`: the message in field 1 or 0. */
export function echoBody(id: 0 | 1, ...fields: Buffer[]): Buffer {
  return Buffer.concat([field(12, id, Buffer.concat([...fields, STOP])), STOP]);
}

/** A call of `Echo.echo`. */
export function echoCall(seq: number, msg: string, name = "echo"): Buffer {
  return thrift(CALL, name, seq, echoBody(1, field(11, 1, text("")), field(11, 2, text(msg))));
}

export function echoReply(seq: number, msg: string, name = "echo"): Buffer {
  return thrift(REPLY, name, seq, echoBody(0, field(11, 1, text("")), field(11, 2, text(msg))));
}

export function framed(message: Buffer): Buffer {
  return Buffer.concat([i32(message.byteLength), message]);
}

/** A TTHeader frame with the strings, the flags and the string of milliseconds (integer key 12) given. */
export function ttheader(
  seq: number,
  payload: Buffer,
  strings: Readonly<Record<string, string>> = { isn: "Echo" },
  flags = 0,
  timeout?: string,
): Buffer {
  const pairs = Object.entries(strings);
  const short = (value: string): Buffer => {
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([bytes.byteLength >> 8, bytes.byteLength & 0xff]), bytes]);
  };
  const sections =
    pairs.length === 0 ? [] : [Buffer.from([1, 0, pairs.length]), ...pairs.flatMap(([key, value]) => [short(key), short(value)])];
  if (timeout !== undefined) sections.push(Buffer.from([0x10, 0, 1, 0, 12]), short(timeout));
  const header = Buffer.concat([Buffer.alloc(2), ...sections]);
  const padded = Buffer.concat([header, Buffer.alloc(-header.byteLength & 3)]);
  const fixed = Buffer.from([0x10, 0, flags >> 8, flags & 0xff, ...i32(seq), 0, padded.byteLength / 4]);
  const rest = Buffer.concat([fixed, padded, payload]);
  return Buffer.concat([i32(rest.byteLength), rest]);
}

/** Frames with a length before them (TTHeader and framed alike), as far as they are whole. */
export function wholeFrames(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at + 4 <= bytes.byteLength; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.byteLength) break;
    frames.push(bytes.subarray(at, end));
    at = end;
  }
  return frames;
}

/** One end of a connection. */
export class RawPeer {
  readonly socket: Socket;
  received: Buffer = Buffer.alloc(0);
  closed = false;
  #wake: () => void = () => undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    const note = (): void => this.#wake();
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      note();
    });
    socket.on("end", () => {
      this.closed = true;
      note();
    });
    socket.on("close", () => {
      this.closed = true;
      note();
    });
  }

  static async connect(port: number): Promise<RawPeer> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    await once(socket, "connect");
    return new RawPeer(socket);
  }

  send(...parts: Buffer[]): void {
    this.socket.write(Buffer.concat(parts));
  }

  /** Waits until something that came satisfies this, or the other side has closed; returns what came. */
  async until(enough: (received: Buffer) => boolean): Promise<Buffer> {
    while (!this.closed && !enough(this.received)) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.received;
  }

  /** Waits for so many frames; fewer when the other side closes. */
  async frames(count: number): Promise<Buffer[]> {
    return wholeFrames(await this.until((received) => wholeFrames(received).length >= count));
  }

  /** Waits for the other side to close. */
  async end(): Promise<Buffer> {
    return this.until(() => false);
  }

  destroy(): void {
    this.socket.destroy();
  }
}

/** A server that does with each connection what the test says. */
export async function rawServer(
  onConnection: (peer: RawPeer) => void,
): Promise<{ port: number; server: NetServer; close: () => Promise<void> }> {
  const peers = new Set<RawPeer>();
  const server = createServer((socket) => {
    const peer = new RawPeer(socket);
    peers.add(peer);
    onConnection(peer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    server,
    close: () => {
      for (const peer of peers) peer.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Lets the event loop turn until this holds; socket events take a few turns. */
export async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 20_000 && !holds(); i++) await new Promise<void>((resolve) => setImmediate(resolve));
  if (!holds()) throw new Error("it did not come to hold");
}
