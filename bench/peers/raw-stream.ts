/**
 * The limit of streams: one socket, written as fast as it takes, with the bytes of whole messages and nothing around them. A client
 * says first, in four bytes, how large a message it wants to receive; 0 means that it sends.
 */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import type { Peer } from "../peer.ts";

const SIZE_BYTES = 4;
/** Of one write: large enough that the number of writes does not count. */
const WRITE_BYTES = 1024 * 1024;

export const rawStream: Peer = {
  async serve(port) {
    const server = createServer(serveOne);
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  },

  async connect({ host, port, bytes }) {
    const download = async (durationMs: number): Promise<number> => {
      const socket = await open(host, port, bytes);
      let received = 0;
      socket.on("data", (chunk) => (received += chunk.length));
      await new Promise((resolve) => setTimeout(resolve, durationMs));
      socket.destroy();
      return received / bytes;
    };
    return {
      call: () => {
        throw new Error("raw streams do not answer calls");
      },
      streams: {
        download,
        blocks: download,

        async upload(durationMs) {
          const socket = await open(host, port, 0);
          const stopMs = performance.now() + durationMs;
          writeWhile(socket, () => performance.now() < stopMs);
          await new Promise((resolve) => setTimeout(resolve, durationMs));
          socket.end();
          const [counted] = (await once(socket, "data")) as [Buffer];
          return Number(counted.toString()) / bytes;
        },

        hold: () => {
          throw new Error("a raw socket is one stream");
        },
      },
    };
  },
};

async function open(host: string, port: number, bytes: number): Promise<Socket> {
  const socket = connect({ host, port, allowHalfOpen: true });
  await once(socket, "connect");
  const size = Buffer.alloc(SIZE_BYTES);
  size.writeUInt32BE(bytes);
  socket.write(size);
  return socket;
}

/** A client that goes ends both kinds. */
function serveOne(socket: Socket): void {
  socket.on("error", () => socket.destroy());
  socket.once("data", (first: Buffer) => {
    if (first.readUInt32BE(0) > 0) return writeWhile(socket, () => !socket.destroyed);
    let received = first.length - SIZE_BYTES;
    socket.on("data", (chunk: Buffer) => (received += chunk.length));
    socket.on("end", () => socket.end(String(received)));
  });
}

function writeWhile(socket: Socket, goOn: () => boolean): void {
  const block = Buffer.alloc(WRITE_BYTES, "x");
  const pump = (): void => {
    while (goOn() && socket.write(block));
  };
  socket.on("drain", pump);
  pump();
}
