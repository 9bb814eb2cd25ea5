/**
 * The limit: frames of a 4-byte length and opaque bytes on one socket, answers in order, all frames of an event-loop turn in
 * one write. No message format, no call, no error: what anything built on Node's sockets can only approach.
 */
import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import type { Peer } from "../peer.ts";

const PREFIX_BYTES = 4;
const SLAB_BYTES = 256 * 1024;

/** Collects frames and writes them at the end of the turn. */
class Frames {
  readonly #socket: Socket;
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #used = 0;
  #scheduled = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Appends bytes `start` to `end` of `source`, a whole frame. */
  append(source: Buffer, start: number, end: number): void {
    if (this.#used + end - start > SLAB_BYTES) this.flush();
    this.#slab.set(start === 0 && end === source.length ? source : source.subarray(start, end), this.#used);
    this.#used += end - start;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  flush(): void {
    if (this.#used === 0) return;
    const taken = this.#socket.write(this.#slab.subarray(0, this.#used)) && this.#socket.writableLength === 0;
    // The kernel has copied what was taken at once; what was not is still in the slab.
    if (!taken) this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    this.#used = 0;
  }
}

/** Calls `onFrame` for each whole frame, and `onChunk` after each chunk. */
function readFrames(socket: Socket, onFrame: (chunk: Buffer, start: number, end: number) => void, onChunk: () => void): void {
  let rest: Buffer | undefined;
  socket.setNoDelay(true);
  socket.on("data", (data: Buffer) => {
    const chunk = rest === undefined ? data : Buffer.concat([rest, data]);
    let at = 0;
    while (chunk.length - at >= PREFIX_BYTES) {
      const end = at + PREFIX_BYTES + chunk.readUInt32BE(at);
      if (end > chunk.length) break;
      onFrame(chunk, at, end);
      at = end;
    }
    rest = at === chunk.length ? undefined : chunk.subarray(at);
    onChunk();
  });
}

export const raw: Peer = {
  async serve(port) {
    const server = createServer((socket) => {
      const out = new Frames(socket);
      readFrames(
        socket,
        (chunk, start, end) => out.append(chunk, start, end),
        () => out.flush(),
      );
      socket.on("error", () => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  },

  async connect({ host, port, connections, bytes }) {
    const frame = Buffer.alloc(PREFIX_BYTES + bytes, "x");
    frame.writeUInt32BE(bytes);
    const lines = await Promise.all(Array.from({ length: connections }, () => openLine(host, port, frame)));
    let next = 0;
    return {
      call(done) {
        next = next + 1 === lines.length ? 0 : next + 1;
        (lines[next] as Line).call(done);
      },
    };
  },
};

interface Line {
  call(done: (error?: unknown) => void): void;
}

/** One connection whose answers come in the order of the calls. */
async function openLine(host: string, port: number, frame: Buffer): Promise<Line> {
  const socket = connect({ host, port });
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const out = new Frames(socket);
  const waiting: ((error?: unknown) => void)[] = [];
  let first = 0;
  readFrames(
    socket,
    (_chunk, start, end) => {
      const done = waiting[first];
      if (done === undefined || end - start !== frame.length) throw new Error("an answer that nobody waits for");
      first += 1;
      if (first === 1024) {
        waiting.splice(0, first);
        first = 0;
      }
      done();
    },
    () => out.flush(),
  );
  return {
    call(done) {
      waiting.push(done);
      out.append(frame, 0, frame.length);
    },
  };
}
