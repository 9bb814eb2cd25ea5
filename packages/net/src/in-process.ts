/** Connections inside one process: the same bytes, limits and errors as a socket's, without one. */
import { duplexPair } from "node:stream";
import { RpcError } from "@kiteline/core";
import type { Dialer } from "./dial.ts";
import type { Listener } from "./listener.ts";

/** Dials a listener of this process, whatever the address says. */
export function inProcessDialer(listener: () => Listener | undefined): Dialer {
  return (_address, _loop) => {
    const target = listener();
    if (target === undefined) {
      return Promise.reject(new RpcError("unavailable", "the server in this process is closed", { executed: "no", retriable: true }));
    }
    const [client, server] = duplexPair();
    // As with a socket, either end learns when the other is gone.
    client.on("close", () => server.destroy());
    server.on("close", () => client.destroy());
    target.accept(server, "in-process");
    return Promise.resolve({ socket: client, readsItself: false, onChunk: undefined });
  };
}
