import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer as createNetServer, type AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { ManualClock, type RpcError, type ServerCall } from "@kiteline/core";
import { createClient, type Client } from "./client.ts";
import type { ClientOptions } from "./suite.ts";
import { Echo, type EchoClient } from "./echo.fixture.ts";
import {
  echoBody,
  echoCall,
  echoReply,
  EXCEPTION,
  field,
  framed,
  i32,
  type RawPeer,
  rawServer,
  REPLY,
  STOP,
  text,
  thrift,
  ttheader,
  until,
  wholeFrames,
} from "./peer.fixture.ts";
import { createServer } from "./server.ts";

type Facts = [code: string, executed: string, retriable: boolean];

interface Played {
  readonly client: Client<EchoClient>;
  /** Connections in the order they were opened. */
  readonly peers: RawPeer[];
  /** Calls and what is told of them. */
  call(msg?: string): Promise<string | Facts>;
  readonly errors: RpcError[];
}

/** A client of a server that answers each frame of a connection with what `answer` makes of it, its sequence id and its number. */
async function play(
  t: TestContext,
  answer: (seq: number, count: number, peer: RawPeer) => Buffer | undefined,
  options: Partial<ClientOptions> = {},
): Promise<Played> {
  const peers: RawPeer[] = [];
  const isFramed = options.protocol === "framed";
  const server = await rawServer((peer) => {
    peers.push(peer);
    let count = 0;
    peer.socket.on("data", () => {
      const frames = wholeFrames(peer.received);
      for (; count < frames.length; count++) {
        const frame = frames[count] as Buffer;
        const seq = isFramed ? frame.readInt32BE(4 + 8 + 4) : frame.readInt32BE(8);
        const bytes = answer(seq, count, peer);
        if (bytes !== undefined) peer.send(bytes);
      }
    });
  });
  t.after(server.close);
  const client = createClient(Echo, { target: `127.0.0.1:${server.port}`, retries: 0, ...options });
  t.after(() => client.close());
  const errors: RpcError[] = [];
  return {
    client,
    peers,
    errors,
    call: (msg = "") =>
      client.echo({ action: "", msg }).then(
        (reply) => reply.msg,
        (error: RpcError) => {
          errors.push(error);
          return [error.code, error.executed, error.retriable];
        },
      ),
  };
}

const good = (seq: number): Buffer => ttheader(seq, echoReply(seq, "good"), {});

describe("a server that sends", () => {
  const rubbish: readonly [what: string, bytes: (seq: number) => Buffer, text: RegExp][] = [
    ["no TTHeader", () => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), /expected the TTHeader magic 0x1000, got 0x2f31/],
    ["a frame too small for its header", () => Buffer.from("00000003100000000000", "hex"), /cannot hold its own header/],
    ["a header that leaves its frame", (seq) => good(seq).fill(0xff, 12, 14), /does not fit its frame/],
    ["a payload that is no message", (seq) => ttheader(seq, Buffer.alloc(30, 0x55), {}), /expected a payload of thrift, got 5555/],
    [
      "an answer to a call that nobody made",
      (seq) => ttheader(seq + 5, echoReply(seq + 5, "?"), {}),
      /answered call \d+, which was not made on this connection/,
    ],
  ];
  for (const [what, bytes, message] of rubbish) {
    it(`${what} loses its connection, and the call fails at once`, async (t) => {
      const it = await play(t, (seq, _count, peer) => (it.peers.indexOf(peer) === 0 ? bytes(seq) : good(seq)));
      assert.deepEqual(await it.call(), ["internal", "maybe", false]);
      assert.match(it.errors[0]?.message ?? "", message);
      await until(() => it.peers[0]?.closed === true);
      assert.equal(await it.call(), "good", "the next call goes out on another connection");
      assert.equal(it.peers.length, 2);
    });
  }

  it("an answer larger than it may be loses its connection before it has sent it", async (t) => {
    const it = await play(t, () => Buffer.from("7fffffff10000000", "hex"), { maxMessageBytes: 10_000 });
    assert.deepEqual(await it.call(), ["resource_exhausted", "maybe", false]);
    assert.match(it.errors[0]?.message ?? "", /the peer sent a frame of 2147483651 bytes, more than maxFrameBytes/);
  });

  it("an answer twice loses its connection", async (t) => {
    const it = await play(t, (seq) => Buffer.concat([good(seq), good(seq)]), { connection: "multiplexed" });
    assert.equal(await it.call(), "good");
    await until(() => it.peers[0]?.closed === true);
    assert.equal(await it.call(), "good");
  });

  it("an answer by halves, one byte at a time, is understood", async (t) => {
    const it = await play(t, (seq, _count, peer) => {
      const bytes = good(seq);
      const next = (at: number): void => {
        if (at < bytes.byteLength) peer.socket.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1));
      };
      next(0);
      return undefined;
    });
    assert.equal(await it.call(), "good");
  });

  const unreadable: readonly [what: string, reply: (seq: number) => Buffer, text: RegExp][] = [
    ["of another method", (seq) => echoReply(seq, "x", "other"), /expected a reply of echo, got one of other/],
    ["that ends too early", (seq) => echoReply(seq, "xyz").subarray(0, -3), /ends too early/],
    ["whose text is not UTF-8", (seq) => thrift(REPLY, "echo", seq, echoBody(0, field(11, 2, text(Buffer.from([0xff]))))), /UTF-8/],
    [
      "nested too deep",
      (seq) =>
        thrift(REPLY, "echo", seq, Buffer.concat([...Array.from({ length: 500 }, () => field(12, 9, Buffer.alloc(0))), Buffer.alloc(501)])),
      /nested more than/,
    ],
    ["without a result", (seq) => thrift(REPLY, "echo", seq, STOP), /holds neither a result nor a declared exception/],
    ["that is a request", (seq) => echoCall(seq, "x"), /expected a reply/],
  ];
  for (const [what, reply, message] of unreadable) {
    it(`a reply ${what} fails that call alone, which was executed`, async (t) => {
      const it = await play(t, (seq, count) => (count === 1 ? ttheader(seq, reply(seq), {}) : ttheader(seq, echoReply(seq, "fine"), {})), {
        connection: "multiplexed",
      });
      const calls = await Promise.all([it.call("a"), it.call("b"), it.call("c")]);
      assert.deepEqual(calls, ["fine", ["internal", "yes", false], "fine"]);
      assert.match(it.errors[0]?.message ?? "", message);
      assert.equal(await it.call(), "fine");
      assert.equal(it.peers.length, 1);
    });
  }

  it("an exception is understood, whatever its sequence id", async (t) => {
    const body = Buffer.concat([field(11, 1, text("no such thing")), field(8, 2, i32(1)), STOP]);
    for (const protocol of ["ttheader", "framed"] as const) {
      const it = await play(
        t,
        () => (protocol === "framed" ? framed(thrift(EXCEPTION, "echo", 0, body)) : ttheader(0, thrift(EXCEPTION, "echo", 0, body), {})),
        {
          protocol,
          connection: "pooled",
        },
      );
      assert.deepEqual(await it.call(), ["unimplemented", "no", false]);
      assert.equal(it.errors[0]?.foreignCode, "thrift 1");
    }
  });
});

describe("a server that", () => {
  it("closes the connection instead of answering fails the call at once", async (t) => {
    const it = await play(t, (_seq, _count, peer) => {
      peer.socket.end();
      return undefined;
    });
    assert.deepEqual(await it.call(), ["unavailable", "maybe", true]);
    assert.match(it.errors[0]?.message ?? "", /the peer closed the connection, before the answer came/);
  });

  for (const protocol of ["ttheader", "framed"] as const) {
    it(`leaves without a word may not speak ${protocol}, as the error says`, async (t) => {
      for (const leave of ["end", "resetAndDestroy"] as const) {
        const it = await play(
          t,
          (_seq, _count, peer) => {
            peer.socket[leave]();
            return undefined;
          },
          { protocol },
        );
        await it.call();
        assert.match(
          it.errors[0]?.message ?? "",
          new RegExp(`answered nothing on this connection: does it speak ${protocol}, or want TLS or a certificate\\?`),
        );
      }
    });
  }

  it("speaks something else gets its name told", async (t) => {
    const http = Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n");
    const answers: readonly [protocol: "ttheader" | "framed", answer: Buffer, said: RegExp][] = [
      ["ttheader", http, /\(the answer is HTTP\/1\.1: is the port right\?\)/],
      ["framed", http, /\(the answer is HTTP\/1\.1/],
      ["ttheader", Buffer.from("15030300020228", "hex"), /\(the answer is TLS: see the option tls\)/],
      ["ttheader", framed(echoReply(1, "good")), /\(the answer is framed Thrift: see the option protocol, "framed"\)/],
      ["ttheader", echoReply(1, "good"), /\(the answer is Thrift without a frame: see the option protocol, "buffered"\)/],
      ["framed", echoReply(1, "good"), /\(the answer is Thrift without a frame/],
      ["framed", good(1), /\(the answer is TTHeader: see the option protocol, "ttheader"\)/],
      ["ttheader", Buffer.from("000000040000000000", "hex"), /\(the answer is HTTP\/2: see the option protocol, "grpc"\)/],
    ];
    for (const [protocol, answer, said] of answers) {
      const it = await play(t, () => answer, { protocol });
      await it.call();
      assert.match(it.errors[0]?.message ?? "", said);
    }
  });

  it("spoke the protocol before is not taken for one that does not", async (t) => {
    const it = await play(t, (seq, count) => (count === 0 ? good(seq) : Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")));
    assert.equal(await it.call(), "good");
    await it.call();
    assert.doesNotMatch(it.errors[0]?.message ?? "", /the answer is/);
  });

  it("closes the connection in the middle of an answer fails the call at once", async (t) => {
    const it = await play(t, (seq, _count, peer) => {
      peer.socket.end(good(seq).subarray(0, 30));
      return undefined;
    });
    assert.deepEqual(await it.call(), ["unavailable", "maybe", true]);
    assert.match(it.errors[0]?.message ?? "", /before the answer came$/);
  });

  it("resets the connection fails all its calls at once", async (t) => {
    const it = await play(
      t,
      (_seq, count, peer) => {
        if (count === 99) peer.socket.resetAndDestroy();
        return undefined;
      },
      { connection: "multiplexed" },
    );
    const outcomes = await Promise.all(Array.from({ length: 100 }, (_, i) => it.call(String(i))));
    assert.ok(
      outcomes.every((each) => String(each) === "unavailable,maybe,true"),
      String(outcomes[0]),
    );
    assert.match(it.errors[0]?.message ?? "", /ECONNRESET, before the answer came/);
  });

  it("closes each connection as soon as it is opened fails the call, and does not keep it", async (t) => {
    const server = await rawServer((peer) => peer.socket.resetAndDestroy());
    t.after(server.close);
    const client = createClient(Echo, { target: `127.0.0.1:${server.port}`, retries: 1 });
    t.after(() => client.close());
    await assert.rejects(client.echo({ action: "", msg: "" }), { name: "RpcError", code: "unavailable" });
  });

  it("never answers is given up at the deadline, and its connection, which carries one call, with it", async (t) => {
    const clock = new ManualClock(1000);
    const it = await play(t, (seq, _count, peer) => (it.peers.indexOf(peer) === 0 ? undefined : good(seq)), {
      connection: "pooled",
      timeoutMs: 500,
      clock,
    });
    const outcome = it.call();
    await until(() => wholeFrames(it.peers[0]?.received ?? Buffer.alloc(0)).length === 1);
    clock.advance(505);
    assert.deepEqual(await outcome, ["deadline_exceeded", "maybe", false]);
    assert.match(it.errors[0]?.message ?? "", /Echo.echo did not answer within 500 ms/);
    assert.equal(await it.call(), "good");
    assert.equal(it.peers.length, 2);
  });

  it("answers after the deadline harms nobody", async (t) => {
    const clock = new ManualClock(1000);
    const late: Buffer[] = [];
    const it = await play(
      t,
      (seq, count) => {
        if (count > 0) return good(seq);
        late.push(ttheader(seq, echoReply(seq, "late"), {}));
        return undefined;
      },
      { connection: "multiplexed", timeoutMs: 500, clock },
    );
    const outcome = it.call();
    await until(() => late.length === 1);
    clock.advance(505);
    assert.deepEqual(await outcome, ["deadline_exceeded", "maybe", false]);
    it.peers[0]?.send(late[0] as Buffer);
    assert.equal(await it.call(), "good");
    assert.deepEqual([it.peers.length, it.peers[0]?.closed], [1, false]);
  });

  it("does not read is not sent more than it may be, and those who wait are told", async (t) => {
    const it = await play(t, (seq, _count, peer) => (it.peers.indexOf(peer) === 0 ? undefined : good(seq)), {
      connection: "multiplexed",
      writeBufferBytes: 100_000,
      maxWaiting: 5,
      maxMessageBytes: 1_000_000,
    });
    const first = it.call();
    await until(() => it.peers.length === 1);
    it.peers[0]?.socket.pause();
    const big = "x".repeat(500_000);
    const outcomes: (string | Facts)[] = [];
    const calls: Promise<void>[] = [];
    for (let i = 0; i < 100; i++) {
      calls.push(it.call(big).then((outcome) => void outcomes.push(outcome)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => outcomes.length > 0);
    assert.deepEqual(outcomes[0], ["resource_exhausted", "no", true]);
    assert.match(it.errors[0]?.message ?? "", /5 calls already wait/);
    const { bytesWritten } = it.client.counters;
    assert.ok(bytesWritten < 20_000_000, `${bytesWritten} bytes were written`);
    it.peers[0]?.destroy();
    await Promise.all([first, ...calls]);
    assert.equal(outcomes.filter((each) => each === "good").length, 5, "those who waited go out on another connection");
  });

  it("is killed in mid-call fails its calls at once", async (t) => {
    const script = `
      const { createServer } = await import("kiteline");
      const { Echo } = await import(${JSON.stringify(new URL("./echo.fixture.ts", import.meta.url).href)});
      const server = createServer();
      server.add(Echo, { echo: () => new Promise(() => undefined) });
      console.log(await server.listen());
      process.stdin.resume();`;
    const child = spawn(
      process.execPath,
      [...process.execArgv.filter((each) => each.startsWith("--conditions")), "--input-type=module", "-e", script],
      {
        cwd: import.meta.dirname,
        stdio: ["pipe", "pipe", "inherit"],
      },
    );
    t.after(() => child.kill("SIGKILL"));
    const [address] = (await once(child.stdout, "data")) as [Buffer];
    const client = createClient(Echo, { target: String(address).trim(), retries: 0, connection: "multiplexed" });
    t.after(() => client.close());
    const calls = Array.from({ length: 10 }, () =>
      client.echo({ action: "", msg: "" }).catch((error: RpcError) => [error.code, error.executed]),
    );
    await until(() => client.counters.bytesWritten > 0);
    child.kill("SIGKILL");
    for (const outcome of await Promise.all(calls)) assert.deepEqual(outcome, ["unavailable", "maybe"]);
    assert.equal(client.counters.inFlight, 0);
  });
});

describe("a server that is not there", () => {
  it("is said to be so, and that nothing was executed", async (t) => {
    const server = createNetServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const client = createClient(Echo, { target: `127.0.0.1:${port}` });
    t.after(() => client.close());
    await assert.rejects(client.echo({ action: "", msg: "" }), (error: RpcError) => {
      assert.deepEqual([error.code, error.executed, error.retriable], ["unavailable", "no", true]);
      assert.match(error.message, /cannot connect to 127.0.0.1:\d+: .*ECONNREFUSED.*is the server up, and the port right\?/);
      return true;
    });
    assert.equal(client.state, "failing");
  });

  it("comes later, and is found then", async (t) => {
    const clock = new ManualClock(1000);
    const server = createServer({ exitWaitMs: 0 });
    server.add(Echo, { echo: (request) => request });
    await server.listen();
    const { port } = server;
    await server.close();
    const client = createClient(Echo, { target: `127.0.0.1:${port}`, clock, retries: 0 });
    t.after(() => client.close());
    await assert.rejects(client.echo({ action: "", msg: "" }), { code: "unavailable" });
    const next = createServer({ exitWaitMs: 0 });
    next.add(Echo, { echo: (request) => request });
    await next.listen({ port });
    t.after(() => next.close());
    await assert.rejects(
      client.echo({ action: "", msg: "" }),
      { code: "unavailable" },
      "within the pause after a failed dial nothing is tried",
    );
    clock.advance(60_000);
    assert.deepEqual(await client.echo({ action: "", msg: "there" }), { action: "", msg: "there" });
  });
});

describe("a client that is told nonsense", () => {
  it("about time says so", async () => {
    await using server = createServer({ exitWaitMs: 0 });
    server.add(Echo, { echo: (request, _call: ServerCall) => request });
    await using client = createClient(Echo, { target: server });
    for (const timeoutMs of [NaN, "5" as unknown as number]) {
      await assert.rejects(
        client.echo({ action: "", msg: "" }, { timeoutMs }),
        /\[invalid_argument\] timeoutMs must be a number of milliseconds, got/,
      );
    }
    await assert.rejects(client.echo({ action: "", msg: "" }, { timeoutMs: -1 }), { code: "deadline_exceeded", executed: "no" });
    assert.throws(() => createClient(Echo, { target: server, timeoutMs: 0 }), /timeoutMs must be a number between 1 and/);
    for (const timeoutMs of [NaN, -1, "5" as unknown as number]) {
      await assert.rejects(
        client.ready(timeoutMs),
        /RangeError: the time that ready\(\) is given must be a number between 0 and Infinity, got/,
      );
    }
  });

  it("about its target says so", () => {
    for (const target of ["nowhere", "a:b", "", "http://a:80"]) assert.throws(() => createClient(Echo, { target }), TypeError, target);
  });
});
