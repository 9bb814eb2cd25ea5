/** Finds out what a request over HTTP is: a call in one of the dialects, a browser's question whether it may, or something else. */
import { CallScope, RpcError, type Method } from "@kiteline/core";
import type { Fields, StreamHost, StreamReceiver } from "@kiteline/http2";
import type { CallHost, Connection, ServedMethod, Slabs } from "@kiteline/net";
import { Background } from "../background.ts";
import { Buffered, type BufferLimits } from "../buffered.ts";
import type { GrpcPayload } from "../payload.ts";
import { CorsExchange, answerPreflight, type CorsRules } from "./cors.ts";
import type { CallContext, Dialect } from "./dialect.ts";
import type { Exchange } from "./exchange.ts";
import { NOBODY } from "./nobody.ts";
import type { RequestHead } from "./request-head.ts";
import { sendText } from "./text.ts";

/** Who answers requests that are no calls. */
export interface OtherHost {
  accept(exchange: Exchange, fields: Fields, end: boolean): StreamReceiver;
}

export interface HttpHostOptions {
  readonly host: CallHost;
  /** The first is what a content type without a name means. */
  readonly payloads: readonly GrpcPayload[];
  /** In the order in which they are asked. */
  readonly dialects: readonly Dialect[];
  readonly maxMessageBytes: number;
  readonly maxReceivedBytes: number;
  readonly buffers: BufferLimits;
  /** Which pages may call. */
  readonly cors: CorsRules | undefined;
  /** Who answers requests that are no calls. Without it they are told so. */
  readonly other: () => OtherHost | undefined;
}

/** A request's fields, understood. */
interface Understood {
  readonly dialect: Dialect;
  readonly head: RequestHead;
}

/** What is known across the connections of a server. */
export class HttpRoutes {
  readonly options: HttpHostOptions;
  /** Methods by path; only those that there are, so that callers cannot fill it. */
  readonly #routes = new Map<string, ServedMethod>();

  constructor(options: HttpHostOptions) {
    this.options = options;
  }

  find(path: string): ServedMethod | RpcError {
    return this.#routes.get(path) ?? this.#route(path);
  }

  #route(path: string): ServedMethod | RpcError {
    const slash = path.lastIndexOf("/");
    if (path.charAt(0) !== "/" || slash < 2 || slash === path.length - 1) {
      return RpcError.withoutStack("unimplemented", `the path ${path} names no method: expected /package.Service/Method`, {
        executed: "no",
        retriable: false,
      });
    }
    const service = path.slice(1, slash);
    const found = this.options.host.find(service, path.slice(slash + 1), true);
    // By their own names alone: a host may take any package for the right one.
    if (!(found instanceof RpcError) && found.method.service === service) this.#routes.set(path, found);
    return found;
  }
}

/** The requests of one connection. */
export class HttpHost implements CallContext, StreamHost {
  readonly host: CallHost;
  readonly connection: Connection;
  readonly maxMessageBytes: number;
  readonly maxReceivedBytes: number;
  readonly background: Background;
  readonly buffered: Buffered;
  readonly scope: CallScope | undefined;
  readonly #routes: HttpRoutes;
  readonly #options: HttpHostOptions;
  /** Whether both sides can talk at the same time. */
  readonly #duplex: boolean;

  constructor(connection: Connection, routes: HttpRoutes, duplex: boolean) {
    const { options } = routes;
    this.host = options.host;
    this.connection = connection;
    this.background = new Background(connection.loop);
    this.buffered = new Buffered(options.buffers);
    this.maxMessageBytes = options.maxMessageBytes;
    this.maxReceivedBytes = options.maxReceivedBytes;
    this.scope = options.host.inherit ? new CallScope() : undefined;
    this.#routes = routes;
    this.#options = options;
    this.#duplex = duplex;
  }

  get slabs(): Slabs {
    return this.connection.loop.slabs;
  }

  /** A request: returns who hears the rest of it. `end`: it has no body. */
  accept(exchange: Exchange, fields: Fields, end: boolean): StreamReceiver {
    const understood = (fields.memo ??= this.#understand(fields)) as Understood | null;
    if (understood === null) return this.#acceptOther(exchange, fields, end);
    const { dialect, head } = understood;
    const found = this.#routes.find(head.path);
    if (found instanceof RpcError && dialect.plain) {
      const other = this.#options.other();
      if (other !== undefined) return other.accept(exchange, fields, end);
    }
    const { cors } = this.#options;
    const allowed = cors === undefined ? undefined : cors.allows(fields.get("origin"));
    const answered = allowed === undefined ? exchange : new CorsExchange(exchange, allowed);
    const refused = found instanceof RpcError ? found : unfit(found, head);
    if (refused !== undefined) {
      exchange.fault();
      dialect.refuse(answered, head, refused);
      return NOBODY;
    }
    const served = found as ServedMethod;
    if (this.#answerUncallable(answered, served.method, understood)) return NOBODY;
    return dialect.open(this, answered, head, served, end);
  }

  /** Where the method cannot be called in this way, says so. */
  #answerUncallable(exchange: Exchange, { fullName, kind, idempotency }: Method, { dialect, head }: Understood): boolean {
    if (!dialect.carries(kind)) {
      const [types, how] =
        kind === "unary"
          ? ["application/json, application/proto", "with one message as the body"]
          : [
              "application/connect+json, application/connect+proto",
              `with five bytes before each message${kind === "bidi_stream" ? " and over HTTP/2" : ""}: use a client of Connect, or kiteline call`,
            ];
      sendText(exchange, 415, `${fullName} is of the kind ${kind}: in Connect's protocol it takes ${types}, ${how}\n`, [
        "accept-post",
        types,
      ]);
    } else if (head.method !== "POST" && idempotency !== "no_side_effects") {
      sendText(exchange, 405, `${fullName} may have effects (its idempotency_level does not deny it): call it with POST\n`, [
        "allow",
        "POST",
      ]);
    } else if (!this.#duplex && kind === "bidi_stream") {
      sendText(exchange, 505, `${fullName} streams both ways, which needs HTTP/2\n`, ["connection", "close"]);
    } else {
      return false;
    }
    return true;
  }

  misbehaved(connection: Connection, error: Error): void {
    this.host.misbehaved(connection, error);
  }

  /** `null` for what is no call. */
  #understand(fields: Fields): Understood | null {
    for (const dialect of this.#options.dialects) {
      const head = dialect.read(fields, this.#options.payloads);
      if (head !== undefined) return { dialect, head };
    }
    return null;
  }

  #acceptOther(exchange: Exchange, fields: Fields, end: boolean): StreamReceiver {
    const { cors } = this.#options;
    const query = fields.path.indexOf("?");
    const found = this.#routes.find(query < 0 ? fields.path : fields.path.slice(0, query));
    const isMethod = !(found instanceof RpcError);
    if (cors !== undefined && isMethod && answerPreflight(exchange, fields, cors)) return NOBODY;
    const other = isMethod ? undefined : this.#options.other();
    if (other !== undefined) return other.accept(exchange, fields, end);
    exchange.fault();
    if (!isMethod) sendText(exchange, 404, `there is nothing at ${fields.path}: ${found.detail}\n`);
    else if (fields.method !== "POST") {
      const { fullName, kind, idempotency } = found.method;
      const byGet = kind === "unary" && idempotency === "no_side_effects";
      const hint =
        fields.method === "OPTIONS"
          ? ": pages of other origins may call where the server's option cors says so"
          : byGet
            ? ", or with GET and a query such as ?encoding=json&message={}"
            : "";
      sendText(exchange, 405, `${fullName} is called with POST${hint}\n`, ["allow", byGet ? "GET, POST" : "POST"]);
    } else {
      const types = "application/grpc, application/grpc-web, application/json, application/proto";
      sendText(
        exchange,
        415,
        `${found.method.fullName} takes ${types} and their kin, got ${fields.get("content-type") ?? "no content type"}\n`,
        ["accept-post", types],
      );
    }
    return NOBODY;
  }
}

function unfit({ method }: ServedMethod, { payload }: RequestHead): RpcError | undefined {
  const { messagesFormat } = payload.format;
  if (method.messages.format === messagesFormat) return undefined;
  const { format } = method.messages;
  const how =
    format === "thrift"
      ? "; call it with a client of Thrift, such as kiteline call with --idl, or over gRPC as application/grpc+thrift"
      : "";
  return new RpcError(
    "unimplemented",
    `${method.fullName} takes messages of ${format}, and the request is for one of ${messagesFormat}${how}`,
    {
      executed: "no",
      retriable: false,
    },
  );
}
