/** Certificates for tests, made when a test asks: X.509 v3 in DER, written by hand because Node only reads it (RFC 5280). */
import { createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { isIP } from "node:net";

/** A certificate with its key, as PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Identity {
  /** Makes a certificate for these DNS names and IPv4 addresses, the first of which is also its subject. */
  issue(...names: string[]): Identity;
}

/** Makes an authority. Two of the same name do not trust each other's certificates. */
export function makeAuthority(name: string): Authority {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const own = certificate({ subject: name, issuer: name, key: privateKey, signedBy: privateKey, names: [] });
  return {
    cert: own,
    key: pemOf(privateKey),
    issue(...names) {
      const { privateKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      return { cert: certificate({ subject: names[0] ?? "", issuer: name, key, signedBy: privateKey, names }), key: pemOf(key) };
    },
  };
}

interface Parts {
  readonly subject: string;
  readonly issuer: string;
  readonly key: KeyObject;
  readonly signedBy: KeyObject;
  /** Without any it is an authority's. */
  readonly names: readonly string[];
}

const ECDSA_WITH_SHA256 = [1, 2, 840, 10045, 4, 3, 2];
const COMMON_NAME = [2, 5, 4, 3];
const BASIC_CONSTRAINTS = [2, 5, 29, 19];
const SUBJECT_ALT_NAME = [2, 5, 29, 17];

function certificate({ subject, issuer, key, signedBy, names }: Parts): string {
  const algorithm = sequence(identifier(ECDSA_WITH_SHA256));
  const extension =
    names.length === 0
      ? sequence(identifier(BASIC_CONSTRAINTS), der(0x01, Buffer.from([0xff])), der(0x04, sequence(der(0x01, Buffer.from([0xff])))))
      : sequence(identifier(SUBJECT_ALT_NAME), der(0x04, sequence(...names.map(alternativeName))));
  const unsigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])), // serial number
    algorithm,
    nameOf(issuer),
    sequence(der(0x17, Buffer.from("200101000000Z")), der(0x18, Buffer.from("21000101000000Z"))),
    nameOf(subject),
    createPublicKey(key).export({ type: "spki", format: "der" }),
    der(0xa3, sequence(extension)),
  );
  const signature = sign("sha256", unsigned, signedBy);
  return pem("CERTIFICATE", sequence(unsigned, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature]))));
}

function alternativeName(name: string): Buffer {
  return isIP(name) === 4 ? der(0x87, Buffer.from(name.split(".").map(Number))) : der(0x82, Buffer.from(name));
}

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(identifier(COMMON_NAME), der(0x0c, Buffer.from(commonName)))));
}

function identifier(parts: readonly number[]): Buffer {
  const [first = 0, second = 0, ...rest] = parts;
  const bytes = [40 * first + second];
  for (const part of rest) {
    const groups = [part & 0x7f];
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return der(0x06, Buffer.from(bytes));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function pem(label: string, bytes: Buffer): string {
  return `-----BEGIN ${label}-----\n${bytes.toString("base64").replace(/.{64}/g, "$&\n").trim()}\n-----END ${label}-----\n`;
}
