/** UUIDs: sixteen bytes on the wire, text of the form `8-4-4-4-12` elsewhere. */
import { wrongValue } from "./value-error.ts";

/** What the text of a UUID looks like. */
export const UUID_FORM: RegExp = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Writes the sixteen bytes, for which there is room. */
export function writeUuid(bytes: Buffer, position: number, text: string): void {
  if (typeof text !== "string" || !UUID_FORM.test(text)) throw wrongValue("uuid", text);
  bytes.write(text.replaceAll("-", ""), position, 16, "hex");
}

export function readUuid(bytes: Buffer, position: number): string {
  const digits = bytes.toString("hex", position, position + 16);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}
