import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { connect } from "node:tls";
import { RpcError, type LogEvent } from "@kiteline/core";
import type { ClientTls, ServerTls } from "@kiteline/net";
import { AUTHORITY, FORMER, PRESENT } from "./certificates.fixture.ts";
import { createClient } from "./client.ts";
import { Echo } from "./echo.fixture.ts";
import { createServer } from "./server.ts";
import { Streams } from "./streams.fixture.ts";

const TLS = { ca: AUTHORITY, serverName: "reviews.mesh" };
const MUTUAL: ServerTls = { ...FORMER, clientCa: AUTHORITY };

interface Meeting {
  readonly what: string;
  readonly server?: ServerTls;
  readonly client?: ClientTls;
  /** What the caller is told in each protocol; absent where it is served. */
  readonly says?: RegExp | Readonly<Record<"thrift" | "grpc", RegExp>>;
  /** Over Thrift, whose client sends its call with the last of the handshake. Defaults to `no`. */
  readonly executed?: "maybe";
  /** What the server's log has of it. */
  readonly logged: RegExp;
}

const LEFT = /refused a caller whose TLS handshake failed/;
const CLOSED = {
  thrift: /the peer closed the connection, .*does it speak ttheader, or want TLS or a certificate\?/,
  grpc: /before it had said anything \(does it want TLS, or another protocol\?/,
};

const MEETINGS: readonly Meeting[] = [
  { what: "a server whose certificate is right", server: FORMER, client: TLS, logged: /^$/ },
  {
    what: "a server of another name",
    server: FORMER,
    client: { ...TLS, serverName: "details.mesh" },
    says: /cannot connect to 127\.0\.0\.1:\d+: .*details\.mesh\. is not in the cert's altnames: DNS:reviews\.mesh/,
    logged: LEFT,
  },
  {
    what: "a server whose name is not that of the target",
    server: FORMER,
    client: { ca: AUTHORITY },
    says: /cannot connect to 127\.0\.0\.1:\d+: .*IP: 127\.0\.0\.1 is not in the cert's list/,
    logged: LEFT,
  },
  {
    what: "a server of an authority that the client does not know",
    server: FORMER,
    client: { ...TLS, ca: PRESENT.cert },
    says: /cannot connect to 127\.0\.0\.1:\d+: unable to verify the first certificate/,
    logged: LEFT,
  },
  {
    what: "a server of an authority that the system does not know",
    server: FORMER,
    client: { serverName: TLS.serverName },
    says: /cannot connect to 127\.0\.0\.1:\d+: unable to verify the first certificate/,
    logged: LEFT,
  },
  { what: "a client whose certificate is asked for and right", server: MUTUAL, client: { ...TLS, ...PRESENT }, logged: /^$/ },
  {
    what: "a client that has no certificate",
    server: MUTUAL,
    client: TLS,
    says: {
      thrift: /the server's TLS refused this client: certificate required \(see cert and key of the option tls\)$/,
      grpc: CLOSED.grpc,
    },
    logged: LEFT,
  },
  {
    what: "a client whose certificate is of another authority",
    server: { ...FORMER, clientCa: PRESENT.cert },
    client: { ...TLS, ...FORMER },
    says: CLOSED,
    executed: "maybe",
    logged: LEFT,
  },
  { what: "a client without TLS at a port with it", server: FORMER, says: CLOSED, executed: "maybe", logged: LEFT },
  {
    what: "a client with TLS at a port without",
    client: TLS,
    says: /cannot connect to 127\.0\.0\.1:\d+: .*\(does the server speak TLS there\? see the option tls\)/,
    logged: /closed a connection that speaks TLS, for which this server has no certificate/,
  },
  {
    what: "a client without TLS at a port that takes both",
    server: { ...FORMER, permissive: true },
    logged: /accepted plaintext on a port that also speaks TLS/,
  },
];

for (const protocol of ["thrift", "grpc"] as const) {
  describe(`TLS under ${protocol}`, () => {
    for (const { what, server: tls, client: clientTls, says, executed = "no", logged } of MEETINGS) {
      it(`${says === undefined ? "serves" : "refuses"} ${what}`, async () => {
        const events: LogEvent[] = [];
        let served = 0;
        const count = <T>(request: T): T => {
          served++;
          return request;
        };
        const server = createServer({ tls, exitWaitMs: 0, log: (event) => events.push(event) })
          .add(Echo, { echo: count })
          .add(Streams, { one: count, collect: () => ({}), count: () => [], talk: (requests) => requests });
        const target = await server.listen();
        const options = { target, tls: clientTls, retries: 0, timeoutMs: 60_000, connectTimeoutMs: 60_000, log: () => undefined };
        const error = await (protocol === "thrift" ? callEcho(options) : callStreams(options));
        await server.close();
        assert.match(events.map((event) => event.message).join(), logged);
        if (says === undefined) {
          assert.deepEqual([error, served], [undefined, 1]);
          return;
        }
        assert.ok(error instanceof RpcError);
        assert.match(error.message, says instanceof RegExp ? says : says[protocol]);
        assert.deepEqual([error.code, error.executed, served], ["unavailable", protocol === "thrift" ? executed : "no", 0]);
      });
    }
  });
}

describe("a server over TLS", () => {
  it("agrees on what it speaks of what callers offer (ALPN), and refuses those who offer nothing else", async () => {
    await using server = createServer({ tls: FORMER, exitWaitMs: 0, log: () => undefined }).add(Echo, { echo: (request) => request });
    await server.listen();
    const agreed = async (...offered: string[]): Promise<string | false | null> => {
      const socket = connect({ port: server.port, host: "127.0.0.1", ca: AUTHORITY, servername: TLS.serverName, ALPNProtocols: offered });
      await once(socket, "secureConnect");
      const { alpnProtocol } = socket;
      socket.destroy();
      return alpnProtocol;
    };
    assert.equal(await agreed("h2"), "h2");
    assert.equal(await agreed("http/1.1", "h2"), "h2");
    assert.equal(await agreed("http/1.1"), "http/1.1");
    assert.equal(await agreed(), false);
    await assert.rejects(agreed("h3"), { code: "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL" });
  });
});

type Options = Parameters<typeof createClient>[1];

async function callEcho(options: Options): Promise<unknown> {
  await using client = createClient(Echo, options);
  return await client.echo({ action: "", msg: "a" }).then(() => undefined, reasonOf);
}

async function callStreams(options: Options): Promise<unknown> {
  await using client = createClient(Streams, options);
  return await client.one({ number: 1 }).then(() => undefined, reasonOf);
}

function reasonOf(reason: unknown): unknown {
  return reason;
}
