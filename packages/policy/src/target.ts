/** What a caller names: `host:port`, `host`, `[v6]:port` or `unix:PATH`. */

export interface TargetName {
  /** In lower case; the whole text for `unix:PATH`. */
  readonly host: string;
  /** `undefined` when the text names none. */
  readonly port: number | undefined;
}

/** Throws a `TypeError` that says what was expected. */
export function parseTarget(text: string): TargetName {
  if (text.startsWith("unix:")) {
    if (text.length === "unix:".length) throw invalid(text);
    return { host: text, port: undefined };
  }
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.%]+)\]|([^\s:/[\],]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? undefined : Number(digits);
  if (host === undefined || (port !== undefined && (port === 0 || port > 65_535))) throw invalid(text);
  return { host: host.toLowerCase(), port };
}

function invalid(text: string): TypeError {
  const hint = text.includes("://")
    ? ": leave the scheme out, the options protocol and tls say how to speak"
    : /^(?:\[[0-9a-fA-F:.%]+\]|[^\s:[\]]+):\d+$/.test(text)
      ? ": a port is a number from 1 to 65535"
      : "";
  return new TypeError(`a target must look like "host:port", "[::1]:port" or "unix:/path", got "${text}"${hint}`);
}

/** Whether the text is an address that needs no resolving. */
export function isIpAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) || text.includes(":");
}
