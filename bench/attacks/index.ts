/** The attacks by what they are called in reports. Made when first asked for: some are megabytes. */
import type { Attack } from "./attack.ts";
import { HTTP2_ATTACKS } from "./http2.ts";
import { THRIFT_ATTACKS } from "./thrift.ts";
import { TLS_ATTACKS } from "./tls.ts";

export { HTTP2_ATTACKS, THRIFT_ATTACKS, TLS_ATTACKS };

export const ATTACKS: Readonly<Record<string, () => Attack>> = { ...HTTP2_ATTACKS, ...THRIFT_ATTACKS, ...TLS_ATTACKS };
const made = new Map<string, Attack>();

export function findAttack(name: string): Attack {
  const make = ATTACKS[name];
  if (make === undefined) throw new RangeError(`there is no attack "${name}"; there are ${Object.keys(ATTACKS).join(", ")}`);
  const attack = made.get(name) ?? make();
  made.set(name, attack);
  return attack;
}
