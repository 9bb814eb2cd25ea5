/** Kiteline as a user gets it: the built package, generated code, the default stack, one adaptive connection. */
import { createClient, createServer } from "kiteline";
import { Echo } from "../gen/echo.ts";
import { ACTION, checkEcho, messageText, TIMEOUT_MS, type Peer } from "../peer.ts";

export const kiteline: Peer = {
  async serve(port) {
    // Who is attacked has much to say; what fails on our side is to be seen.
    const server = createServer({ log: ({ level, message, error }) => level === "error" && console.error(message, error) });
    server.add(Echo, { echo: (request) => ({ action: request.action, msg: request.msg }) });
    return await server.listen({ port });
  },

  async connect({ host, port, connections, bytes }) {
    const client = createClient(Echo, {
      target: `${host}:${port}`,
      timeoutMs: TIMEOUT_MS,
      maxConnections: connections,
      multiplexedConnections: connections,
    });
    await client.ready();
    const msg = messageText(bytes);
    return {
      call(onAnswer) {
        client.echo({ action: ACTION, msg }).then((reply) => {
          checkEcho(reply.msg.length, msg.length);
          onAnswer();
        }, onAnswer);
      },
    };
  },
};
