/** Load goes to this machine only: a generator that can be pointed anywhere is a weapon. */
import { isIP } from "node:net";

/** Splits `HOST:PORT`. Throws a `RangeError` unless the host is a loopback address, as a number or as `localhost`. */
export function parseLoopback(target: string): { host: string; port: number } {
  const at = target.lastIndexOf(":");
  const host = target.slice(0, at).replace(/^\[(.*)\]$/, "$1");
  const port = Number(target.slice(at + 1));
  const loopback = host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
  if (at < 1 || !loopback || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new RangeError(`the target must be a loopback address with a port, such as 127.0.0.1:9080, got "${target}"`);
  }
  return { host, port };
}
