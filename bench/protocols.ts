/** What `--protocol` means to the echo programs: which peer of this repository they are an end of. */
import { kiteline } from "./peers/kiteline.ts";
import type { Peer } from "./peer.ts";

const PROTOCOLS: Readonly<Record<string, Peer>> = { thrift: kiteline };

/** Throws a `RangeError` for a protocol that is not spoken. */
export function peerOf(protocol: string | undefined): Peer {
  const peer = protocol === undefined ? undefined : PROTOCOLS[protocol];
  if (peer === undefined) throw new RangeError(`--protocol must be one of ${Object.keys(PROTOCOLS).join(", ")}, got ${String(protocol)}`);
  return peer;
}
