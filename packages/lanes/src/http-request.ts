/** An HTTP request as the colouring rules see it; `IncomingMessage` of `node:http` is one. */
import type { EdgeRequest } from "./colouring.ts";

export interface HttpRequest {
  readonly url?: string | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export function httpEdgeRequest({ url = "/", headers }: HttpRequest): EdgeRequest {
  const mark = url.indexOf("?");
  let query: URLSearchParams | undefined;
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return value === undefined || typeof value === "string" ? value : value.join(",");
  };
  return {
    path: mark < 0 ? url : url.slice(0, mark),
    header,
    cookie: (name) => cookieIn(header("cookie") ?? "", name),
    query: (name) => (query ??= new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1))).get(name) ?? undefined,
  };
}

/** RFC 6265, 4.2.1: of several of one name the first counts. */
function cookieIn(header: string, name: string): string | undefined {
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (equals >= 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}
