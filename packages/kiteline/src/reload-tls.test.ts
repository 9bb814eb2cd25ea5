import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { describe, it } from "node:test";
import { connect } from "node:tls";
import { AUTHORITY, FORMER, PRESENT } from "./certificates.fixture.ts";
import { createClient } from "./client.ts";
import { Echo } from "./echo.fixture.ts";
import { until } from "./peer.fixture.ts";
import { createServer } from "./server.ts";
import { Streams } from "./streams.fixture.ts";

const TLS = { ca: AUTHORITY, serverName: "reviews.mesh" };
/** However slow the machine is. */
const PATIENT = { timeoutMs: 60_000, connectTimeoutMs: 60_000, retries: 0 };

/** What a connection made now is shown. */
async function shown(port: number): Promise<string | undefined> {
  const socket = connect({ port, host: "127.0.0.1", ca: AUTHORITY, servername: TLS.serverName });
  await once(socket, "secureConnect");
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

const fingerprint = ({ cert }: { readonly cert: string | Buffer }): string => new X509Certificate(cert).fingerprint256;

describe("certificates that are replaced under load", () => {
  it("fail no call, on connections that stand and on new ones, which are shown the new", async () => {
    await using server = createServer({ tls: FORMER })
      .add(Echo, { echo: (request) => request })
      .add(Streams, {
        one: (request) => request,
        collect: () => ({}),
        count: () => [],
        talk: (requests) => requests,
      });
    const target = await server.listen();
    await using standing = createClient(Echo, { ...PATIENT, target, tls: TLS, connection: "multiplexed" });
    await using anew = createClient(Echo, { ...PATIENT, target, tls: TLS, connection: "short" });
    await using overGrpc = createClient(Streams, { ...PATIENT, target, tls: TLS });
    let calls = 0;
    let over = false;
    const errors: unknown[] = [];
    const caller = async (call: () => Promise<unknown>): Promise<void> => {
      while (!over) {
        await call().catch((error: unknown) => errors.push(error));
        calls++;
      }
    };
    const callers = Array.from({ length: 3 }, () => [
      caller(() => standing.echo({ action: "", msg: "a" })),
      caller(() => anew.echo({ action: "", msg: "b" })),
      caller(() => overGrpc.one({ number: 1 })),
    ]).flat();
    await until(() => calls > 100);
    assert.equal(await shown(server.port), fingerprint(FORMER));
    for (let round = 1; round <= 6; round++) {
      const next = round % 2 === 0 ? FORMER : PRESENT;
      server.reloadTls(next);
      assert.equal(await shown(server.port), fingerprint(next));
      assert.throws(() => server.reloadTls({ cert: FORMER.cert, key: PRESENT.key }), /tls cannot be used/);
      assert.equal(await shown(server.port), fingerprint(next), "what does not fit changes nothing");
      const before = calls;
      await until(() => calls > before + 100);
    }
    over = true;
    await Promise.all(callers);
    assert.deepEqual(errors, []);
    assert.deepEqual([standing.counters.connectionsOpened, overGrpc.counters.connectionsOpened], [1, 1]);
    assert.ok(anew.counters.connectionsOpened > 20);
  });
});
