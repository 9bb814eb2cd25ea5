import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { BusinessError, Metadata, RpcError, type MethodKind, type ServerCall } from "@kiteline/core";
import { DATA, framesOf, HEADER, PlayedClient, PlayedServer, RESET, TRAILER, type PlayedFrame } from "./played.fixture.ts";

interface RecordedFrame {
  readonly hex: string;
  readonly strings: Readonly<Record<string, string>>;
  readonly payload: string;
}

interface Conversation {
  readonly name: string;
  readonly order: { readonly method: string };
  readonly client: readonly RecordedFrame[];
  readonly server: readonly RecordedFrame[];
}

/** What Kitex's client and server said to each other. */
const { conversations } = JSON.parse(readFileSync(join(import.meta.dirname, "../../test/kitex-streams.json"), "utf8")) as {
  conversations: readonly Conversation[];
};
const KINDS: Readonly<Record<string, MethodKind>> = { collect: "client_stream", expand: "server_stream", chat: "bidi_stream" };

const bytesOf = (frames: readonly RecordedFrame[]): Buffer => Buffer.concat(frames.map(({ hex }) => Buffer.from(hex, "hex")));
const messagesOf = (frames: readonly RecordedFrame[]): Buffer[] =>
  framesOf(bytesOf(frames))
    .filter(({ type }) => type === DATA)
    .map(({ payload }) => payload);

/** What both must say alike: the header is a set of pairs, and only Kiteline says who calls whom. */
function meaning({ flags, protocolId, strings, type, ints, payload }: PlayedFrame): object {
  const texts = Object.entries(strings).filter(([key]) => key !== "kiteline-window");
  return { flags, protocolId, strings: Object.fromEntries(texts), type, method: ints[9], payload: payload.toString("hex") };
}

/** What the client's Header holds beside the service's name. */
function metadataOf([header]: readonly RecordedFrame[]): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(header?.strings ?? {})) {
    const [, scope, key] = /^RPC_(TRANSIT|PERSIST)_(.+)$/.exec(name) ?? [];
    if (key !== undefined) metadata.set(key, value, scope === "PERSIST" ? "persistent" : "transient");
  }
  return metadata;
}

describe("what Kitex's client and server said to each other", () => {
  assert.ok(conversations.length >= 12);
  for (const { name, order, client, server } of conversations) {
    const kind = KINDS[order.method] as MethodKind;
    const last = framesOf(bytesOf(server)).at(-1) as PlayedFrame;
    // What the words of a failure are is each side's own.
    const failed = last.payload.byteLength > 0;

    it(`is what our server answers to Kitex's client: ${name}`, async () => {
      const answers = messagesOf(server);
      const header = framesOf(bytesOf(server))[0]?.strings ?? {};
      const handler = async (requests: unknown, call: ServerCall): Promise<unknown> => {
        for (const [key, value] of Object.entries(header)) call.reply.set(key, value, "backward");
        if (last.strings["biz-status"] === undefined) {
          for (const [key, value] of Object.entries(last.strings)) call.trailers.set(key, value, "backward");
        }
        if (kind === "client_stream") {
          assert.deepEqual(await Array.fromAsync(requests as AsyncIterable<Buffer>), messagesOf(client));
          return answers[0];
        }
        return (async function* () {
          yield* answers;
          if (kind === "server_stream") assert.deepEqual(requests, messagesOf(client)[0]);
          if (last.strings["biz-status"] !== undefined) {
            throw new BusinessError(1001, "not enough", new Map([["left", "3"]]));
          }
          if (failed && kind === "server_stream") throw new Error("the handler failed");
          if (failed) await Array.fromAsync(requests as AsyncIterable<Buffer>); // throws for who gave up
        })();
      };
      for (const size of [1 << 20, 1]) {
        const played = new PlayedServer(handler);
        const bytes = bytesOf(client);
        for (let at = 0; at < bytes.byteLength; at += size) played.give(bytes.subarray(at, at + size));
        const said = await played.frames();
        const expected = framesOf(bytesOf(server));
        // Nobody hears an answer who has ended the stream.
        const deserted = framesOf(bytesOf(client)).some(({ type }) => type === RESET);
        if (deserted) {
          assert.equal(played.calls[0]?.cancelled?.code, "cancelled");
          assert.match(played.calls[0]?.cancelled?.message ?? "", /kitex\.client/);
          assert.equal(said.at(-1)?.type === TRAILER, false);
        } else if (failed) {
          assert.deepEqual(said.slice(0, -1).map(meaning), expected.slice(0, -1).map(meaning));
          assert.ok((said.at(-1)?.payload.byteLength ?? 0) > 0);
        } else {
          assert.deepEqual(said.map(meaning), expected.map(meaning));
        }
        assert.deepEqual(played.misbehaviour, []);
      }
    });

    it(`is what our client says to Kitex's server, and how it takes the answer: ${name}`, async () => {
      const played = new PlayedClient();
      const requests = messagesOf(client);
      const call = played.send(order.method, kind, kind === "server_stream" ? requests[0] : requests, { metadata: metadataOf(client) });
      const said = (await played.frames()).map(meaning);
      const expected = framesOf(bytesOf(client))
        .filter(({ type }) => type === HEADER || type === DATA)
        .map(meaning);
      assert.deepEqual(said.slice(0, expected.length), expected);
      played.give(bytesOf(server));
      const received: unknown[] = [];
      let error: unknown;
      try {
        if (call.queue !== undefined) for await (const message of call.queue) received.push(message);
        else if (call.error !== undefined) throw call.error;
        else received.push(call.value);
      } catch (thrown) {
        error = thrown;
      }
      assert.deepEqual(received, messagesOf(server));
      if (last.strings["biz-status"] !== undefined) {
        assert.ok(error instanceof BusinessError);
        assert.deepEqual([error.status, error.detail, error.extra.get("left")], [1001, "not enough", "3"]);
      } else if (failed) {
        assert.ok(error instanceof RpcError);
      } else {
        assert.equal(error, undefined);
      }
      const [first] = framesOf(bytesOf(server));
      assert.deepEqual(Object.fromEntries(call.info.reply.entries().map((each) => [each.name, each.value])), first?.strings);
      assert.equal(call.info.trailers.get("KEY"), last.strings["KEY"]);
    });
  }
});

describe("the frames of a stream without messages, as Kitex writes them", () => {
  const header = bytes("0000002a 1000 0002 00000007 0008 10 00 01 0001 0003 69736e 0004 4563686f 10 0002 0009 0004 63686174 001b 0001 32");
  const trailer = bytes("0000001e 1000 0002 00000007 0005 10 00 10 0002 0009 0004 63686174 001b 0001 34 0000");

  it("begin and end a stream at our server, which ends it with a trailer of the same kind", async () => {
    const played = new PlayedServer(async function* (requests) {
      assert.deepEqual(await Array.fromAsync(requests as AsyncIterable<Buffer>), []);
      yield* [];
    });
    played.give(header, trailer);
    const said = await played.frames();
    assert.deepEqual(
      said.map(({ seq, type, flags, ints: { 9: method } }) => ({ seq, type, flags, method })),
      [HEADER, TRAILER].map((type) => ({ seq: 7, type, flags: 2, method: "chat" })),
    );
    assert.deepEqual([played.calls.length, played.ended, played.misbehaviour], [1, [undefined], []]);
  });

  it("are what our client says when it has no messages", async () => {
    const played = new PlayedClient();
    for (let stream = 1; stream <= 7; stream++) played.send("chat", "bidi_stream", []);
    const said = (await played.frames()).filter(({ seq }) => seq === 7);
    assert.deepEqual(said.slice(1).map(meaning), framesOf(trailer).map(meaning));
    // Kitex's has the method first: pairs have no order.
    assert.equal(said[1]?.seq, framesOf(trailer)[0]?.seq);
  });
});

function bytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(" ", ""), "hex");
}

/** The bytes with some of them changed, the same for the same seed. */
function mutated(bytes: Buffer, seed: number): Buffer {
  const changed = Buffer.from(bytes);
  let next = seed;
  for (let changes = 0; changes <= seed % 4; changes++) {
    next = (Math.imul(next, 1103515245) + 12345) & 0x7fff_ffff;
    changed[next % changed.byteLength] = next >>> 16;
  }
  return changed;
}

describe("streams cut or changed anywhere", () => {
  const client = bytesOf(conversations.flatMap((each) => each.client));
  const server = bytesOf(conversations.flatMap((each) => each.server));

  it("never harm a server: it goes on, or ends the connection and cancels what ran", async () => {
    for (let seed = 1; seed < 1500; seed++) {
      const played = new PlayedServer((requests) => requests);
      played.give(mutated(client.subarray(0, 200 + (seed % (client.byteLength - 200))), seed));
      await played.frames();
      if (played.misbehaviour.length > 0) assert.ok(played.connection.ended && played.session.inFlight === 0, `seed ${seed}`);
      else assert.equal(played.connection.ended, false);
    }
  });

  it("never harm a client: its calls end, or wait for more", async () => {
    for (let seed = 1; seed < 1500; seed++) {
      const played = new PlayedClient();
      const call = played.send("chat", "bidi_stream", []);
      played.give(mutated(server.subarray(0, 100 + (seed % (server.byteLength - 100))), seed));
      await played.frames();
      if (played.connection.closed) assert.ok(call.attempt.ended, `seed ${seed}`);
      assert.equal(played.session.inFlight, call.attempt.ended ? 0 : 1);
    }
  });
});
