import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { Counters, ManualClock, systemClock, type LogEvent } from "@kiteline/core";
import type { Address } from "./address.ts";
import { makeAuthority } from "./certificates.fixture.ts";
import { socketDialer, type Dialed } from "./dial.ts";
import { line, LineServerWire, lineMethod, lines } from "./line.fixture.ts";
import { Listener } from "./listener.ts";
import { Loop } from "./loop.ts";
import { ServerSession, type CallHost } from "./server-session.ts";
import { portsClose, turns } from "./socket.fixture.ts";
import { ServerCertificates, type ClientTls, type ServerTls } from "./tls.ts";

const authority = makeAuthority("the authority");
const stranger = makeAuthority("the authority"); // of the same name, with another key
const server = authority.issue("localhost", "127.0.0.1");

const host: CallHost = {
  inherit: false,
  draining: false,
  find: (_service, name) => ({ method: lineMethod(name), serve: (request) => Promise.resolve(`${String(request)}!`) }),
  admit: () => undefined,
  ended: () => undefined,
  unsendable: (_call, error) => error,
  misbehaved: () => undefined,
};

interface Played {
  readonly listener: Listener;
  readonly certificates: ServerCertificates;
  readonly log: LogEvent[];
  readonly address: Address;
  readonly clock: ManualClock;
}

async function listen(t: TestContext, options: Partial<ServerTls> = {}, clock = new ManualClock(1000)): Promise<Played> {
  const certificates = new ServerCertificates({ ...server, ...options });
  const log: LogEvent[] = [];
  const wire = new LineServerWire();
  const listener = new Listener({
    loop: new Loop(clock),
    protocols: [
      {
        name: "line",
        recognise: (bytes, start, end) => wire.recognise(bytes, start, end),
        open: (connection) =>
          new ServerSession(connection, wire, host, { maxFrameBytes: 1000, maxInFlight: 10, maxReadAhead: 10, turnWork: 1024 }),
      },
    ],
    counters: new Counters(),
    log: (event) => log.push(event),
    options: {
      maxConnections: 3,
      idleMs: 60_000,
      frameTimeoutMs: 5000,
      openingsPerSecond: Infinity,
      maxMessageBytes: 1000,
      writeBufferBytes: 1000,
    },
  });
  const address = await listener.listen({ kind: "tcp", host: "127.0.0.1", port: 0 }, { certificates });
  t.after(async () => {
    const closed = listener.close(0);
    clock.advance(1);
    await closed;
  });
  return { listener, certificates, log, address, clock };
}

/** One call over TLS: what is answered. */
async function say(address: Address, tls: ClientTls, text = "hello"): Promise<string> {
  const dialed = await socketDialer({ connectTimeoutMs: 10_000, tls })(address, new Loop(systemClock));
  try {
    assert.equal(dialed.readsItself, false);
    dialed.socket.write(line(1, 0, `say ${text}`));
    const outcome = await Promise.race([once(dialed.socket, "data"), once(dialed.socket, "close")]);
    return outcome[0] instanceof Buffer ? (lines(outcome[0])[0]?.[2] ?? "") : "closed";
  } finally {
    dialed.socket.destroy();
  }
}

/** A way to `port` that holds back what a caller says, from its first bytes until told to pass them on. */
async function heldBack(t: TestContext, port: number): Promise<{ port: number; said: Promise<unknown>; pass: () => void }> {
  const { promise: passed, resolve: pass } = Promise.withResolvers<void>();
  const { promise: said, resolve: say } = Promise.withResolvers<void>();
  const between = createServer((caller) => {
    const far = connect(port, "127.0.0.1");
    for (const socket of [caller, far]) socket.on("error", () => undefined);
    far.pipe(caller);
    caller.once("readable", () => {
      say();
      void passed.then(() => caller.pipe(far));
    });
  });
  between.listen(0, "127.0.0.1");
  await once(between, "listening");
  t.after(() => between.close());
  return { port: (between.address() as AddressInfo).port, said, pass };
}

function at(address: Address, name: string): Address {
  return address.kind === "tcp" ? { ...address, host: name } : address;
}

describe("a client over TLS", () => {
  it("trusts the authorities it is given", async (t) => {
    const it = await listen(t);
    assert.equal(await say(it.address, { ca: authority.cert }), "ok hello!");
    await assert.rejects(
      say(it.address, { ca: stranger.cert }),
      /cannot connect to 127\.0\.0\.1.*certificate signature failure|unable to verify/,
    );
    await assert.rejects(say(it.address, {}), /cannot connect to .*\(the option tls\.ca names the authorities to trust\)$/);
    assert.equal(await say(it.address, { insecureSkipVerify: true }), "ok hello!");
  });

  it("holds the certificate against the host it wants, names and addresses alike", async (t) => {
    const it = await listen(t, authority.issue("localhost"));
    assert.equal(await say(at(it.address, "localhost"), { ca: authority.cert }), "ok hello!");
    // A certificate for localhost says nothing of an address.
    await assert.rejects(say(it.address, { ca: authority.cert }), /IP: 127\.0\.0\.1 is not in the cert's list/);
    await assert.rejects(
      say(it.address, { ca: authority.cert, serverName: "reviews.mesh" }),
      /reviews\.mesh\. is not in the cert's altnames/,
    );
    assert.equal(await say(it.address, { ca: authority.cert, serverName: "localhost" }), "ok hello!");

    const byAddress = await listen(t, authority.issue("127.0.0.1"));
    assert.equal(await say(byAddress.address, { ca: authority.cert }), "ok hello!");
  });
});

describe("a client that wants a protocol over TLS", () => {
  it("is connected to servers that agree on it, and to no others", async (t) => {
    const it = await listen(t);
    const dial = (alpn: string): Promise<Dialed> =>
      socketDialer({ connectTimeoutMs: 10_000, tls: { ca: authority.cert }, alpn })(it.address, new Loop(systemClock));
    const dialed = await dial("h2");
    assert.equal((dialed.socket as TLSSocket).alpnProtocol, "h2");
    dialed.socket.destroy();
    await assert.rejects(dial("h3"), /cannot connect to .*(no application protocol|does not speak h3)/);

    const mute = createTlsServer({ cert: server.cert, key: server.key }, (socket) => socket.on("error", () => undefined));
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    t.after(() => mute.close());
    const address: Address = { kind: "tcp", host: "127.0.0.1", port: (mute.address() as AddressInfo).port };
    await assert.rejects(
      socketDialer({ connectTimeoutMs: 10_000, tls: { ca: authority.cert }, alpn: "h2" })(address, new Loop(systemClock)),
      /cannot connect to .*the server does not speak h2 over TLS: it agreed on no protocol/,
    );
  });
});

describe("a client whose certificate or key is none", () => {
  it("fails to connect and says why", async (t) => {
    const it = await listen(t);
    for (const tls of [
      { cert: "no PEM", key: "no PEM" },
      { cert: server.cert, key: stranger.key },
    ]) {
      await assert.rejects(say(it.address, tls), {
        code: "unavailable",
        executed: "no",
        message: /cannot connect to 127\.0\.0\.1.*: the option tls cannot be used: .*PEM texts/,
      });
    }
  });
});

describe("a server over TLS", () => {
  it("refuses plaintext, says so in the log, and lives on", async (t) => {
    const it = await listen(t);
    const plain = connect((it.address as { port: number }).port, "127.0.0.1");
    plain.on("error", () => undefined);
    plain.write(line(1, 0, "say hello"));
    await once(plain, "close");
    assert.match(it.log[0]?.message ?? "", /refused a caller whose TLS handshake failed/);
    assert.equal(await say(it.address, { ca: authority.cert }), "ok hello!");
  });

  it("takes plaintext beside it when it is permissive, whole and cut", async (t) => {
    const it = await listen(t, { permissive: true });
    for (const cut of [1, 5, 18]) {
      const plain = connect((it.address as { port: number }).port, "127.0.0.1");
      const request = line(1, 0, "say plain");
      plain.write(request.subarray(0, cut));
      await turns(5);
      plain.write(request.subarray(cut));
      const [chunk] = (await once(plain, "data")) as [Buffer];
      assert.equal(lines(chunk)[0]?.[2], "ok plain!");
      plain.destroy();
      await once(plain, "close");
    }
    assert.equal(await say(it.address, { ca: authority.cert }), "ok hello!");
  });

  it("keeps plaintext that is in use", async (t) => {
    const it = await listen(t, { permissive: true });
    const plain = connect((it.address as { port: number }).port, "127.0.0.1");
    for (const text of ["early", "later"]) {
      plain.write(line(1, 0, `say ${text}`));
      await once(plain, "data");
      await turns(2);
      it.clock.advance(40_000);
      await turns(3);
    }
    assert.equal(it.listener.connections, 1);
    plain.destroy();
  });

  it("asks callers for certificates of its authorities, and takes no others", async (t) => {
    const it = await listen(t, { clientCa: authority.cert });
    const known = authority.issue("caller");
    assert.equal(await say(it.address, { ca: authority.cert, cert: known.cert, key: known.key }), "ok hello!");
    const refused = /^closed$|cannot connect|ECONNRESET|alert/;
    for (const identity of [{}, stranger.issue("caller"), makeAuthority("another").issue("caller")]) {
      const outcome = await say(it.address, { ca: authority.cert, ...identity }).catch((error: Error) => error.message);
      assert.match(outcome, refused);
    }
    assert.equal(it.listener.connections, 0);
  });

  it("shows its new certificate when it is replaced, and keeps the old when the new is none", async (t) => {
    const it = await listen(t);
    assert.throws(() => it.certificates.reload({ cert: server.cert, key: stranger.key }));
    assert.throws(() => it.certificates.reload({ cert: "rubbish", key: "rubbish" }));
    assert.equal(await say(it.address, { ca: authority.cert }), "ok hello!");
    it.certificates.reload(stranger.issue("127.0.0.1"));
    assert.equal(await say(it.address, { ca: stranger.cert }), "ok hello!");
    await assert.rejects(say(it.address, { ca: authority.cert }), /cannot connect/);
  });

  it("begins to ask callers for certificates when it is told to", async (t) => {
    const it = await listen(t);
    it.certificates.reload({ ...server, clientCa: authority.cert });
    const outcome = await say(it.address, { ca: authority.cert }).catch(() => "refused");
    assert.notEqual(outcome, "ok hello!");
    const known = authority.issue("caller");
    assert.equal(await say(it.address, { ca: authority.cert, cert: known.cert, key: known.key }), "ok hello!");
  });

  it("says at once when its certificate does not fit its key", async () => {
    assert.throws(() => new ServerCertificates({ cert: server.cert, key: stranger.key }), /key values mismatch/);
  });

  it("counts callers that do not finish shaking hands among its connections", async (t) => {
    const it = await listen(t);
    const port = (it.address as { port: number }).port;
    const silent = Array.from({ length: 3 }, () => connect(port, "127.0.0.1"));
    for (const socket of silent) await once(socket, "connect");
    await assert.rejects(say(it.address, { ca: authority.cert }));
    assert.match(it.log[0]?.message ?? "", /refuses connections/);
    for (const socket of silent) socket.destroy();
  });

  it("lets callers go that only look for the port, and does not warn of them", async (t) => {
    const it = await listen(t);
    const probe = connect((it.address as { port: number }).port, "127.0.0.1");
    await once(probe, "connect");
    probe.end();
    await once(probe.resume(), "close");
    assert.deepEqual(
      it.log.filter(({ level }) => level === "warn"),
      [],
    );
    assert.equal(await say(it.address, { ca: authority.cert }), "ok hello!");
  });

  it("closes without waiting long for callers that do not finish shaking hands", async (t) => {
    for (const permissive of [false, true]) {
      const it = await listen(t, { permissive });
      const silent = connect((it.address as { port: number }).port, "127.0.0.1");
      silent.on("error", () => undefined);
      await once(silent, "connect");
      await turns(5);
      const gone = once(silent.resume(), "close");
      const closing = it.listener.close(60_000);
      await portsClose(it.clock);
      it.clock.advance(120);
      await closing;
      await gone;
    }
  });

  it("answers the call of a caller that was still shaking hands when it began to close", async (t) => {
    for (const permissive of [false, true]) {
      const it = await listen(t, { permissive });
      // Held back between the two: what the caller says arrives only after the listener has begun to close.
      const { port, said, pass } = await heldBack(t, (it.address as { port: number }).port);
      const answer = say({ kind: "tcp", host: "127.0.0.1", port }, { ca: authority.cert });
      await said;
      const closing = it.listener.close(60_000);
      await portsClose(it.clock);
      pass();
      assert.equal(await answer, "ok hello!");
      it.clock.advance(1000);
      await closing;
    }
  });

  it("closes a silent caller after a while, and one that could be either when it closes idle ones", async (t) => {
    for (const { permissive, afterMs } of [
      { permissive: true, afterMs: 60_000 },
      { permissive: false, afterMs: 10_000 },
    ]) {
      const it = await listen(t, { permissive });
      const silent = connect((it.address as { port: number }).port, "127.0.0.1");
      silent.on("error", () => undefined);
      await once(silent, "connect");
      await turns(5);
      const gone = once(silent.resume(), "close");
      it.clock.advance(afterMs);
      await gone;
    }
  });
});
