/** A server that answers plain HTTP over Kiteline's HTTP/2: what h2spec asks, which wants a body for its GETs. */
import { Counters } from "@kiteline/core";
import {
  Http2ServerConnection,
  PreparedFields,
  recognisePreface,
  resolveHttp2Options,
  type Http2Stream,
  type StreamReceiver,
} from "@kiteline/http2";
import { Loop, type Address, type ServerTls } from "@kiteline/net";
import { Listener } from "@kiteline/net/server";
import { ServerCertificates } from "@kiteline/net/tls";

const ANSWER = new PreparedFields([
  [":status", "200"],
  ["content-type", "text/plain"],
]);
const BODY = Buffer.from("Kiteline speaks HTTP/2.\n");

/** Answers once the request is complete. */
class PlainExchange implements StreamReceiver {
  readonly #stream: Http2Stream;

  constructor(stream: Http2Stream, complete: boolean) {
    this.#stream = stream;
    if (complete) this.#answer();
  }

  onData(_bytes: Buffer, start: number, end: number, last: boolean): void {
    this.#stream.consumed(end - start);
    if (last) this.#answer();
  }

  onTrailers(): void {
    this.#answer();
  }

  onHeaders(): void {}
  onInformational(): void {}
  onFailed(): void {}
  onWritable(): void {}

  #answer(): void {
    this.#stream.sendHeaders(ANSWER, undefined, false);
    this.#stream.sendData(BODY, true);
  }
}

export interface PlainServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on a free port of this machine. */
export async function listenPlain(tls?: ServerTls): Promise<PlainServer> {
  const options = resolveHttp2Options({ log: () => undefined });
  const listener = new Listener({
    loop: new Loop(),
    protocols: [
      {
        name: "http2",
        recognise: recognisePreface,
        open: (connection) =>
          new Http2ServerConnection(
            connection,
            { accept: (stream, _fields, end) => new PlainExchange(stream, end), misbehaved: () => undefined },
            options,
          ),
      },
    ],
    counters: new Counters(),
    log: () => undefined,
    options: {
      maxConnections: 1000,
      idleMs: 60_000,
      frameTimeoutMs: 10_000,
      openingsPerSecond: Infinity,
      maxMessageBytes: 1 << 24,
      writeBufferBytes: 1 << 20,
    },
  });
  const address: Address = { kind: "tcp", host: "127.0.0.1", port: 0 };
  const certificates = tls === undefined ? undefined : new ServerCertificates(tls);
  const where = await listener.listen(address, { certificates });
  if (where.kind !== "tcp") throw new Error("listens where it was not told to");
  return { port: where.port, close: () => listener.close(1000) };
}

if (import.meta.main) console.log((await listenPlain()).port);
