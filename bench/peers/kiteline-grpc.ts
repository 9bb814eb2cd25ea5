/** Kiteline over gRPC as a user gets it: the built package, generated code, the default stack, one connection. */
import { createClient, createServer, type Client } from "kiteline";
import { Echo, type EchoClient, type EchoHandler, type Req } from "../gen/grpc_echo.ts";
import { ACTION, checkEcho, messageText, openAll, type Peer, type StreamCaller } from "../peer.ts";

const HANDLER: EchoHandler = {
  echo: ({ action, msg }) => ({ action, msg }),

  *repeat({ action, msg }) {
    for (;;) yield { action, msg };
  },

  *blocks({ msg }) {
    const content = Buffer.from(msg);
    for (;;) yield { content };
  },

  async count(requests) {
    let messages = 0;
    for await (const _ of requests) messages += 1;
    return { action: String(messages) };
  },

  async *chat(requests) {
    for await (const { action, msg } of requests) yield { action, msg };
  },
};

export const kitelineGrpc: Peer = {
  async serve(port) {
    // Who is attacked has much to say; what fails on our side is to be seen.
    const server = createServer({ log: ({ level, message, error }) => level === "error" && console.error(message, error) });
    server.add(Echo, HANDLER);
    return await server.listen({ port });
  },

  async connect({ host, port, connections, bytes }) {
    const client = createClient(Echo, {
      target: `${host}:${port}`,
      protocol: "grpc",
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
      streams: streamsOf(client, { action: ACTION, msg }),
    };
  },
};

function streamsOf(client: Client<EchoClient>, message: Req): StreamCaller {
  return {
    download: (durationMs) => countFor(durationMs, client.repeat(message), ({ msg }) => checkEcho(msg.length, message.msg.length)),
    blocks: (durationMs) => countFor(durationMs, client.blocks(message), ({ content }) => checkEcho(content.length, message.msg.length)),

    async upload(durationMs) {
      const { action } = await client.count(until(performance.now() + durationMs, message));
      return Number(action);
    },

    hold: (streams) => openAll(streams, () => client.chat(thenSilence(message))[Symbol.asyncIterator]().next()),
  };
}

async function countFor<T>(durationMs: number, messages: AsyncIterable<T>, check: (message: T) => void): Promise<number> {
  let count = 0;
  let goOn = true;
  setTimeout(() => (goOn = false), durationMs);
  for await (const message of messages) {
    check(message);
    count += 1;
    if (!goOn) break;
  }
  return count;
}

function* until(stopMs: number, message: Req): Generator<Req> {
  while (performance.now() < stopMs) yield message;
}

async function* thenSilence(message: Req): AsyncGenerator<Req> {
  yield message;
  await new Promise(() => {});
}
