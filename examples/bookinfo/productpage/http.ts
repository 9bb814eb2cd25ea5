/** What the page needs to know of an HTTP request. */
import type { IncomingMessage } from "node:http";

const MAX_FORM_BYTES = 1024;

export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const [key, value] = pair.split("=", 2);
    if (key?.trim() === name) return value?.trim();
  }
  return undefined;
}

/** Browsers list `text/html`; whoever wants JSON says so and nothing of HTML. */
export function wantsJson(request: IncomingMessage): boolean {
  const accept = request.headers.accept ?? "";
  return accept.includes("application/json") && !accept.includes("text/html");
}

/** Reads a posted form. Throws a `RangeError` for one that is larger than any of ours. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_FORM_BYTES) throw new RangeError(`expected a form of at most ${MAX_FORM_BYTES} bytes`);
  }
  return new URLSearchParams(text);
}
