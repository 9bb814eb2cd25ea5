/** Which bytes field names and values may have (RFC 9113, section 8.2.1). */

const NAME = 1;
const VALUE = 2;

const CLASSES = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  const token = /[!#$%&'*+\-.^_`|~0-9a-z]/.test(String.fromCharCode(byte));
  CLASSES[byte] = (token ? NAME : 0) | (byte === 0 || byte === 0x0a || byte === 0x0d ? 0 : VALUE);
}
/** Beyond it a search of the system's own for each of the three is faster than a look at each byte. */
const LONG = 256;
const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;

/** Whether these bytes are a name in lower case; a pseudo-header's begins with a colon. */
export function isLawfulName(bytes: Uint8Array, start: number, end: number): boolean {
  let at = bytes[start] === COLON ? start + 1 : start;
  if (at >= end) return false;
  let all = NAME;
  for (; at < end; at++) all &= CLASSES[bytes[at] as number] as number;
  return all === NAME;
}

/** Whether these bytes may be a value: no NUL, no line breaks, no space around it. */
export function isLawfulValue(bytes: Buffer, start: number, end: number): boolean {
  if (start === end) return true;
  if (end - start > LONG) return !isSpace(bytes[start]) && !isSpace(bytes[end - 1]) && !hasForbidden(bytes, start, end);
  let all = VALUE;
  for (let at = start; at < end; at++) all &= CLASSES[bytes[at] as number] as number;
  return all === VALUE && !isSpace(bytes[start]) && !isSpace(bytes[end - 1]);
}

function hasForbidden(bytes: Buffer, start: number, end: number): boolean {
  const value = bytes.subarray(start, end);
  return value.includes(0) || value.includes(0x0a) || value.includes(0x0d);
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}
