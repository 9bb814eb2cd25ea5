/** Opens client sockets: TCP, Unix, TLS over either, within a time. Runs outside of any call. */
import { connect, type IpcNetConnectOpts, type Socket, type TcpNetConnectOpts } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { RpcError, runOutsideCall } from "@kiteline/core";
import { formatAddress, namedPipeHint, type Address } from "./address.ts";
import type { Loop } from "./loop.ts";
import { RECEIVED } from "./received.ts";
import type { ClientTls } from "./tls.ts";

/** How long opening a connection took, in milliseconds. */
export interface DialTimes {
  readonly connectMs: number;
  /** Of the TLS handshake; `undefined` without one. */
  readonly tlsMs: number | undefined;
}

/** A socket that is connected, before anything was read from it. */
export interface Dialed {
  readonly socket: Duplex;
  /** Whether chunks come by `onChunk`, in a buffer that is reused, instead of by the socket's "data" events. */
  readonly readsItself: boolean;
  readonly times?: DialTimes | undefined;
  /** Set by who owns the connection. */
  onChunk: ((chunk: Buffer, length: number) => void) | undefined;
  /** Tells a socket that reads by itself where to; `undefined`: where it did. Set likewise. */
  nextBuffer?: (() => Buffer | undefined) | undefined;
}

/** Opens a connection to an endpoint. Rejects with an `RpcError`: `unavailable`, not executed. */
export type Dialer = (address: Address, loop: Loop) => Promise<Dialed>;

export interface DialOptions {
  /** Milliseconds until a connection, TLS included, must stand. */
  readonly connectTimeoutMs: number;
  readonly tls?: ClientTls | undefined;
  /** The protocol to agree on within TLS (ALPN), such as `h2`; a server that does not agree is not connected to. */
  readonly alpn?: string | undefined;
}

/** The dialer for sockets of the operating system. */
export function socketDialer(options: DialOptions): Dialer {
  return (address, loop) => runOutsideCall(() => dial(address, loop, options));
}

async function dial(address: Address, loop: Loop, options: DialOptions): Promise<Dialed> {
  const secure = options.tls === undefined ? undefined : await import("./tls.ts");
  return new Promise((resolve, reject) => {
    let onChunk: Dialed["onChunk"];
    let nextBuffer: Dialed["nextBuffer"];
    const { clock } = loop;
    const startMs = clock.now();
    let connectedMs = startMs;
    const where = address.kind === "unix" ? { path: address.path } : { host: address.host, port: address.port };
    let raw: Socket;
    try {
      raw = connect({
        ...where,
        noDelay: true,
        keepAlive: true,
        // Plain sockets read into one buffer for all connections; TLS decrypts into its own.
        ...(secure === undefined
          ? {
              onread: {
                // Asked first before it is connected, and then after every read.
                buffer: () => (nextBuffer === undefined ? RECEIVED : nextBuffer()) as Buffer,
                callback: (length: number, buffer: Uint8Array) => {
                  onChunk?.(buffer as Buffer, length);
                  return true;
                },
              },
            }
          : {}),
      } as TcpNetConnectOpts & IpcNetConnectOpts);
    } catch (error) {
      reject(refused(address, error as Error));
      return;
    }
    let socket: Duplex = raw;
    const timer = loop.clock.after(options.connectTimeoutMs, () => {
      fail(new Error(`no connection within ${options.connectTimeoutMs} ms (connectTimeoutMs)`));
    });
    const fail = (error: Error): void => {
      timer.cancel();
      socket.destroy();
      reject(refused(address, error));
    };
    const succeed = (): void => {
      timer.cancel();
      socket.removeListener("error", fail);
      resolve({
        socket,
        readsItself: secure === undefined,
        times: { connectMs: connectedMs - startMs, tlsMs: secure === undefined ? undefined : clock.now() - connectedMs },
        get onChunk() {
          return onChunk;
        },
        set onChunk(listener) {
          onChunk = listener;
        },
        get nextBuffer() {
          return nextBuffer;
        },
        set nextBuffer(next) {
          nextBuffer = next;
        },
      });
    };
    // What fails later is for the connection to tell; until there is one, an error must have somebody who listens.
    raw.on("error", ignore);
    raw.once("error", fail);
    raw.once("connect", () => {
      connectedMs = clock.now();
      if (secure === undefined) {
        succeed();
        return;
      }
      raw.removeListener("error", fail);
      const host = address.kind === "unix" ? "localhost" : address.host;
      const { alpn } = options;
      let encrypted: TLSSocket;
      try {
        encrypted = secure.encrypt(raw, host, alpn, options.tls ?? {});
      } catch (error) {
        fail(error as Error);
        return;
      }
      socket = encrypted;
      socket.on("error", ignore);
      socket.once("error", fail);
      socket.once("secureConnect", () => {
        if (alpn === undefined || encrypted.alpnProtocol === alpn) succeed();
        else fail(new Error(`the server does not speak ${alpn} over TLS: it agreed on ${encrypted.alpnProtocol || "no protocol"}`));
      });
    });
  });
}

function ignore(): void {}

function refused(address: Address, error: Error): RpcError {
  const peer = formatAddress(address);
  return new RpcError("unavailable", `cannot connect to ${peer}: ${error.message}${hintOf(address, error)}`, {
    executed: "no",
    retriable: true,
    peer,
    cause: error,
  });
}

/** Whether the system, asked for a connection, said that nobody listens there. */
export function nobodyListens({ code }: NodeJS.ErrnoException): boolean {
  return code === "ECONNREFUSED" || code === "ENOENT";
}

/** What Node.js calls a certificate of nobody whom we trust. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

function hintOf(address: Address, error: NodeJS.ErrnoException): string {
  const { code, message } = error;
  const pipe = namedPipeHint(address);
  if (pipe !== "") return pipe;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return ` (no such host: is the target's name right, and does this machine resolve it?)`;
  if (code === "EPROTO" || message.includes("before secure TLS connection"))
    return " (does the server speak TLS there? see the option tls)";
  if (code !== undefined && UNTRUSTED.has(code)) return " (the option tls.ca names the authorities to trust)";
  if (!nobodyListens(error)) return "";
  return ` (nothing listens there: is the server up, and the ${address.kind === "unix" ? "path" : "port"} right?)`;
}
