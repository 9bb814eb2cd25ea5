/** A bystander's 99th percentile while somebody attacks the server that it calls, against its own while nobody does. */
import { HTTP2_ATTACKS, THRIFT_ATTACKS, TLS_ATTACKS } from "../attacks/index.ts";
import { Child } from "../child.ts";
import { inBackground } from "../cores.ts";
import { Histogram } from "../histogram.ts";
import { Pair, type Sample } from "../pair.ts";
import type { CaseReport } from "../report.ts";
import { inRounds, medianOf, rangeOf } from "../rounds.ts";
import { COMPILING_MS, type RunOptions } from "./case.ts";

/** How much later the bystander may be answered. */
const AT_MOST = 2;
/** No attack: what measuring twice gives. Where that is far from 1, the machine was too busy for a hundredth of calls to say anything. */
const NOBODY = "nobody";
const AT_MOST_BESIDE_NOBODY = 1.1;
/** No attack either: what as many calls as one client can make cost another client. */
const HONEST = "100 honest callers";
/**
 * Shown, but without a target: a TLS handshake takes 0.3 ms in OpenSSL, which cannot be divided, so that a hundredth of the calls would meet
 * none only if thirty a second were begun, and honest callers need more.
 */
const INDIVISIBLE = "TLS hellos";
const HONEST_CALLERS = 100;
/** Once, so that what everybody has to do has been compiled. */
const FIRST_MS = 100;
/** Of one measurement at most: there are so many. Two or three connections of an attacker who is kept waiting. */
const MOST_MS = 500;
/** For a server to be done with what an attacker has left it. */
const RECOVERY_MS = 3000;

/** Who is attacked, and how. */
const TARGETS = [
  { name: "attacks", protocol: "gRPC", peer: "kiteline-grpc", attacks: HTTP2_ATTACKS },
  { name: "thrift attacks", protocol: "Thrift", peer: "kiteline", attacks: THRIFT_ATTACKS },
  { name: "TLS attacks", protocol: "gRPC in TLS", peer: "kiteline-grpc-tls", attacks: TLS_ATTACKS },
] as const;

/** A bystander's calls during an attack, and those just before. */
export interface Beside {
  readonly alone: Sample;
  readonly attacked: Sample;
  /** Connections that the attacker made; of honest callers none but the first. */
  readonly connectionsPerSecond: number;
}

export async function attacks(options: RunOptions): Promise<CaseReport[]> {
  const reports: CaseReport[] = [];
  for (const { name, protocol, peer, attacks } of TARGETS) {
    const wanted = Object.keys(attacks).filter((each) => options.attacks?.includes(each) !== false);
    if (wanted.length > 0) reports.push(reportOf(name, protocol, await measureAll(peer, wanted, options)));
  }
  return reports;
}

function reportOf(name: string, protocol: string, samples: ReadonlyMap<string, readonly Beside[]>): CaseReport {
  return {
    name,
    title: `one caller over ${protocol}, while one attacker does nothing else but this`,
    columns: { aloneMs: "p99 ms alone", p50Ms: "p50 ms", p99Ms: "p99 ms", maxMs: "max ms", connectionsPerSecond: "attacks/s" },
    rows: [...samples].map(([who, rounds]) => ({
      who,
      values: {
        aloneMs: p99Of(rounds.map(({ alone }) => alone)),
        p50Ms: medianOf(rounds, ({ attacked }) => attacked.p50Ms),
        p99Ms: p99Of(rounds.map(({ attacked }) => attacked)),
        maxMs: Math.max(...rounds.map(({ attacked }) => attacked.maxMs)),
        connectionsPerSecond: medianOf(rounds, (each) => each.connectionsPerSecond),
      },
    })),
    targets: [...samples]
      .filter(([who]) => who !== HONEST && who !== INDIVISIBLE)
      .map(([who, rounds]) => ({
        what: `p99 of a bystander of ${who}${who === NOBODY ? ", the control" : ""}`,
        bound: "at most",
        wanted: who === NOBODY ? AT_MOST_BESIDE_NOBODY : AT_MOST,
        got: slowdown(rounds),
        unit: "x",
      })),
  };
}

/**
 * Of all calls of all rounds: the longest hundredth of one round are a few calls, and whether one more of the machine's pauses falls among
 * them decides. The least and the most are those of rounds all the same.
 */
function slowdown(rounds: readonly Beside[]): { least: number; middle: number; most: number } {
  const middle = p99Of(rounds.map(({ attacked }) => attacked)) / p99Of(rounds.map(({ alone }) => alone));
  const { least, most } = rangeOf(rounds.map(({ attacked, alone }) => attacked.p99Ms / alone.p99Ms));
  return { least, middle, most };
}

function p99Of(samples: readonly Sample[]): number {
  const all = new Histogram();
  for (const { latencies } of samples) if (latencies !== undefined) all.add(latencies);
  return all.percentile(0.99);
}

export async function measureAll(
  peer: string,
  attackNames: readonly string[],
  { rounds, durationMs, warmupMs, cores }: RunOptions,
): Promise<Map<string, Beside[]>> {
  const pair = await Pair.startNode(peer, { connections: 1, bytes: 1024, cores });
  const start = async (name: string, ...given: string[]): Promise<Child> =>
    (await Child.startNode(name, given, cores?.client, inBackground)).child;
  const attacker = await start("attacker", pair.target);
  const honest = await start("peer-process", "client", peer, pair.target, "1", "1024");
  try {
    const measure = async (name: string, forMs: number): Promise<Beside> => {
      await pair.settle(RECOVERY_MS);
      const alone = await pair.closedLoop(1, forMs);
      const calls = name === HONEST ? honest.ask({ ask: "closed", callers: HONEST_CALLERS, durationMs: 2 * forMs }) : undefined;
      await attacker.ask(attackNames.includes(name) ? { attack: name } : {});
      const attacked = await pair.closedLoop(1, forMs);
      const { connections } = await attacker.ask<{ connections: number }>({});
      await calls;
      return { alone, attacked, connectionsPerSecond: (connections / forMs) * 1000 };
    };
    const rows = [NOBODY, HONEST, ...attackNames];
    await pair.closedLoop(HONEST_CALLERS, Math.max(warmupMs, COMPILING_MS));
    await pair.closedLoop(1, warmupMs);
    for (const name of rows) await measure(name, FIRST_MS);
    return await inRounds(new Map(rows.map((name) => [name, () => measure(name, Math.min(durationMs, MOST_MS))])), rounds);
  } finally {
    await honest.stop();
    await attacker.stop();
    await pair.stop();
  }
}
