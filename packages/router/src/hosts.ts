/** Which virtual host a target belongs to: the one whose domain fits it best, as Envoy and gRPC decide it. */
import type { TargetName, VirtualHost } from "@kiteline/policy";

/**
 * An exact domain comes before `*.suffix`, that before `prefix.*`, and `*` comes last; of two of one kind the longer
 * wins; of two that are equal the one that names the target's port.
 */
export function findHost(hosts: readonly VirtualHost[], target: TargetName): VirtualHost | undefined {
  let best: VirtualHost | undefined;
  let bestFit = 0;
  for (const host of hosts) {
    if (target.port !== undefined && host.port !== undefined && host.port !== target.port) continue;
    for (const domain of host.domains) {
      const fit = fitOf(domain, target.host) * 2 + (host.port === undefined ? 0 : 1);
      if (fit > bestFit && fit > 1) {
        best = host;
        bestFit = fit;
      }
    }
  }
  return best;
}

const EXACT = 3_000_000;
const SUFFIX = 2_000_000;
const PREFIX = 1_000_000;

/** 0 when the domain does not fit. */
function fitOf(domain: string, host: string): number {
  if (domain === host) return EXACT;
  if (domain === "*") return 1;
  if (domain.startsWith("*")) return domain.length <= host.length && host.endsWith(domain.slice(1)) ? SUFFIX + domain.length : 0;
  if (domain.endsWith("*")) return domain.length <= host.length && host.startsWith(domain.slice(0, -1)) ? PREFIX + domain.length : 0;
  return 0;
}

/** The ports under which a host is known, for texts. */
export function portsOf(hosts: readonly VirtualHost[], host: string): number[] {
  const ports = new Set<number>();
  for (const each of hosts) if (each.port !== undefined && each.domains.some((domain) => fitOf(domain, host) > 0)) ports.add(each.port);
  return [...ports].sort((a, b) => a - b);
}
