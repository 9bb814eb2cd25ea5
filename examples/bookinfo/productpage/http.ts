/** What the page needs to know of an HTTP request. */
import type { IncomingMessage } from "node:http";

const MAX_FORM_BYTES = 1024;

/** Browsers list `text/html`; whoever wants JSON says so and nothing of HTML. */
export function wantsJson(request: IncomingMessage): boolean {
  const accept = request.headers.accept ?? "";
  return accept.includes("application/json") && !accept.includes("text/html");
}

/** Reads a posted form; `undefined` for one that is larger than any of ours. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_FORM_BYTES) return undefined;
  }
  return new URLSearchParams(text);
}
