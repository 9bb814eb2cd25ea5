import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { forEachMessage, type CallOptions, type ServerCall } from "@kiteline/core";
import { defineService, type MessageCodec, type ProtobufService, type ProtoFile } from "@kiteline/protobuf/gen";
import { createClient } from "./client.ts";
import { createServer } from "./server.ts";

interface Block {
  content: Uint8Array;
}

interface BlocksClient {
  copy(block: Block, options?: CallOptions): Promise<Block>;
  mirror(blocks: Iterable<Block>, options?: CallOptions): AsyncIterable<Block>;
}

interface BlocksHandler {
  copy(block: Block, call: ServerCall): Block;
  mirror(blocks: AsyncIterable<Block>, call: ServerCall): AsyncIterable<Block>;
}

const file: ProtoFile = {
  name: "blocks.proto",
  descriptor: () => "",
  imports: [],
  i64: "bigint",
  codecs: () => [BlockCodec],
  extensions: () => [],
};

const BlockCodec: MessageCodec<Block, Block> = {
  name: "test.Block",
  file,
  empty: () => ({ content: new Uint8Array() }),
  write(out, { content }) {
    out.bytesField(10, content);
  },
  read(inp, message = BlockCodec.empty()) {
    for (let tag: number; (tag = inp.tag()) !== 0; ) {
      if (tag === 10) message.content = inp.byteString();
      else inp.skip(tag);
    }
    return message;
  },
};

const Blocks: ProtobufService<BlocksClient, BlocksHandler> = defineService("test.Blocks", file, {
  copy: { name: "Copy", kind: "unary", request: BlockCodec, response: BlockCodec },
  mirror: { name: "Mirror", kind: "bidi_stream", request: BlockCodec, response: BlockCodec },
});

/** No two of them, nor two places in one, are alike. */
function content(seed: number, size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  for (let at = 0, value = seed + 1; at + 4 <= size; at += 4) bytes.writeUInt32LE((value = Math.imul(value, 0x9e37_79b1) + at) >>> 0, at);
  return bytes;
}

describe("large messages of gRPC", () => {
  for (const [how, options, most] of [
    ["as they were sent, in the same memory again and again where they are borrowed", { borrow: true }, 8],
    ["in memory of their own otherwise", {}, Infinity],
  ] as const) {
    it(`arrive ${how}, at both ends`, async (t) => {
      const memory: Record<"requests" | "responses", Set<ArrayBufferLike>> = { requests: new Set(), responses: new Set() };
      const sizes = Array.from({ length: 40 }, (_, at) => 1_000_000 + (at % 3));
      const check = (end: "requests" | "responses", at: number, bytes: Uint8Array): void => {
        memory[end].add(bytes.buffer);
        assert.ok(Buffer.compare(bytes, content(at, sizes[at] as number)) === 0, `${end}, message ${at}`);
      };
      const server = createServer().add(Blocks, {
        copy: (block) => block,
        async *mirror(blocks) {
          let at = 0;
          await forEachMessage(blocks, ({ content: bytes }) => check("requests", at++, bytes), options);
          assert.equal(at, sizes.length);
          yield* sizes.map((size, of) => ({ content: content(of, size) }));
        },
      });
      const client = createClient(Blocks, { target: await server.listen() });
      t.after(() => Promise.all([client.close(), server.close()]));
      let at = 0;
      const responses = client.mirror(sizes.map((size, of) => ({ content: content(of, size) })));
      await forEachMessage(responses, ({ content: bytes }) => check("responses", at++, bytes), options);
      assert.equal(at, sizes.length);
      for (const { size } of Object.values(memory)) {
        if (most === Infinity) assert.equal(size, sizes.length);
        else assert.ok(size <= most, `${sizes.length} messages lay in ${size} places`);
      }
    });
  }

  it("wait for one another, however many calls there are", async (t) => {
    const most = 1_000_100;
    const server = createServer().add(Blocks, {
      copy: ({ content: { byteLength } }) => ({ content: new Uint8Array([byteLength & 0xff]) }),
      mirror: (blocks) => blocks,
    });
    const client = createClient(Blocks, { target: await server.listen(), maxMessageBytes: most, http2: { maxQueuedBytes: 3 * most } });
    t.after(() => Promise.all([client.close(), server.close()]));
    const calls = Array.from({ length: 60 }, (_, at) => client.copy({ content: content(at, 1_000_000 - at) }));
    for (const [at, { content: bytes }] of (await Promise.all(calls)).entries()) assert.equal(bytes[0], (1_000_000 - at) & 0xff);
  });

  it("arrive as they were sent, in memory that nobody writes to afterwards, whatever comes between them", async (t) => {
    const server = createServer().add(Blocks, {
      copy: (block) => block,
      async *mirror(blocks) {
        yield* blocks;
      },
    });
    const client = createClient(Blocks, { target: await server.listen() });
    t.after(() => Promise.all([client.close(), server.close()]));
    const sizes = [1_048_576, 0, 1_048_576, 3, 300_000, 1_048_576, 2_500_000, 70_000, 1_048_576, 1_048_576, 600_000];
    const streams = Array.from({ length: 3 }, async (_, stream) => {
      const sent = sizes.map((size, at) => ({ content: content(100 * stream + at, size) }));
      const came = await Array.fromAsync(client.mirror(sent));
      for (const [at, block] of came.entries()) {
        assert.ok(Buffer.compare(block.content, sent[at]?.content ?? new Uint8Array()) === 0, `message ${at} of ${sizes[at]} bytes`);
        assert.equal(Object.getPrototypeOf(block.content), Uint8Array.prototype);
      }
      assert.equal(came.length, sizes.length);
    });
    await Promise.all(streams);
  });
});

describe("a message that no compression makes smaller, and that is too large with what is put before it", () => {
  const most = 200_000;
  const refusal = { code: "resource_exhausted", retriable: false };
  /** A message of the most that one may have. */
  const block = (): Block => ({ content: randomBytes(most - 4) });

  it("fails its call where a client sends it, and nothing else", async (t) => {
    const server = createServer().add(Blocks, { copy: () => ({ content: new Uint8Array(3) }), mirror: (blocks) => blocks });
    const client = createClient(Blocks, { target: await server.listen(), maxMessageBytes: most });
    t.after(() => Promise.all([client.close(), server.close()]));
    const beside = client.copy({ content: new Uint8Array(9) });
    for (let each = 0; each < 2; each++) {
      await assert.rejects(client.copy(block(), { compression: "gzip" }), { ...refusal, executed: "no" });
      await assert.rejects(Array.fromAsync(client.mirror([block()], { compression: "gzip" })), refusal);
    }
    assert.equal((await beside).content.byteLength, 3);
  });

  it("fails its call where a server does, also as the only response", async (t) => {
    const server = createServer({ maxMessageBytes: most }).add(Blocks, {
      copy(_block, call) {
        call.compression = "gzip";
        return block();
      },
      async *mirror(_blocks, call) {
        call.compression = "gzip";
        yield { content: new Uint8Array(9) };
        yield block();
      },
    });
    const client = createClient(Blocks, { target: await server.listen() });
    t.after(() => Promise.all([client.close(), server.close()]));
    for (let each = 0; each < 2; each++) {
      await assert.rejects(client.copy({ content: new Uint8Array(1) }), { ...refusal, executed: "yes" });
      await assert.rejects(Array.fromAsync(client.mirror([])), refusal);
    }
  });
});
