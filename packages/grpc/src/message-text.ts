/** `grpc-message`: UTF-8 where all but printable ASCII, and the percent sign, is percent-encoded (gRPC over HTTP/2, "Status-Message"). */

const PLAIN = /^[ -$&-~]*$/;

export function encodeMessageText(text: string): string {
  if (PLAIN.test(text) && text.trim() === text) return text;
  let encoded = "";
  for (const byte of Buffer.from(text)) {
    // Spaces at the ends would be taken off on the way, so all spaces of such a text are encoded.
    encoded +=
      byte > 0x20 && byte < 0x7f && byte !== 0x25 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

/** Never fails: what is no encoding stays as it came. `value` holds a byte of the wire per character. */
export function decodeMessageText(value: string): string {
  if (PLAIN.test(value)) return value;
  const bytes = Buffer.alloc(value.length);
  let length = 0;
  for (let at = 0; at < value.length; at++) {
    const pair = value.slice(at + 1, at + 3);
    if (value.charAt(at) === "%" && /^[0-9a-fA-F]{2}$/.test(pair)) {
      bytes[length++] = Number.parseInt(pair, 16);
      at += 2;
    } else {
      bytes[length++] = value.charCodeAt(at);
    }
  }
  return bytes.toString("utf8", 0, length);
}
