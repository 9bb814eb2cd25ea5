/**
 * What `cacheable_unary` assumes in front of the server: a proxy over HTTP/2 that keeps answers as long as they say (`cache-control`).
 * gRPC's clients have given up sending GET, so it tells requests apart by their bodies, too.
 */
import { once } from "node:events";
import {
  connect,
  constants,
  createServer,
  type ClientHttp2Session,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";

interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly trailers: IncomingHttpHeaders;
  readonly freshUntilMs: number;
}

const MAX_AGE = /(?:^|[ ,])max-age=(\d+)/;
/** Of a connection, not of what goes over it. */
const HOP_FIELDS = new Set<string>([constants.HTTP2_HEADER_CONNECTION, constants.HTTP2_HEADER_KEEP_ALIVE]);

export class CachingProxy implements AsyncDisposable {
  readonly tls = false;
  /** Answers that came from the cache. */
  hits = 0;
  readonly #server: Http2Server = createServer();
  readonly #upstream: ClientHttp2Session;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #kept = new Map<string, Answer>();

  private constructor(upstreamPort: number) {
    this.#upstream = connect(`http://127.0.0.1:${upstreamPort}`);
    this.#server.on("session", (session) => this.#sessions.add(session));
    this.#server.on("stream", (stream: ServerHttp2Stream, headers) => {
      this.#answer(stream, headers).catch((error: Error) => stream.destroy(error));
    });
  }

  /** In front of the server that listens there. */
  static async start(upstreamPort: number): Promise<CachingProxy> {
    const proxy = new CachingProxy(upstreamPort);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#upstream.destroy();
    for (const session of this.#sessions) session.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const body = Buffer.concat(await stream.toArray());
    const key = `${headers[":path"]} ${body.toString("base64")}`;
    const kept = this.#kept.get(key);
    const fresh = kept !== undefined && kept.freshUntilMs > performance.now() ? kept : undefined;
    if (fresh !== undefined) this.hits++;
    const answer = fresh ?? (await this.#ask(headers, body));
    if (answer.freshUntilMs > 0) this.#kept.set(key, answer);
    stream.respond(answer.headers, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers(answer.trailers));
    stream.end(answer.body);
  }

  async #ask(headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> {
    const request = this.#upstream.request(Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_FIELDS.has(name))));
    let trailers: IncomingHttpHeaders = {};
    request.on("trailers", (fields: IncomingHttpHeaders) => (trailers = fields));
    request.end(body);
    const [came] = (await once(request, "response")) as [IncomingHttpHeaders];
    const answered = Buffer.concat(await request.toArray());
    const maxAge = MAX_AGE.exec(came["cache-control"] ?? "")?.[1];
    const keeps = maxAge !== undefined && trailers["grpc-status"] === "0";
    return { headers: came, body: answered, trailers, freshUntilMs: keeps ? performance.now() + 1000 * Number(maxAge) : 0 };
  }
}
