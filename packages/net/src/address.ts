/** Where to connect or listen: `host:port`, `[v6]:port` or `unix:PATH`. On Windows, which Node gives no Unix sockets, PATH is that of a named pipe. */

export type Address =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** Parses an address. Throws a `TypeError` that says what was expected. */
export function parseAddress(text: string): Address {
  if (text.startsWith("unix:")) {
    const path = text.startsWith("unix://") ? text.slice("unix://".length) : text.slice("unix:".length);
    if (path === "") throw new TypeError(`expected a path after "unix:", as in unix:/run/reviews.sock`);
    return { kind: "unix", path };
  }
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || !(port >= 0 && port <= 65_535)) {
    throw new TypeError(`expected an address like reviews:9080, [::1]:9080 or unix:/run/reviews.sock, got "${text}"`);
  }
  return { kind: "tcp", host, port };
}

/** The address as text, the way errors and logs show it. */
export function formatAddress(address: Address): string {
  if (address.kind === "unix") return `unix:${address.path}`;
  return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** Why a path that is good elsewhere is none on Windows; empty for other addresses and systems. */
export function namedPipeHint(address: Address, platform: NodeJS.Platform = process.platform): string {
  if (platform !== "win32" || address.kind !== "unix" || /^[\\/]{2}[.?][\\/]pipe[\\/]/.test(address.path)) return "";
  return " (on Windows the path must be that of a named pipe, as in unix:\\\\.\\pipe\\reviews)";
}
