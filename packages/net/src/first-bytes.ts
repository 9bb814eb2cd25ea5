/** What first bytes say of who sent them, for texts about peers that speak something else than was expected. */

export const TLS_HANDSHAKE = 0x16;
const TLS_ALERT = 0x15;
const TLS_MAJOR = 3;
/** The magic of TTHeader and the version of strict Thrift, both also behind a length. */
const TTHEADER = 0x1000;
const THRIFT_BINARY = 0x8001;
const THRIFT_COMPACT = 0x8201;
/** In the compact protocol the kind of message stands in the same byte as the version. */
const COMPACT_MASK = 0xff1f;
/** A frame of settings is the first that either side of HTTP/2 sends; its type stands behind a length of three bytes. */
const HTTP2_SETTINGS = 4;

/** What a caller speaks that was not understood. */
export function describeCaller(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString("latin1", start, Math.min(end, start + 8));
  if (text.startsWith("PRI * HT")) return "speaks HTTP/2 (gRPC), which this server does not serve";
  if (/^(GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH) /.test(text)) return "speaks HTTP/1.1, which this server does not serve";
  if (bytes[start] === TLS_HANDSHAKE) return "speaks TLS, for which this server has no certificate (option tls)";
  return `speaks nothing this server knows: its first bytes are ${bytes.toString("hex", start, Math.min(end, start + 8))}`;
}

/** What the first answer of a server looks like, and what to do; `undefined` when it looks like nothing known. */
export function describeAnswer(bytes: Buffer, start: number, end: number): string | undefined {
  if (end - start < 6) return undefined;
  const text = bytes.toString("latin1", start, start + 5);
  if (text === "HTTP/") return "the answer is HTTP/1.1: is the port right?";
  const first = bytes.readUInt16BE(start);
  if ((bytes[start] === TLS_ALERT || bytes[start] === TLS_HANDSHAKE) && bytes[start + 1] === TLS_MAJOR)
    return "the answer is TLS: see the option tls";
  const behindLength = bytes.readUInt16BE(start + 4);
  if (behindLength === TTHEADER) return 'the answer is TTHeader: see the option protocol, "ttheader"';
  if (isThrift(first)) return `the answer is Thrift without a frame: see the option protocol, "buffered"${payload(first)}`;
  if (isThrift(behindLength)) return `the answer is framed Thrift: see the option protocol, "framed"${payload(behindLength)}`;
  if (bytes[start] === 0 && bytes[start + 3] === HTTP2_SETTINGS) return 'the answer is HTTP/2: see the option protocol, "grpc"';
  return undefined;
}

function isThrift(version: number): boolean {
  return version === THRIFT_BINARY || (version & COMPACT_MASK) === THRIFT_COMPACT;
}

function payload(version: number): string {
  return version === THRIFT_BINARY ? "" : ', and the option payload, "compact"';
}
