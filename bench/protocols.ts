/** What `--protocol` means to the echo programs: which peer of `peers.ts` they are an end of. */
import type { Peer } from "./peer.ts";
import { loadPeer } from "./peers.ts";

const PROTOCOLS: Readonly<Record<string, string>> = { thrift: "kiteline", grpc: "kiteline-grpc" };

/** Rejects with a `RangeError` for a protocol that is not spoken. */
export async function peerOf(protocol: string | undefined): Promise<Peer> {
  const name = protocol === undefined ? undefined : PROTOCOLS[protocol];
  if (name === undefined) throw new RangeError(`--protocol must be one of ${Object.keys(PROTOCOLS).join(", ")}, got ${String(protocol)}`);
  return await loadPeer(name);
}
