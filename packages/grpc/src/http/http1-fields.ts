/** The fields of HTTP/1.1 as those of HTTP/2: names in lower case, the host as authority. */
import type { IncomingMessage } from "node:http";
import { Fields } from "@kiteline/http2";

export function readHttp1Fields(request: IncomingMessage): Fields {
  const fields = new Fields();
  const { rawHeaders, socket } = request;
  fields.method = request.method ?? "";
  fields.path = pathOf(request.url ?? "");
  fields.scheme = "encrypted" in socket ? "https" : "http";
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] as string).toLowerCase();
    const value = rawHeaders[at + 1] as string;
    if (name === "host") fields.authority = value;
    fields.names.push(name);
    fields.values.push(value);
  }
  return fields;
}

/** A request may name all of the URL (RFC 9112, section 3.2.2). */
function pathOf(target: string): string {
  if (target.startsWith("/") || !/^https?:\/\//i.test(target)) return target;
  const slash = target.indexOf("/", target.indexOf("//") + 2);
  return slash < 0 ? "/" : target.slice(slash);
}
