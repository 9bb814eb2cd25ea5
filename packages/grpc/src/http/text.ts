/** Answers in words, for people. */
import { PreparedFields } from "@kiteline/http2";
import type { Exchange } from "./exchange.ts";

const BY_STATUS = new Map<number, PreparedFields>();

/** Sends a response of text; `extra` are fields beside its type and length, flat. */
export function sendText(exchange: Exchange, status: number, text: string, extra: readonly string[] = []): void {
  const bytes = Buffer.from(text);
  exchange.sendHeaders(textFields(status), ["content-length", String(bytes.byteLength), ...extra], false);
  exchange.sendData(bytes, true);
}

function textFields(status: number): PreparedFields {
  let fields = BY_STATUS.get(status);
  if (fields === undefined) {
    fields = new PreparedFields([
      [":status", String(status)],
      ["content-type", "text/plain; charset=utf-8"],
    ]);
    BY_STATUS.set(status, fields);
  }
  return fields;
}
