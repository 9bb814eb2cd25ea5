/** The first bytes of every client (RFC 9113, section 3.4). */
export const PREFACE: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** Whether these bytes begin a client's HTTP/2; undefined while they could, but are too few to know. */
export function recognisePreface(bytes: Uint8Array, start: number, end: number): boolean | undefined {
  const length = Math.min(end - start, PREFACE.length);
  for (let at = 0; at < length; at++) if (bytes[start + at] !== PREFACE[at]) return false;
  return length === PREFACE.length ? true : undefined;
}
