/**
 * Kiteline over gRPC as a user gets it: the built package, generated code, the default stack, one connection. Streams of very many
 * small messages are read by calls, and large ones borrowed, as its guide says, or else by the loop that everybody writes first, whose
 * messages are its own.
 */
import { createClient, createServer, forEachMessage, type Client, type ClientTls, type ReadOptions, type ServerTls } from "kiteline";
import { Echo, type EchoClient, type EchoHandler, type Req } from "../gen/grpc_echo.ts";
import { AUTHORITY, IDENTITY } from "./certificates.ts";
import {
  ACTION,
  checkEcho,
  messageText,
  openAll,
  TIMEOUT_MS,
  within,
  type ConnectOptions,
  type EchoCaller,
  type Peer,
  type StreamCaller,
} from "../peer.ts";

type Read = typeof forEachMessage;

export const kitelineGrpc: Peer = peer(forEachMessage);

export const kitelineGrpcLoops: Peer = peer(async (messages, listener) => {
  for await (const message of messages) listener(message);
});

export const kitelineGrpcTls: Peer = peer(forEachMessage, { server: IDENTITY, client: { ca: AUTHORITY, serverName: "reviews.mesh" } });

const BORROW: ReadOptions = { borrow: true };
/** Ends a stream that would go on. */
const ENOUGH = new Error("enough");

const handlerOf = (read: Read): EchoHandler => ({
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
    await read(requests, () => (messages += 1));
    return { action: String(messages) };
  },

  async *chat(requests) {
    for await (const { action, msg } of requests) yield { action, msg };
  },
});

interface Tls {
  readonly server: ServerTls;
  readonly client: ClientTls;
}

function peer(read: Read, tls?: Tls): Peer {
  return { serve: (port) => serve(port, read, tls), connect: (options) => connect(options, read, tls) };
}

async function serve(port: number, read: Read, tls: Tls | undefined): Promise<string> {
  // Who is attacked has much to say; what fails on our side is to be seen.
  const server = createServer({ log: ({ level, message, error }) => level === "error" && console.error(message, error), tls: tls?.server });
  server.add(Echo, handlerOf(read));
  return await server.listen({ port });
}

async function connect({ host, port, connections, bytes }: ConnectOptions, read: Read, tls: Tls | undefined): Promise<EchoCaller> {
  const client = createClient(Echo, {
    target: `${host}:${port}`,
    timeoutMs: TIMEOUT_MS,
    protocol: "grpc",
    tls: tls?.client,
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
    streams: streamsOf(client, { action: ACTION, msg }, read),
  };
}

function streamsOf(client: Client<EchoClient>, message: Req, read: Read): StreamCaller {
  const { length } = message.msg;
  return {
    download: (durationMs) => countFor(durationMs, read, client.repeat(message), ({ msg }) => checkEcho(msg.length, length)),
    blocks: (durationMs) => countFor(durationMs, read, client.blocks(message), ({ content }) => checkEcho(content.length, length), BORROW),

    async upload(durationMs) {
      const { action } = await client.count(repeatWhile(within(durationMs), message));
      return Number(action);
    },

    hold: (streams) => openAll(streams, () => client.chat(thenSilence(message))[Symbol.asyncIterator]().next()),
  };
}

async function countFor<T>(
  durationMs: number,
  read: Read,
  messages: AsyncIterable<T>,
  check: (message: T) => void,
  options?: ReadOptions,
): Promise<number> {
  let count = 0;
  let goOn = true;
  setTimeout(() => (goOn = false), durationMs);
  const listen = (message: T): void => {
    check(message);
    count += 1;
    if (!goOn) throw ENOUGH;
  };
  await read(messages, listen, options).catch((error: unknown) => {
    if (error !== ENOUGH) throw error;
  });
  return count;
}

function* repeatWhile(goesOn: () => boolean, message: Req): Generator<Req> {
  while (goesOn()) yield message;
}

async function* thenSilence(message: Req): AsyncGenerator<Req> {
  yield message;
  await new Promise(() => {});
}
