/** Kiteline's server of the same services, behaving as `cmd/server` does. */
import { setTimeout as delay } from "node:timers/promises";
import {
  BusinessError,
  createServer,
  type Metadata,
  type Server,
  type ServerCall,
  type ServerOptions,
  type ServiceDescription,
} from "kiteline";
import { Echo } from "./gen/echo.ts";
import { PbStreams } from "./gen/pb_streams.ts";
import { Denied, Interop, type InteropHandler, NotFound, Other, type Seen } from "./gen/interop.ts";
import { Streams } from "./gen/streams.ts";
import { streamsHandler } from "./kiteline-streams.ts";
import { Notes } from "./notes.ts";

export interface KitelineServer extends AsyncDisposable {
  readonly server: Server;
  /** `127.0.0.1:PORT`. */
  readonly address: string;
}

/** The services that are served. `Echo` and `Other` both have an `echo`, which only a header tells apart. */
export type ServiceName = "Echo" | "Interop" | "Other" | "PbStreams" | "Streams";

export async function startKiteline(services: readonly ServiceName[], options: ServerOptions = {}): Promise<KitelineServer> {
  const server = createServer(options);
  if (services.includes("Echo")) server.add(Echo, { echo: ({ action, msg }) => ({ action, msg }) });
  if (services.includes("Interop")) server.add(withoutRemoved(), interopHandler());
  if (services.includes("Other")) {
    server.add(Other, {
      echo: ({ action, msg }) => ({ action: `other:${action}`, msg }),
      name: () => "Other",
    });
  }
  if (services.includes("PbStreams")) server.add(PbStreams, streamsHandler());
  if (services.includes("Streams")) server.add(Streams, streamsHandler());
  const address = await server.listen({ port: 0 });
  return { server, address, [Symbol.asyncDispose]: () => server.close() };
}

/** The service as an older server would have it. */
function withoutRemoved(): ServiceDescription<unknown, Omit<InteropHandler, "removed">> {
  const { removed: _, ...methods } = Interop.methods;
  return { name: Interop.name, methods };
}

function interopHandler(): Omit<InteropHandler, "removed"> {
  const notes = new Notes();
  return {
    kinds: (value) => value,
    nothing() {},
    store(key, value, expiry) {
      notes.add(key, `${Buffer.from(value).toString("hex")} until ${expiry}`);
    },
    join: (a, b, c, d, e) => `${a} ${b} ${c} ${JSON.stringify(d)} ${e.id}`,
    note(key, text) {
      notes.add(key, text);
    },
    noted: (key) => notes.wait(key),
    fail(what) {
      failAs(what);
      return what;
    },
    failQuietly: failAs,
    business(status, message, extra) {
      if (status !== 0) throw new BusinessError(status, message, extra);
      return message;
    },
    async sleep(ms, call) {
      await delay(ms, undefined, { signal: call.signal });
      return "slept";
    },
    reflect(backward, call) {
      for (const [name, value] of backward) call.reply.set(name, value, "backward");
      return seenBy(call);
    },
    body: (content, bytes) => (bytes === 0 ? content : new Uint8Array(bytes).fill(0x5a)),
  };
}

function failAs(what: string): void {
  if (what === "notFound") throw new NotFound({ key: "k", code: 404 });
  if (what === "denied") throw new Denied({ reason: "no", roles: ["admin", "owner"] });
  if (what === "error") throw new Error("the handler failed");
  if (what === "panic") throw new TypeError("the handler panicked");
}

function seenBy(call: ServerCall): Seen {
  const leftMs = call.deadlineMs - performance.now();
  return {
    service: call.method.service,
    method: call.method.name,
    caller: call.caller,
    protocol: "",
    persistent: scoped(call.metadata, "persistent"),
    transient: scoped(call.metadata, "transient"),
    strings: new Map(),
    integers: new Map(),
    ...(Number.isFinite(leftMs) ? { leftMs: BigInt(Math.round(leftMs)) } : {}),
  };
}

function scoped(metadata: Metadata, scope: string): Map<string, string> {
  return new Map([...metadata].filter((entry) => entry.scope === scope).map((entry) => [entry.name, String(entry.value)]));
}
