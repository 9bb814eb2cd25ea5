/** Kiteline over gRPC, its streams cut by either side at any moment: what they leave behind, and whether the connection still carries. */
import { createClient, createServer, RpcError, type Client } from "kiteline";
import { Echo, type EchoClient, type EchoHandler, type Req } from "../gen/grpc_echo.ts";
import { ACTION, messageText, openAll, type Peer } from "../peer.ts";

/** Asks a server for calls in flight beside this one. */
const IN_FLIGHT = "in flight";
/** Of so many messages a stream has a server that fails after some of them. */
const FAILING = "fail";
const MOST_MESSAGES = 5;
/** So many bytes would not pass a connection whose window had leaked away: several times the largest. */
const PROOF_BYTES = 100e6;
/** So many that are cut would be taken for an attack. */
const HTTP2 = { lostStreamBurst: Infinity };

const random = (limit: number): number => Math.floor(Math.random() * limit);

/** How a client cuts a stream, or has it cut. */
const CUTS: readonly ((client: Client<EchoClient>, message: Req) => Promise<unknown>)[] = [
  async function leaves(client, message) {
    let left = random(MOST_MESSAGES);
    for await (const _ of client.repeat(message)) if (left-- === 0) break;
  },

  async function abortsWaiting(client, message) {
    const abort = new AbortController();
    const stream = client.chat(thenSilence(message, random(MOST_MESSAGES)), { signal: abort.signal });
    void turns(random(20)).then(() => abort.abort());
    await readAll(stream);
  },

  async function abortsSending(client, message) {
    const abort = new AbortController();
    void turns(random(20)).then(() => abort.abort());
    await client.count(endless(message), { signal: abort.signal });
  },

  async function hasTooLittleTime(client, message) {
    await readAll(client.chat(thenSilence(message, random(MOST_MESSAGES)), { timeoutMs: 1 + random(4) }));
  },

  async function isFailed(client, { msg }) {
    await readAll(client.chat(thenSilence({ action: FAILING, msg }, MOST_MESSAGES)));
  },

  async function failsItself(client, message) {
    await client.count(failing(message, random(MOST_MESSAGES)));
  },
];

export const kitelineCut: Peer = {
  async serve(port) {
    const server = createServer({ http2: HTTP2, log: () => {} });
    const handler: EchoHandler = {
      echo: ({ action, msg }) => ({ action: action === IN_FLIGHT ? String(server.inFlight - 1) : action, msg }),

      async *repeat(message) {
        for (;;) {
          yield message;
          await turns(random(3));
        }
      },

      blocks: () => [],

      async count(requests) {
        let messages = 0;
        for await (const _ of requests) messages += 1;
        return { action: String(messages) };
      },

      async *chat(requests) {
        let left = random(MOST_MESSAGES);
        for await (const message of requests) {
          if (message.action === FAILING && left-- === 0) throw new RpcError("aborted", "cut by the server");
          yield message;
        }
      },
    };
    server.add(Echo, handler);
    return await server.listen({ port });
  },

  async connect({ host, port, bytes }) {
    const client = createClient(Echo, { target: `${host}:${port}`, protocol: "grpc", http2: HTTP2, retries: 0 });
    await client.ready();
    const message = { action: ACTION, msg: messageText(bytes) };
    return {
      call(onAnswer) {
        client.echo(message).then(() => onAnswer(), onAnswer);
      },

      async cut(streams) {
        await openAll(streams, async () => {
          const cut = CUTS[random(CUTS.length)] as (typeof CUTS)[number];
          await cut(client, message).catch(expectCut);
        });
        await prove(client, message);
      },
    };
  },
};

/** Nothing is in flight, and the one connection that there was carries as much as before. */
async function prove(client: Client<EchoClient>, message: Req): Promise<void> {
  const messages = Math.ceil(PROOF_BYTES / message.msg.length);
  const { action } = await client.count(Array.from({ length: messages }, () => message));
  if (Number(action) !== messages) throw new Error(`${action} of ${messages} messages came`);
  let left = messages;
  for await (const _ of client.repeat(message)) if (--left === 0) break;
  let open = Infinity;
  // A server hears of the last cut a little later.
  for (let tries = 0; open > 0 && tries < 1000; tries++) open = Number((await client.echo({ action: IN_FLIGHT })).action);
  const { inFlight, connectionsOpened } = client.counters;
  if (open + inFlight > 0) throw new Error(`${open} streams are left at the server, ${inFlight} at the client`);
  if (connectionsOpened !== 1) throw new Error(`${connectionsOpened} connections were opened instead of one`);
}

function expectCut(error: unknown): void {
  const expected = ["cancelled", "aborted", "deadline_exceeded"];
  if (!(error instanceof RpcError && expected.includes(error.code)) && error !== OWN_FAILURE) throw error;
}

const OWN_FAILURE = new Error("cut by the client's own messages");

async function readAll(messages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of messages);
}

async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
}

async function* thenSilence(message: Req, count: number): AsyncGenerator<Req> {
  for (let left = count; left >= 0; left--) yield message;
  await new Promise(() => {});
}

async function* endless(message: Req): AsyncGenerator<Req> {
  for (;;) {
    yield message;
    await turns(1);
  }
}

function* failing(message: Req, count: number): Generator<Req> {
  for (let left = count; left > 0; left--) yield message;
  throw OWN_FAILURE;
}
