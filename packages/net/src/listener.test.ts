import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { Counters, ManualClock, type RpcError, type ServerCall, type LogEvent } from "@kiteline/core";
import type { Address } from "./address.ts";
import { CLOSING, line, LineServerWire, lineMethod, lines, MULTIPLEXED } from "./line.fixture.ts";
import { Listener, type ListenerOptions } from "./listener.ts";
import { Loop } from "./loop.ts";
import type { Protocol } from "./protocol.ts";
import { ServerSession, type CallHost, type ServedMethod } from "./server-session.ts";
import { PlayedSocket, portsClose, turns } from "./socket.fixture.ts";

const ANY: Address = { kind: "tcp", host: "127.0.0.1", port: 0 };

/** Answers in upper case, or when the test says so. */
class Upper implements CallHost {
  readonly inherit = true;
  draining = false;
  readonly held: (() => void)[] = [];
  onHeld: () => void = () => undefined;

  find(_service: string | undefined, name: string): ServedMethod {
    return {
      method: lineMethod(name),
      serve: (request) => {
        const answer = String(request).toUpperCase();
        if (name !== "hold") return Promise.resolve(answer);
        return new Promise((resolve) => {
          this.held.push(() => resolve(answer));
          this.onHeld();
        });
      },
    };
  }
  admit(): undefined {}
  ended(): void {}
  unsendable(_call: ServerCall, error: RpcError): RpcError {
    return error;
  }

  misbehaved(): void {}
}

class Played {
  readonly clock = new ManualClock(10_000);
  readonly log: LogEvent[] = [];
  readonly counters = new Counters();
  readonly host = new Upper();
  readonly listener: Listener;
  port = 0;

  constructor(options: Partial<ListenerOptions> = {}, protocols?: Protocol[]) {
    const wire = new LineServerWire();
    const limits = { maxFrameBytes: 1000, maxInFlight: 10, maxReadAhead: 10, turnWork: 1024 };
    const lineProtocol: Protocol = {
      name: "line",
      recognise: (bytes, start, end) => wire.recognise(bytes, start, end),
      open: (connection) => new ServerSession(connection, wire, this.host, limits),
    };
    this.listener = new Listener({
      loop: new Loop(this.clock),
      protocols: protocols ?? [lineProtocol],
      counters: this.counters,
      log: (event) => this.log.push(event),
      options: {
        maxConnections: 100,
        idleMs: 60_000,
        frameTimeoutMs: 5000,
        openingsPerSecond: Infinity,
        maxMessageBytes: 1000,
        writeBufferBytes: 100_000,
        ...options,
      },
    });
  }

  async listen(t: TestContext): Promise<this> {
    const address = await this.listener.listen(ANY);
    assert.equal(address.kind, "tcp");
    if (address.kind === "tcp") this.port = address.port;
    t.after(() => this.close(0));
    return this;
  }

  /** Closes after so long by the played clock. */
  async close(waitMs: number): Promise<void> {
    let done = false;
    const closed = this.listener.close(waitMs).then(() => (done = true));
    while (!done) {
      await turns(1);
      this.clock.advance(1);
    }
    await closed;
  }

  /** A connection that the listener knows of. */
  async connect(): Promise<Peer> {
    const known = this.counters.connectionsOpened;
    const socket = connect({ port: this.port, host: "127.0.0.1", allowHalfOpen: true });
    await once(socket, "connect");
    while (this.counters.connectionsOpened === known) await turns(1);
    return new Peer(socket);
  }
}

/** The other end, by events of its socket. */
class Peer {
  readonly socket: Socket;
  received = Buffer.alloc(0);
  ended = false;
  readonly closed: Promise<unknown>;
  #wake: () => void = () => undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.#wake();
    });
    socket.on("end", () => {
      this.ended = true;
      socket.end();
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      socket.on("close", () => {
        this.#wake();
        resolve(undefined);
      });
    });
  }

  /** Sends bytes; resolves when they are with the system. */
  send(...frames: Buffer[]): Promise<void> {
    return new Promise((resolve) => {
      this.socket.write(Buffer.concat(frames), () => resolve());
    });
  }

  /** Waits for so many frames, or the end. */
  async frames(count: number): Promise<string[]> {
    for (;;) {
      const found = this.received.byteLength >= 4 ? lines(this.received) : [];
      if (found.length >= count || this.socket.destroyed) {
        this.received = Buffer.alloc(0);
        return found.map(([, , text]) => text);
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** Turns until what is waited for holds: socket events take a few. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 10_000 && !holds(); i++) await turns(1);
  assert.ok(holds(), "did not come to hold");
}

describe("a listener", () => {
  it("serves whoever connects, and says where it listens", async (t) => {
    const it = await new Played().listen(t);
    assert.ok(it.port > 0);
    const peer = await it.connect();
    await peer.send(line(1, 0, "say hello"));
    assert.deepEqual(await peer.frames(1), ["ok HELLO"]);
    assert.equal(it.listener.connections, 1);
    peer.socket.end();
    await peer.closed;
    await until(() => it.listener.connections === 0);
    assert.deepEqual([it.counters.connectionsOpened, it.counters.connectionsClosed], [1, 1]);
  });

  it("serves a Unix socket", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "kiteline-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const it = new Played();
    const path = join(folder, "a.sock");
    assert.deepEqual(await it.listener.listen({ kind: "unix", path }), { kind: "unix", path });
    const peer = new Peer(connect(path));
    await peer.send(line(1, 0, "say hello"));
    assert.deepEqual(await peer.frames(1), ["ok HELLO"]);
    peer.socket.end();
    await it.close(0);
  });

  it("says what to do when the port is taken", async (t) => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    t.after(() => other.close());
    const { port } = other.address() as { port: number };
    await assert.rejects(new Played().listener.listen({ kind: "tcp", host: "127.0.0.1", port }), (error: RpcError) => {
      assert.equal(error.code, "failed_precondition");
      assert.match(error.message, new RegExp(`cannot listen on 127.0.0.1:${port}: .*EADDRINUSE.*stop it, or choose another port`));
      return true;
    });
  });

  it("says what to do when a file stands where its Unix socket should be", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "kiteline-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "a.sock");
    writeFileSync(path, "");
    await assert.rejects(new Played().listener.listen({ kind: "unix", path }), /EADDRINUSE.*left the file behind: remove it/);
  });

  it("lives on when a connection cannot be accepted", async (t) => {
    const listen = t.mock.method(Server.prototype, "listen");
    const it = await new Played().listen(t);
    const server = listen.mock.calls[0]?.this as Server;
    // What Node does when the process has too many open files.
    for (let i = 0; i < 2; i++) server.emit("error", new Error("accept EMFILE"));
    assert.deepEqual(
      it.log.map((event) => String(event.error)),
      ["Error: accept EMFILE", "Error: accept EMFILE"],
    );
    const peer = await it.connect();
    await peer.send(line(1, 0, "say hello"));
    assert.deepEqual(await peer.frames(1), ["ok HELLO"]);
  });

  it("has no more connections than it may, and says so once", async (t) => {
    const it = await new Played({ maxConnections: 2 }).listen(t);
    const first = await it.connect();
    await it.connect();
    for (let i = 0; i < 3; i++) {
      const refused = new Peer(connect(it.port, "127.0.0.1"));
      await refused.closed;
    }
    assert.deepEqual([it.listener.connections, it.log.length], [2, 1]);
    assert.match(it.log[0]?.message ?? "", /refuses connections: there are 2 already \(maxConnections\)/);
    first.socket.end();
    await first.closed;
    await until(() => it.listener.connections === 1);
    const next = await it.connect();
    await next.send(line(1, 0, "say again"));
    assert.deepEqual(await next.frames(1), ["ok AGAIN"]);
    await new Peer(connect(it.port, "127.0.0.1")).closed;
    assert.equal(it.log.length, 2);
  });
});

describe("what a connection speaks", () => {
  const undecidedUntil = (bytes: number, letter: number): Protocol => ({
    name: `needs ${bytes}`,
    recognise: (chunk, start, end) => (end - start < bytes ? undefined : chunk[start] === letter),
    open: () => assert.fail("not expected"),
  });

  it("is found out from its first bytes, however they come", async (t) => {
    const it = await new Played().listen(t);
    const request = line(1, 0, "say hello");
    for (const cut of [1, 2, 3, 4, 5, request.byteLength - 1]) {
      const peer = await it.connect();
      await peer.send(request.subarray(0, cut));
      await turns(3);
      await peer.send(request.subarray(cut), line(2, 0, "say more"));
      assert.deepEqual(await peer.frames(2), ["ok HELLO", "ok MORE"]);
      peer.socket.end();
    }
  });

  it("may take one protocol more bytes to find out than another", async (t) => {
    const wire = new LineServerWire();
    const host = new Upper();
    const it = await new Played({}, [
      undecidedUntil(12, 0x7a),
      {
        name: "line",
        recognise: (bytes, start, end) => wire.recognise(bytes, start, end),
        open: (connection) =>
          new ServerSession(connection, wire, host, { maxFrameBytes: 1000, maxInFlight: 10, maxReadAhead: 10, turnWork: 1024 }),
      },
    ]).listen(t);
    const peer = await it.connect();
    await peer.send(line(1, 0, "say hello").subarray(0, 10));
    await turns(3);
    await peer.send(line(1, 0, "say hello").subarray(10));
    assert.deepEqual(await peer.frames(1), ["ok HELLO"]);
  });

  it("does not depend on how its first bytes are cut: who comes first decides first", async (t) => {
    const hasty: Protocol = { name: "hasty", recognise: () => true, open: () => assert.fail("asked too early") };
    const wire = new LineServerWire();
    const host = new Upper();
    const patient: Protocol = {
      name: "line",
      recognise: (bytes, start, end) => wire.recognise(bytes, start, end),
      open: (connection) =>
        new ServerSession(connection, wire, host, { maxFrameBytes: 1000, maxInFlight: 10, maxReadAhead: 10, turnWork: 1024 }),
    };
    const it = await new Played({}, [patient, hasty]).listen(t);
    const peer = await it.connect();
    await peer.send(line(1, 0, "say hello").subarray(0, 2));
    await turns(5);
    await peer.send(line(1, 0, "say hello").subarray(2));
    assert.deepEqual(await peer.frames(1), ["ok HELLO"]);
  });

  const strangers: [what: string, bytes: Buffer, text: RegExp][] = [
    ["HTTP/2", Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), /speaks HTTP\/2 \(gRPC\), which this server does not serve/],
    ["HTTP/1.1", Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), /speaks HTTP\/1\.1, which this server does not serve/],
    ["TLS", Buffer.from("16030102000100", "hex"), /speaks TLS, for which this server has no certificate \(option tls\)/],
    ["something else", Buffer.from("ffaf0011deadbeef00", "hex"), /its first bytes are ffaf0011deadbeef$/],
  ];
  for (const [what, bytes, text] of strangers) {
    it(`is said in the log when it is ${what}, and the connection closed`, async (t) => {
      const it = await new Played().listen(t);
      const peer = await it.connect();
      await peer.send(bytes);
      await peer.closed;
      assert.match(it.log[0]?.message ?? "", text);
      assert.match(it.log[0]?.peer ?? "", /^127\.0\.0\.1:\d+$/);
    });
  }

  it("is not waited for longer than 64 bytes", async (t) => {
    const it = await new Played({}, [undecidedUntil(1000, 0)]).listen(t);
    const peer = await it.connect();
    await peer.send(Buffer.alloc(63));
    await turns(5);
    assert.equal(it.listener.connections, 1);
    await peer.send(Buffer.alloc(1));
    await peer.closed;
  });

  it("does not matter when the peer ends before saying anything", async (t) => {
    const it = await new Played().listen(t);
    const peer = await it.connect();
    peer.socket.end();
    await peer.closed;
    assert.deepEqual([peer.ended, it.log], [true, []]);
  });
});

describe("a connection that stays silent", () => {
  it("is closed after a while, but not while a call is under way", async (t) => {
    const it = await new Played({ idleMs: 1000, frameTimeoutMs: 1000 }).listen(t);
    const [idle, busy] = [await it.connect(), await it.connect()];
    const held = new Promise<void>((resolve) => (it.host.onHeld = resolve));
    await busy.send(line(1, 0, "hold it"));
    await held;
    it.clock.advance(900);
    await turns(3);
    assert.equal(it.listener.connections, 2);
    it.clock.advance(600);
    await idle.closed;
    assert.equal(idle.ended, true);
    it.host.held[0]?.();
    assert.deepEqual(await busy.frames(1), ["ok IT"]);
    it.clock.advance(600);
    await turns(1);
    it.clock.advance(1600);
    await busy.closed;
  });

  it("is closed by its protocol, where that has something to say first", async (t) => {
    const asked: number[] = [];
    let tell: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (tell = resolve));
    const it = await new Played({ idleMs: 1000 }, [
      {
        name: "polite",
        recognise: () => true,
        open: (connection) => ({
          inFlight: 0,
          owed: false,
          wantedBytes: 0,
          onBytes: (_bytes, _start, end) => {
            tell();
            return end;
          },
          onEnd: () => connection.end(),
          onClose: () => undefined,
          onDrain: () => undefined,
          onFlush: () => undefined,
          drain: () => undefined,
          endIdle: () => void asked.push(it.listener.connections),
        }),
      },
    ]).listen(t);
    const peer = await it.connect();
    await peer.send(Buffer.from("hello"));
    await begun;
    it.clock.advance(1500);
    await turns(3);
    assert.deepEqual([asked, it.listener.connections], [[1], 1]);
  });

  it("in the middle of a frame is closed sooner, however many bytes trickle in", async (t) => {
    const it = await new Played({ idleMs: 60_000, frameTimeoutMs: 1000 }).listen(t);
    const peer = await it.connect();
    const request = line(1, 0, "say something long enough");
    let sent = 0;
    for (; sent < request.byteLength - 1 && !peer.socket.destroyed && it.listener.connections > 0; sent++) {
      await peer.send(request.subarray(sent, sent + 1));
      await turns(2);
      it.clock.advance(200);
    }
    await peer.closed;
    assert.ok(sent < 12, `${sent} bytes were waited for`);
    assert.match(it.log[0]?.message ?? "", /frame was not complete after 1000 ms \(frameTimeoutMs\)/);
  });

  it("between frames is not, however slow the frames come", async (t) => {
    const it = await new Played({ idleMs: 60_000, frameTimeoutMs: 1000 }).listen(t);
    const peer = await it.connect();
    for (let i = 0; i < 10; i++) {
      await peer.send(line(1, 0, "say x"));
      assert.deepEqual(await peer.frames(1), ["ok X"]);
      await turns(1);
      it.clock.advance(700);
    }
    assert.deepEqual([it.listener.connections, it.log], [1, []]);
  });
});

describe("a listener that closes", () => {
  it("accepts no more, ends what is idle, and lets calls under way end", async (t) => {
    const it = await new Played().listen(t);
    const [idle, busy] = [await it.connect(), await it.connect()];
    const held = new Promise<void>((resolve) => (it.host.onHeld = resolve));
    await busy.send(line(1, MULTIPLEXED, "hold it"));
    await held;
    it.clock.advance(1000);
    await turns(1);
    it.host.draining = true;
    let closed = false;
    const closing = it.listener.close(60_000).then(() => (closed = true));
    await portsClose(it.clock);
    assert.equal(idle.ended, false, "what it may have sent before it could know is still waited for");
    it.clock.advance(120);
    await idle.closed;
    const refused = connect(it.port, "127.0.0.1");
    const [error] = (await once(refused, "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNREFUSED");
    assert.deepEqual([idle.ended, closed], [true, false]);
    it.host.held[0]?.();
    assert.deepEqual(await busy.frames(2), ["going", "ok IT"]);
    await until(() => it.listener.connections === 1);
    busy.socket.end();
    await closing;
  });

  it("answers those who had connected, although nobody had accepted them yet", async (t) => {
    const it = await new Played().listen(t);
    const peers = Array.from({ length: 50 }, () => {
      const peer = new Peer(connect({ port: it.port, host: "127.0.0.1", allowHalfOpen: true }));
      peer.socket.write(line(1, 0, "say a"));
      return peer;
    });
    // The system has connected them; this process has not looked since.
    const closing = it.listener.close(60_000);
    await portsClose(it.clock);
    for (const peer of peers) assert.deepEqual(await peer.frames(1), ["ok A"]);
    for (const { socket } of peers) socket.destroy();
    await closing;
  });

  it("serves callers who connect anew for as long as they do, and tells nobody to go until the port is closed", async (t) => {
    const it = await new Played().listen(t);
    const first = await it.connect();
    await first.send(line(1, MULTIPLEXED, "say a"));
    await first.frames(1);
    let closed = false;
    const again = async (): Promise<void> => {
      const peer = await it.connect();
      await peer.send(line(1, 0, "say b"));
      await until(() => peer.received.byteLength > 0);
      assert.notEqual(lines(peer.received)[0]?.[1], CLOSING);
      peer.socket.destroy();
    };
    for (let i = 0; i < 3; i++) await again();
    const closing = it.listener.close(60_000, () => (it.host.draining = true)).then(() => (closed = true));
    for (let i = 0; i < 20; i++) {
      await again();
      it.clock.advance(10);
    }
    assert.deepEqual([it.host.draining, first.received.byteLength], [false, 0]);
    for (let i = 0; i < 40 && !it.host.draining; i++) {
      it.clock.advance(5);
      await turns(5);
    }
    assert.deepEqual(await first.frames(1), ["going"]);
    const [error] = (await once(connect(it.port, "127.0.0.1"), "error")) as [NodeJS.ErrnoException];
    assert.deepEqual([error.code, closed], ["ECONNREFUSED", false]);
    first.socket.end();
    await closing;
  });

  it("awaits those who connect because nobody answers them before it closes the port", async (t) => {
    const it = await new Played().listen(t);
    const first = await it.connect();
    let left = false;
    const closing = it.listener.close(60_000, () => (left = true));
    const others: Peer[] = [];
    for (let i = 0; i < 4; i++) {
      await turns(5);
      it.clock.advance(15);
      others.push(await it.connect());
      await others.at(-1)?.send(line(1, 0, "say b"));
    }
    assert.deepEqual([left, others.map((peer) => peer.received.byteLength)], [false, [0, 0, 0, 0]], "the port has been closed");
    await portsClose(it.clock);
    assert.equal(left, true);
    for (const peer of others) assert.deepEqual(await peer.frames(1), ["ok B"]);
    for (const { socket } of [first, ...others]) socket.destroy();
    await closing;
  });

  it("closes the port after half the time that it has, however many still connect", async (t) => {
    const it = await new Played().listen(t);
    const connects = async (): Promise<boolean> => {
      const socket = connect(it.port, "127.0.0.1");
      const connected = await once(socket, "connect").then(
        () => true,
        () => false,
      );
      socket.destroy();
      return connected;
    };
    for (let i = 0; i < 10; i++) await connects();
    await until(() => it.counters.connectionsClosed === 10);
    const beganMs = it.clock.now();
    let leftMs = 0;
    const closing = it.listener.close(1000, () => (leftMs = it.clock.now() - beganMs));
    while (await connects()) {
      await turns(3);
      it.clock.advance(1);
    }
    await closing;
    assert.ok(leftMs >= 500 && leftMs <= 650, `${leftMs} ms`);
  });

  it("tells also who has connected before and says its first words after", async (t) => {
    const it = await new Played().listen(t);
    const peer = await it.connect();
    it.host.draining = true;
    const closing = it.listener.close(60_000);
    await portsClose(it.clock);
    await peer.send(line(1, MULTIPLEXED, "say a"));
    assert.deepEqual(await peer.frames(2), ["going", "ok A"]);
    peer.socket.end();
    await closing;
  });

  it("waits for the next call of a caller that can learn only from its answer", async (t) => {
    const it = await new Played().listen(t);
    const peer = await it.connect();
    await peer.send(line(1, 0, "say a"));
    await peer.frames(1);
    it.host.draining = true;
    const closing = it.listener.close(60_000);
    for (let i = 0; i < 20; i++) {
      it.clock.advance(100);
      await turns(1);
    }
    assert.equal(peer.ended, false);
    await peer.send(line(2, 0, "say b"));
    await until(() => peer.received.byteLength > 0);
    assert.equal(lines(peer.received)[0]?.[1], CLOSING);
    for (let i = 0; i < 20; i++) {
      it.clock.advance(100);
      await turns(1);
    }
    await peer.closed;
    await closing;
  });

  it("waits no longer than it may", async (t) => {
    const it = await new Played().listen(t);
    const peer = await it.connect();
    const held = new Promise<void>((resolve) => (it.host.onHeld = resolve));
    await peer.send(line(1, 0, "hold it"));
    await held;
    let closed = false;
    const closing = it.listener.close(5000).then(() => (closed = true));
    await portsClose(it.clock);
    it.clock.advance(4999 - 25);
    await turns(5);
    assert.equal(closed, false);
    it.clock.advance(1);
    await closing;
    await peer.closed;
  });

  it("waits no longer for connections that were made elsewhere, either", async () => {
    const it = new Played();
    const socket = new PlayedSocket();
    it.listener.accept(socket, "elsewhere");
    socket.push(line(1, 0, "hold it"));
    await turns(3);
    const closing = it.listener.close(5000);
    it.clock.advance(5000);
    await closing;
    assert.equal(socket.destroyed, true);
  });

  it("opens no port any more that it was about to open", async () => {
    const ports = (): number => process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length;
    const before = ports();
    const it = new Played();
    const listening = assert.rejects(it.listener.listen(ANY), {
      code: "failed_precondition",
      detail: "the server was closed before it listened on 127.0.0.1:0",
    });
    await it.listener.close(1000);
    await listening;
    await turns(2);
    assert.equal(ports(), before);
  });

  it("is closed at once when nobody is there", async () => {
    const it = new Played();
    await it.listener.listen(ANY);
    await it.listener.close(60_000);
  });

  it("takes no connection made elsewhere any more", async () => {
    const it = new Played();
    await it.listener.close(0);
    const socket = new PlayedSocket();
    it.listener.accept(socket, "elsewhere");
    assert.equal(socket.destroyed, true);
  });
});
