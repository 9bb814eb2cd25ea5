/** Listening where the page does. */
import type { Server } from "node:net";

export const HOST = "127.0.0.1";

/** Resolves when the server listens on the port, or on a free one for 0. Rejects with what to do when the port is taken. */
export function listenAt(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      reject(taken ? new Error(`port ${port} is taken; choose another with --port, or 0 for a free one`) : error);
    });
    server.listen(port, HOST, resolve);
  });
}
