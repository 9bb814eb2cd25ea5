/** The attacks by what they are called in reports. Made when first asked for: some are megabytes. */
import type { Attack } from "./attack.ts";
import { HTTP2_ATTACKS } from "./http2.ts";
import { THRIFT_ATTACKS } from "./thrift.ts";

export { HTTP2_ATTACKS, THRIFT_ATTACKS };

const ALL: Readonly<Record<string, () => Attack>> = { ...HTTP2_ATTACKS, ...THRIFT_ATTACKS };
const made = new Map<string, Attack>();

export function findAttack(name: string): Attack {
  const make = ALL[name];
  if (make === undefined) throw new RangeError(`there is no attack "${name}"; there are ${Object.keys(ALL).join(", ")}`);
  const attack = made.get(name) ?? make();
  made.set(name, attack);
  return attack;
}
