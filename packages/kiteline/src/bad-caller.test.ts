import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { ManualClock, RpcError, type LogEvent, type ServerCall } from "@kiteline/core";
import { createClient } from "./client.ts";
import { Echo, type Message } from "./echo.fixture.ts";
import {
  CALL,
  echoBody,
  echoCall,
  field,
  framed,
  i32,
  ONEWAY,
  RawPeer,
  REPLY,
  STOP,
  text,
  thrift,
  ttheader,
  until,
  wholeFrames,
} from "./peer.fixture.ts";
import { createServer, type Server } from "./server.ts";
import type { ServerOptions } from "./suite.ts";

interface Served {
  readonly server: Server;
  readonly port: number;
  readonly log: LogEvent[];
  /** What was handed to the handler, and what it does. */
  readonly handled: { request: Message; call: ServerCall }[];
}

async function serve(
  t: TestContext,
  options: ServerOptions = {},
  handler: (request: Message, call: ServerCall) => Promise<Message> | Message = (request) => request,
): Promise<Served> {
  const log: LogEvent[] = [];
  const server = createServer({ exitWaitMs: 0, log: (event) => log.push(event), ...options });
  const handled: Served["handled"] = [];
  server.add(Echo, {
    echo(request, call) {
      handled.push({ request, call });
      return handler(request, call);
    },
  });
  await server.listen();
  t.after(() => server.close());
  return { server, port: server.port, log, handled };
}

/** Whoever comes next is served as if nothing had been. */
async function stillServes({ port }: Served): Promise<void> {
  await using client = createClient(Echo, { target: `127.0.0.1:${port}` });
  assert.deepEqual(await client.echo({ action: "still", msg: "there" }), { action: "still", msg: "there" });
}

/** How a message of a protocol is wrapped. */
const PROTOCOLS: Readonly<Record<string, (seq: number, message: Buffer) => Buffer>> = {
  ttheader: (seq, message) => ttheader(seq, message),
  "ttheader-framed": (seq, message) => ttheader(seq, framed(message)),
  framed: (_seq, message) => framed(message),
  buffered: (_seq, message) => message,
  "mesh header": (_seq, message) => Buffer.concat([Buffer.from("ffaf000200 00".replace(" ", ""), "hex"), framed(message)]),
};

describe("a server's port", () => {
  for (const [name, wrap] of Object.entries(PROTOCOLS)) {
    it(`takes ${name}, byte by byte, and answers in kind`, async (t) => {
      const it = await serve(t);
      const peer = await RawPeer.connect(it.port);
      for (const byte of wrap(7, echoCall(7, "slowly"))) {
        peer.send(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      const expected = thrift(REPLY, "echo", 7, echoBody(0, field(11, 1, text("")), field(11, 2, text("slowly"))));
      const answer = await peer.until((received) => received.includes(expected));
      assert.ok(answer.includes(expected), answer.toString("hex"));
      peer.destroy();
    });
  }
});

/** Bodies of a call that cannot be read, and what is said of each. */
const BAD_BODIES: readonly [what: string, body: Buffer, text: RegExp][] = [
  ["a string with a negative length", echoBody(1, field(11, 2, i32(-1))), /length -1/],
  ["a string longer than the message", echoBody(1, field(11, 2, i32(1_000_000))), /1000000 bytes expected|cannot be|ends too early/],
  ["text that is not UTF-8", echoBody(1, field(11, 2, text(Buffer.from([0xff, 0xfe, 0x80])))), /UTF-8/],
  ["a type that there is not", echoBody(1, field(9, 5, i32(0))), /unknown type 9/],
  [
    "a list that claims more than there is",
    echoBody(1, field(15, 5, Buffer.concat([Buffer.from([8]), i32(0x7fff_ffff)]))),
    /2147483647 elements/,
  ],
  ["a list of a negative count", echoBody(1, field(15, 5, Buffer.concat([Buffer.from([8]), i32(-2)]))), /count -2/],
  [
    "a map that claims more than there is",
    echoBody(1, field(13, 5, Buffer.concat([Buffer.from([11, 11]), i32(0x0fff_ffff)]))),
    /268435455 elements/,
  ],
  [
    "structs nested too deep",
    echoBody(1, Buffer.concat([...Array.from({ length: 5000 }, () => field(12, 5, Buffer.alloc(0))), Buffer.alloc(5000)])),
    /nested more than/,
  ],
  [
    "lists nested too deep",
    echoBody(1, field(15, 5, Buffer.concat(Array.from({ length: 5000 }, () => Buffer.from([15, 0, 0, 0, 1]))))),
    /nested more than|ends too early/,
  ],
  ["no end", echoBody(1, field(11, 2, text("x"))).subarray(0, -2), /ends too early|left/],
  ["bytes after its end", Buffer.concat([echoBody(1, field(11, 2, text("x"))), Buffer.from("more")]), /4 bytes are left/],
];

describe("a caller whose request cannot be read", () => {
  for (const [what, body, message] of BAD_BODIES) {
    it(`because of ${what} is told so, and may go on where lengths are known`, async (t) => {
      const it = await serve(t);
      for (const name of ["ttheader", "ttheader-framed", "framed"] as const) {
        const wrap = PROTOCOLS[name] as (seq: number, message: Buffer) => Buffer;
        const peer = await RawPeer.connect(it.port);
        peer.send(wrap(5, thrift(CALL, "echo", 5, body)), wrap(6, echoCall(6, "fine")));
        const [refused, answered] = await peer.frames(2);
        assert.match(String(refused), message, name);
        assert.ok(
          refused?.includes(Buffer.concat([Buffer.from([0x80, 1, 0, 3]), text("echo"), i32(5)])),
          "an exception with the call's name and id",
        );
        assert.ok(answered?.includes("fine"), name);
        peer.destroy();
      }
      assert.equal(it.handled.length, 3);
      await stillServes(it);
    });

    it(`because of ${what}, without any length around it, loses its connection`, async (t) => {
      const it = await serve(t);
      const peer = await RawPeer.connect(it.port);
      peer.send(thrift(CALL, "echo", 5, body));
      peer.socket.end();
      await peer.end();
      // Where the message ends, it was good.
      assert.equal(it.handled.length, what === "bytes after its end" ? 1 : 0);
      await stillServes(it);
    });
  }
});

/** What no length helps against. */
const RUBBISH: readonly [what: string, bytes: Buffer, log: RegExp][] = [
  ["a TTHeader frame larger than it may be", Buffer.from("7fffffff1000000000000001", "hex"), /2147483651 bytes, more than maxFrameBytes/],
  ["a TTHeader frame of a negative length", Buffer.from("ffffffff1000000000000001", "hex"), /4294967299 bytes, more than maxFrameBytes/],
  ["a TTHeader frame too small for its header", Buffer.from("000000051000000000000001", "hex"), /cannot hold its own header/],
  ["a frame larger than it may be", Buffer.concat([i32(0x7fff_ffff), echoCall(1, "x")]), /more than maxFrameBytes/],
  ["a header that leaves its frame", ttheader(1, Buffer.alloc(0)).fill(0xff, 12, 14), /does not fit its frame/],
  ["a header with an unknown section", ttheader(1, echoCall(1, "x")).fill(0x77, 16, 17), /unknown TTHeader section 0x77/],
  ["a message of an unknown kind", framed(thrift(9, "echo", 1, STOP)), /message of kind 9/],
  ["a reply", ttheader(1, thrift(REPLY, "echo", 1, STOP)), /message of kind 2/],
  ["a method's name with a negative length", framed(Buffer.concat([Buffer.from([0x80, 1, 0, 1]), i32(-5), Buffer.alloc(20)])), /length -5/],
  [
    "a version that there is not",
    Buffer.from("80020001000000000000000000", "hex"),
    /speaks nothing this server knows: its first bytes are 8002000100000000/,
  ],
  ["broken HTTP", Buffer.from("GET / HTTP/1.1\r\nhost\0: a\r\n\r\n"), /Parse Error/],
  ["zeros", Buffer.alloc(100), /its first bytes are 0000000000000000/],
];

describe("a caller that sends", () => {
  for (const [what, bytes, log] of RUBBISH) {
    it(`${what} loses its connection, and the log says why`, async (t) => {
      const it = await serve(t);
      const peer = await RawPeer.connect(it.port);
      peer.send(bytes);
      await peer.end();
      const said = it.log.map(({ message, error }) => `${message} ${error instanceof Error ? error.message : ""}`).join("\n");
      assert.match(said, log);
      await stillServes(it);
    });
  }

  it("rubbish after good calls still gets their answers", async (t) => {
    const it = await serve(t);
    const peer = await RawPeer.connect(it.port);
    peer.send(ttheader(1, echoCall(1, "good")));
    await peer.frames(1);
    peer.send(ttheader(2, echoCall(2, "good, too")), Buffer.from("rubbish, more than a header's worth of it"));
    const frames = wholeFrames(await peer.end());
    assert.ok(frames.length >= 1 && frames[0]?.includes("good"));
    await stillServes(it);
  });

  it("a frame that never ends takes no more memory than it has sent", async (t) => {
    const it = await serve(t);
    const peers = await Promise.all(Array.from({ length: 50 }, () => RawPeer.connect(it.port)));
    // Each announces 16 MB and sends 1 KB of it.
    const begun = ttheader(1, Buffer.alloc(1000));
    begun.writeUInt32BE(16_000_000);
    const before = process.memoryUsage().arrayBuffers;
    for (const peer of peers) peer.send(begun);
    await until(() => it.server.counters.bytesRead >= 50 * begun.byteLength);
    const taken = process.memoryUsage().arrayBuffers - before;
    assert.ok(taken < 10_000_000, `${taken} bytes were taken`);
    for (const peer of peers) peer.destroy();
    await stillServes(it);
  });

  it("names that nobody serves is told what there is, and goes on", async (t) => {
    const it = await serve(t);
    const peer = await RawPeer.connect(it.port);
    peer.send(
      ttheader(1, echoCall(1, "x", "nope"), { isn: "Echo" }),
      ttheader(2, echoCall(2, "x", "nope"), { isn: "Nobody" }),
      ttheader(3, thrift(ONEWAY, "nope", 3, STOP)),
      ttheader(4, echoCall(4, "found by its method"), { isn: "Nobody" }),
    );
    const frames = await peer.frames(3);
    assert.match(String(frames[0]), /unknown method nope \(service Echo has echo\)/);
    assert.match(String(frames[1]), /unknown service Nobody \(services here: Echo\), method nope/);
    assert.ok(frames[2]?.includes("found by its method"));
    peer.destroy();
  });

  it("the same sequence id twice gets two answers", async (t) => {
    const it = await serve(t);
    const peer = await RawPeer.connect(it.port);
    peer.send(ttheader(9, echoCall(9, "one"), { isn: "Echo" }, 1), ttheader(9, echoCall(9, "two"), { isn: "Echo" }, 1));
    const frames = await peer.frames(2);
    assert.deepEqual(
      frames.map((frame) => [frame.includes("one"), frame.includes("two"), frame.readInt32BE(8)]),
      [
        [true, false, 9],
        [false, true, 9],
      ],
    );
    peer.destroy();
  });
});

describe("a caller that", () => {
  it("closes its side after its request gets its answer", async (t) => {
    const it = await serve(t);
    const peer = await RawPeer.connect(it.port);
    peer.send(framed(echoCall(1, "last words")));
    peer.socket.end();
    assert.ok((await peer.end()).includes("last words"));
  });

  it("closes its side in the middle of a frame loses its connection", async (t) => {
    const it = await serve(t);
    const peer = await RawPeer.connect(it.port);
    peer.send(framed(echoCall(1, "half")).subarray(0, 20));
    peer.socket.end();
    assert.equal((await peer.end()).byteLength, 0);
    assert.equal(it.handled.length, 0);
  });

  it("resets its connection in mid-call has its call cancelled", async (t) => {
    let reason: unknown;
    const it = await serve(t, {}, (_request, call) => {
      return new Promise((_resolve, reject) => {
        call.signal.addEventListener("abort", () => {
          reason = call.signal.reason;
          reject(new Error("aborted"));
        });
      });
    });
    const peer = await RawPeer.connect(it.port);
    peer.send(framed(echoCall(1, "x")));
    await until(() => it.handled.length === 1);
    peer.socket.resetAndDestroy();
    await until(() => reason !== undefined);
    assert.ok(reason instanceof RpcError && reason.code === "cancelled");
    assert.match(reason.message, /the caller's connection was closed/);
    await until(() => it.server.inFlight === 0);
  });

  it("does not read its answers is not read any further, and memory stays bounded", async (t) => {
    const big = "x".repeat(20_000);
    const options = { writeBufferBytes: 100_000, maxInFlight: 10, maxMessageBytes: 100_000 };
    const it = await serve(t, options, (request) => ({ action: request.action, msg: big }));
    const peer = await RawPeer.connect(it.port);
    peer.socket.pause();
    const calls = 5000;
    let sent = 0;
    const requests = Array.from({ length: calls }, (_, i) => ttheader(i + 1, echoCall(i + 1, "y"), { isn: "Echo" }, 1));
    for (const request of requests) {
      peer.send(request);
      sent++;
    }
    // It goes on until the system's buffers and ours are full.
    let before = -1;
    while (it.handled.length !== before) {
      before = it.handled.length;
      for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(it.handled.length < calls, `all ${sent} calls were handled`);
    const { bytesWritten } = it.server.counters;
    // What the systems hold for both ends is some megabytes; 5000 answers would be 100.
    assert.ok(bytesWritten < 30_000_000, `${bytesWritten} bytes were written`);
    let answered = 0;
    let rest = 0;
    peer.socket.removeAllListeners("data");
    peer.socket.on("data", (chunk: Buffer) => {
      rest += chunk.byteLength;
      answered = Math.floor(rest / 20_000);
    });
    peer.socket.resume();
    await until(() => it.handled.length === calls && answered >= calls);
    peer.destroy();
  });

  it("floods the server with connections gets only as many as may be", async (t) => {
    const it = await serve(t, { maxConnections: 20 });
    const peers = await Promise.all(Array.from({ length: 100 }, () => RawPeer.connect(it.port)));
    for (const peer of peers) peer.send(framed(echoCall(1, "flood")));
    await until(() => peers.filter((peer) => peer.closed).length === 80);
    await until(() => it.handled.length === 20);
    for (const peer of peers) peer.destroy();
    await until(() => it.server.counters.connectionsClosed === 20);
    await stillServes(it);
  });

  it("has no time left any more is refused before its request is read", async (t) => {
    const it = await serve(t);
    const peer = await RawPeer.connect(it.port);
    t.after(() => peer.destroy());
    const unreadable = thrift(CALL, "echo", 1, Buffer.from([12]));
    peer.send(ttheader(1, unreadable, { isn: "Echo" }, 0, "0"), ttheader(2, echoCall(2, "in time"), { isn: "Echo" }, 0, "5000"));
    const [refused, answered] = await peer.frames(2);
    assert.match(String(refused), /4 no.*the caller's deadline had passed when the call came/s);
    assert.match(String(answered), /in time/);
    assert.deepEqual([it.handled.length, it.server.counters.failures.deadline_exceeded], [1, 1]);
  });

  it("asks for more than the server can do at once is refused, and served when there is room", async (t) => {
    const release: (() => void)[] = [];
    const it = await serve(t, { maxConcurrency: 2 }, (request) => new Promise((resolve) => release.push(() => resolve(request))));
    await using client = createClient(Echo, { target: `127.0.0.1:${it.port}`, connection: "multiplexed", retries: 0 });
    const calls = [1, 2].map((n) => client.echo({ action: "", msg: String(n) }));
    await until(() => it.handled.length === 2);
    for (let i = 0; i < 5; i++) {
      await assert.rejects(client.echo({ action: "", msg: "3" }), (error: RpcError) => {
        assert.deepEqual([error.code, error.executed], ["resource_exhausted", "no"]);
        assert.match(error.message, /handles 2 calls already \(maxConcurrency\)/);
        return true;
      });
    }
    for (const one of release) one();
    await Promise.all(calls);
    assert.equal(it.server.inFlight, 0, "those refused are not counted as under way");
    const again = client.echo({ action: "", msg: "4" });
    await until(() => it.handled.length === 3);
    release[2]?.();
    assert.equal((await again).msg, "4");
    assert.deepEqual([it.server.counters.failures.resource_exhausted, it.server.counters.inFlight], [5, 0]);
  });
});

describe("a handler that", () => {
  it("throws, whatever it throws, fails its call alone", async (t) => {
    const thrown: unknown[] = [new TypeError("x is not a function"), "a string", undefined, new RpcError("not_found", "no such thing")];
    const it = await serve(t, {}, ({ action, msg }) => {
      const reason = thrown[Number(msg)] as Error;
      if (action === "later") return Promise.reject(reason);
      throw reason;
    });
    await using client = createClient(Echo, { target: `127.0.0.1:${it.port}` });
    const codes: string[] = [];
    for (const action of ["at once", "later"]) {
      for (let i = 0; i < thrown.length; i++) {
        await client.echo({ action, msg: String(i) }).catch((error: RpcError) => codes.push(`${error.code} ${error.detail}`));
      }
    }
    const expected = ["internal x is not a function", "internal a string", "internal undefined", "not_found no such thing"];
    assert.deepEqual(codes, [...expected, ...expected]);
  });

  it("throws or returns what cannot even be looked at fails its call alone, on a connection that goes on", async (t) => {
    const revoked = (): Error & Message => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy as Error & Message;
    };
    const untold = Object.defineProperty(new Error("x"), "message", {
      get: (): never => {
        throw Object.create(null);
      },
    });
    /** Throws nothing that could be called an error, and only when it is written, not when it is looked at again. */
    const moody = (thrown: unknown): Message => {
      let asked = 0;
      return {
        action: "",
        get msg(): string {
          if (asked++ === 0) throw thrown;
          return "";
        },
      };
    };
    const answers: readonly (() => Message | Promise<Message>)[] = [
      () => revoked(),
      () => Promise.reject(revoked()),
      () => Promise.reject(untold),
      () => moody(undefined),
      () => Promise.resolve(moody(null)),
      () => {
        throw revoked();
      },
    ];
    const it = await serve(t, { log: () => undefined }, ({ msg }) =>
      msg === "well" ? { action: "", msg } : (answers[Number(msg)]?.() as Message),
    );
    await using client = createClient(Echo, { target: `127.0.0.1:${it.port}` });
    for (const msg of answers.keys()) {
      await assert.rejects(client.echo({ action: "", msg: String(msg) }), { code: "internal", executed: "yes" }, `answer ${msg}`);
      assert.equal((await client.echo({ action: "", msg: "well" })).msg, "well");
    }
    assert.equal(client.counters.connectionsOpened, 1);
    assert.equal(it.server.inFlight, 0);
  });

  it("returns what is awaited like a promise answers with what it stands for", async (t) => {
    const query = {
      // oxlint-disable-next-line unicorn/no-thenable -- as query builders are
      then(found: (value: Message) => void): void {
        found({ action: "", msg: "found" });
        found({ action: "", msg: "found again" });
      },
    };
    const it = await serve(t, {}, () => query as unknown as Message);
    await using client = createClient(Echo, { target: `127.0.0.1:${it.port}` });
    assert.equal((await client.echo({ action: "", msg: "" })).msg, "found");
  });

  it("never answers is given up at its caller's deadline, on both sides", async (t) => {
    const clock = new ManualClock(1000);
    const it = await serve(t, { clock }, () => new Promise<Message>(() => undefined));
    await using client = createClient(Echo, { target: `127.0.0.1:${it.port}`, clock });
    const outcome = assert.rejects(client.echo({ action: "", msg: "" }, { timeoutMs: 500 }), (error: RpcError) => {
      assert.deepEqual([error.code, error.retriable], ["deadline_exceeded", false]);
      assert.notEqual(error.executed, "no");
      return true;
    });
    await until(() => it.handled.length === 1);
    const call = it.handled[0]?.call;
    assert.ok(call !== undefined && call.deadlineMs > 1000 && call.deadlineMs <= 1501);
    clock.advance(600);
    await outcome;
    assert.equal(call.signal.aborted, true);
    await until(() => it.server.inFlight === 0);
  });

  it("returns what cannot be written fails its call with the reason", async (t) => {
    const it = await serve(t, {}, () => ({ action: "", msg: 5 }) as unknown as Message);
    await using client = createClient(Echo, { target: `127.0.0.1:${it.port}` });
    await assert.rejects(client.echo({ action: "", msg: "" }), (error: RpcError) => {
      assert.deepEqual([error.code, error.executed], ["internal", "yes"]);
      assert.match(error.message, /the reply of Echo.echo cannot be written: .*expected a string, got 5/);
      return true;
    });
    assert.deepEqual(
      it.log.map(({ level, message, error }) => [level, message, /got 5/.test(String(error))]),
      [["error", "what the handler of Echo.echo answered cannot be sent", true]],
    );
  });

  it("returns more than a reply may have fails its call as such", async (t) => {
    const it = await serve(t, { maxMessageBytes: 10_000 }, () => ({ action: "", msg: "x".repeat(20_000) }));
    for (const connection of ["pooled", "multiplexed"] as const) {
      await using client = createClient(Echo, { target: `127.0.0.1:${it.port}`, connection });
      await assert.rejects(client.echo({ action: "", msg: "" }), (error: RpcError) => {
        assert.deepEqual([error.code, error.executed], ["resource_exhausted", "yes"]);
        assert.match(error.message, /larger than 10000 bytes: raise maxMessageBytes/);
        return true;
      });
    }
  });

  it("fails with more text than a message may have fails its call all the same", async (t) => {
    const it = await serve(t, { maxMessageBytes: 10_000 }, () => {
      throw new Error("x".repeat(100_000));
    });
    await using client = createClient(Echo, { target: `127.0.0.1:${it.port}` });
    await assert.rejects(client.echo({ action: "", msg: "" }), /resource_exhausted.*larger than 10000 bytes/);
    await assert.rejects(client.echo({ action: "", msg: "" }), /resource_exhausted/);
  });

  it("sets metadata by whose name the protocol tells how calls went fails its call, and forges nothing", async (t) => {
    const it = await serve(t, {}, (request, call) => {
      call.reply.set(request.msg, "7");
      return request;
    });
    await using client = createClient(Echo, { target: `127.0.0.1:${it.port}` });
    for (const msg of ["biz-status", "Biz-Message", "crrst", "kiteline-status"]) {
      await assert.rejects(client.echo({ action: "", msg }), {
        code: "internal",
        executed: "yes",
        message: new RegExp(`"${msg}" cannot travel in a reply over TTHeader`),
      });
    }
    assert.equal(client.counters.connectionsOpened, 1);
  });

  it("sets more metadata than a header can hold fails its call all the same", async (t) => {
    const it = await serve(t, {}, (request, call) => {
      call.reply.set("key", "x".repeat(70_000));
      return request;
    });
    await using client = createClient(Echo, { target: `127.0.0.1:${it.port}` });
    await assert.rejects(client.echo({ action: "", msg: "" }), /resource_exhausted.*has 70000 bytes, more than TTHeader's 65535/);
  });
});

describe("a client's own request", () => {
  it("larger than it may be is refused before it is sent", async (t) => {
    const it = await serve(t);
    await using client = createClient(Echo, { target: `127.0.0.1:${it.port}`, maxMessageBytes: 10_000 });
    await assert.rejects(client.echo({ action: "", msg: "x".repeat(20_000) }), (error: RpcError) => {
      assert.deepEqual([error.code, error.executed, error.retriable], ["resource_exhausted", "no", false]);
      return true;
    });
    assert.equal((await client.echo({ action: "", msg: "small" })).msg, "small");
    assert.equal(it.handled.length, 1);
  });

  it("larger than the server takes ends its connection, and the others' calls", async (t) => {
    const it = await serve(t, { maxMessageBytes: 10_000 });
    await using client = createClient(Echo, { target: `127.0.0.1:${it.port}`, retries: 0 });
    await assert.rejects(client.echo({ action: "", msg: "x".repeat(2_000_000) }), (error: RpcError) => {
      assert.deepEqual([error.code, error.executed], ["unavailable", "maybe"]);
      return true;
    });
    assert.match(it.log.map(({ error }) => String(error)).join(), /more than maxFrameBytes/);
    assert.equal((await client.echo({ action: "", msg: "small" })).msg, "small");
  });

  it("of the wrong type is refused with the field's place", async (t) => {
    const it = await serve(t);
    await using client = createClient(Echo, { target: `127.0.0.1:${it.port}` });
    await assert.rejects(client.echo({ action: "", msg: 5 as unknown as string }), (error: RpcError) => {
      assert.deepEqual([error.code, error.executed], ["invalid_argument", "no"]);
      assert.match(error.message, /the request of Echo.echo: .*expected a string, got 5/);
      return true;
    });
    assert.equal(it.handled.length, 0);
  });
});

describe("a server", () => {
  it("whose port is taken says what to do", async (t) => {
    const it = await serve(t);
    const other = createServer();
    await assert.rejects(
      other.listen({ port: it.port }),
      /\[failed_precondition\] cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE.*choose another port/,
    );
  });

  it("on a host that is not its own says so", async () => {
    await assert.rejects(
      createServer().listen({ host: "192.0.2.1" }),
      /cannot listen on 192\.0\.2\.1:0: .*EADDRNOTAVAIL.*0\.0\.0\.0 takes all/,
    );
  });

  it("lives through thousands of changed frames, and answers or closes every connection", async (t) => {
    const clock = new ManualClock(1);
    const it = await serve(t, { clock, log: () => undefined });
    const inTime = (holds: () => boolean): Promise<void> =>
      until(() => {
        clock.advance(10); // who is at fault is let go only after a moment
        return holds();
      });
    const whole = [
      ttheader(7, echoCall(7, "some text")),
      ttheader(7, framed(echoCall(7, "some text"))),
      framed(echoCall(7, "some text")),
      echoCall(7, "some text"),
    ];
    let seed = 12345;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fff_ffff;
      return seed % below;
    };
    for (let round = 0; round < 40; round++) {
      const peers = await Promise.all(Array.from({ length: 50 }, () => RawPeer.connect(it.port)));
      for (const peer of peers) {
        const bytes = Buffer.from(whole[random(whole.length)] as Buffer);
        for (let changes = 1 + random(4); changes > 0; changes--) bytes[random(bytes.byteLength)] = random(256);
        peer.send(bytes.subarray(0, random(4) === 0 ? random(bytes.byteLength) : bytes.byteLength));
        peer.socket.end();
      }
      let ended = 0;
      for (const peer of peers) void peer.end().then(() => ended++);
      await inTime(() => ended === peers.length);
      for (const peer of peers) peer.destroy();
    }
    await inTime(() => it.server.counters.connectionsClosed === it.server.counters.connectionsOpened);
    assert.equal(it.server.inFlight, 0);
    await stillServes(it);
  });
});
