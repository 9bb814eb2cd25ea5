/**
 * Names to addresses. Lies over another source: what that delivers passes through, with each endpoint of a cluster that
 * is to be resolved replaced by endpoints for the addresses its name has. Without such clusters it adds nothing.
 *
 * Names are looked up again when their time is over, and sooner when somebody asks because a connection failed. A name
 * that cannot be looked up keeps the addresses it had; one that never had any is left as it is, for whoever connects
 * to try.
 */
import { type Clock, consoleLog, type Log, runOutsideCall, systemClock, type Timer } from "@kiteline/core";
import { type Cluster, type Endpoint, isIpAddress, share, type Snapshot, type Source, type Subscription } from "@kiteline/policy";
import { Publisher } from "./publisher.ts";

/** How long a snapshot waits for a name that nobody answers for, in ms: less than clients wait for their first. Servers that are gone take a resolver half a minute. */
const PATIENCE_MS = 1000;

/** The addresses of a name, in the order of preference; at least one. */
export type Lookup = (name: string) => Promise<readonly string[]>;

export interface DnsOptions {
  /** Defaults to what the operating system says of the name, as every connection of Node's does. */
  readonly lookup?: Lookup | undefined;
  /** How long an answer is good, in ms. Defaults to 60,000, which is Istio's `dnsRefreshRate`. */
  readonly ttlMs?: number | undefined;
  /** How soon after an answer a failed connection may ask again, in ms. Defaults to 1,000. */
  readonly minIntervalMs?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly log?: Log | undefined;
}

/** Closing it closes the source beneath. */
export function resolveNames(source: Source, options: DnsOptions = {}): Source {
  return new Resolving(source, options);
}

interface Name {
  addresses: readonly string[] | undefined;
  askedMs: number;
  asking: boolean;
}

class Resolving extends Publisher {
  readonly #source: Source;
  readonly #subscription: Subscription;
  readonly #lookup: Lookup;
  readonly #ttlMs: number;
  readonly #minIntervalMs: number;
  readonly #clock: Clock;
  readonly #log: Log;
  #names = new Map<string, Name>();
  #below: Snapshot | undefined;
  #timer: Timer | undefined;
  #patience: Timer | undefined;
  /** How often an answer differed from the one before. */
  #changes = 0;

  constructor(source: Source, options: DnsOptions) {
    super();
    this.#source = source;
    this.#lookup = options.lookup ?? systemLookup;
    this.#ttlMs = options.ttlMs ?? 60_000;
    this.#minIntervalMs = options.minIntervalMs ?? 1000;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? consoleLog;
    this.#subscription = source.subscribe((snapshot) => this.#receive(snapshot));
    // A source that ends without a snapshot ends this one too.
    source.ready().catch(() => this.close());
  }

  override refresh(): void {
    this.#source.refresh();
    this.#ask(this.#minIntervalMs);
  }

  override close(): void {
    super.close();
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#patience?.cancel();
    this.#subscription.close();
    this.#source.close();
  }

  #receive(snapshot: Snapshot): void {
    this.#below = snapshot;
    const names = new Map<string, Name>();
    for (const cluster of Object.values(snapshot.clusters)) {
      for (const name of namesOf(cluster))
        names.set(name, this.#names.get(name) ?? { addresses: undefined, askedMs: -Infinity, asking: false });
    }
    this.#names = names;
    if (names.size === 0) {
      this.#timer?.cancel();
      this.#timer = undefined;
      this.publish(snapshot);
      return;
    }
    this.#ask(this.#ttlMs);
    this.#publishWhenKnown();
    this.#schedule();
  }

  /** Looks up the names whose answers are older than this. */
  #ask(olderThanMs: number): void {
    if (this.closed) return;
    const nowMs = this.#clock.now();
    for (const [text, name] of this.#names) {
      if (name.asking || nowMs - name.askedMs < olderThanMs) continue;
      name.asking = true;
      name.askedMs = nowMs;
      runOutsideCall(() => void this.#resolve(text, name));
    }
  }

  async #resolve(text: string, name: Name): Promise<void> {
    let addresses: readonly string[] | undefined;
    try {
      addresses = await this.#lookup(text);
      if (addresses.length === 0) throw new Error("the answer has no address");
    } catch (error) {
      const then = name.addresses === undefined ? "connections will try by name" : `it keeps ${name.addresses.join(", ")}`;
      if (!this.closed) this.#log({ level: "warn", message: `the name ${text} could not be resolved; ${then}`, error });
      addresses = name.addresses ?? [text];
    }
    name.asking = false;
    // Servers turn the order round with each answer, which says nothing.
    if (name.addresses !== undefined && sorted(name.addresses) === sorted(addresses)) return;
    name.addresses = addresses;
    this.#changes++;
    this.#publishWhenKnown();
  }

  /** A snapshot waits until each of its names has been asked for once, so that it is complete, but for none of them long. */
  #publishWhenKnown(): void {
    const below = this.#below;
    if (below === undefined || this.closed) return;
    for (const name of this.#names.values()) {
      if (name.addresses !== undefined) continue;
      this.#patience ??= this.#clock.after(PATIENCE_MS, () => this.#goOnWithout());
      return;
    }
    const clusters = Object.fromEntries(Object.entries(below.clusters).map(([key, cluster]) => [key, this.#resolved(cluster)]));
    this.publish(share(this.current, { ...below, clusters, version: `${below.version}+${this.#changes}` }));
  }

  /** One name without an answer must not keep back what changed elsewhere: until it comes, connections try by name. */
  #goOnWithout(): void {
    this.#patience = undefined;
    const nowMs = this.#clock.now();
    for (const [text, name] of this.#names) {
      if (name.addresses !== undefined || nowMs - name.askedMs < PATIENCE_MS) continue;
      this.#log({ level: "warn", message: `the name ${text} has not been resolved in ${PATIENCE_MS} ms; connections will try by name` });
      name.addresses = [text];
    }
    this.#publishWhenKnown();
  }

  #resolved(cluster: Cluster): Cluster {
    if (namesOf(cluster).length === 0) return cluster;
    const endpoints = cluster.endpoints.flatMap((endpoint): Endpoint[] => {
      const addresses = this.#names.get(endpoint.address)?.addresses ?? [endpoint.address];
      const used = cluster.resolution === "dns_first" ? addresses.slice(0, 1) : addresses;
      return used.map((address) => (address === endpoint.address ? endpoint : { ...endpoint, address }));
    });
    return { ...cluster, endpoints };
  }

  #schedule(): void {
    this.#timer ??= this.#clock.after(this.#ttlMs, () => {
      this.#timer = undefined;
      this.#ask(0);
      this.#schedule();
    });
  }
}

function namesOf(cluster: Cluster): string[] {
  if (cluster.resolution !== "dns" && cluster.resolution !== "dns_first") return [];
  return cluster.endpoints.map(({ address }) => address).filter((address) => !address.startsWith("unix:") && !isIpAddress(address));
}

function sorted(addresses: readonly string[]): string {
  return [...addresses].sort().join();
}

/** Of a host with addresses of both kinds, each is reached by either: IPv4, as Istio looks them up, else IPv6. */
async function systemLookup(name: string): Promise<readonly string[]> {
  const { lookup } = await import("node:dns/promises"); // programs that are told addresses never pay for it
  const answers = await lookup(name, { all: true });
  const v4 = answers.filter(({ family }) => family === 4);
  return (v4.length > 0 ? v4 : answers).map(({ address }) => address);
}
