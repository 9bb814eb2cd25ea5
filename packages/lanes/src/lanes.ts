/**
 * The colour of calls: how it travels, and which instances belong to it.
 *
 * It travels as the member `lane` of `baggage`, which OpenTelemetry's propagators in any language carry on, and as
 * `x-asm-prefer-tag`, which routes of a mesh can ask for. Workloads belong to the lane that their label `lane` names,
 * and to the baseline without it. A call goes to its lane where that has a healthy instance of the service, else to the
 * baseline, hop by hop and attempt by attempt; its colour stays, so that a later hop may enter the lane again.
 */
import { type Call, Metadata, type MetadataBlock, type Middleware, type ServerCall } from "@kiteline/core";
import type { Endpoint } from "@kiteline/policy";
import { memberOf, withMember } from "./baggage.ts";

/** The member of `baggage`. */
const MEMBER = "lane";
/** The header for routes. */
const HEADER = "x-asm-prefer-tag";
/** The label of workloads. */
const LABEL = "lane";
/** What a label's value may be in Kubernetes: anything else can be no lane, and shall not travel on. */
const LANE = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;

/** A cluster's endpoints by lane; what the router asks for. */
export interface LaneSplit {
  readonly baseline: readonly Endpoint[];
  readonly lanes: ReadonlyMap<string, readonly Endpoint[]>;
}

/** What a server made of a request's carriers, once for all requests that carry the same. */
interface Seen {
  readonly lane: string | undefined;
  /** What calls carry on instead of what came; `undefined` when it is right as it came, `null` for nothing. */
  readonly inherited: Metadata | null | undefined;
}

export interface LanesOptions {
  /** Told when a colour that came is taken away; once for all calls whose metadata is the same. */
  readonly onDropped?: ((lane: string, call: ServerCall) => void) | undefined;
}

/** Remembers what it parsed last: make one per client or server, or one for all of them. */
export class Lanes {
  /** The headers that carry the colour. */
  readonly carriers: readonly string[] = [HEADER, "baggage"];
  #baggage = "";
  #lane: string | undefined;
  readonly #trusted = new SeenBlocks();
  readonly #untrusted = new SeenBlocks();
  readonly #onDropped: LanesOptions["onDropped"];

  constructor(options: LanesOptions = {}) {
    this.#onDropped = options.onDropped;
  }

  /** The colour of a call, from its metadata; baggage counts before the header. */
  laneOf(call: Call): string | undefined {
    const metadata = call.metadataIfAny;
    return metadata === undefined ? undefined : this.laneIn(metadata);
  }

  laneIn(metadata: Metadata): string | undefined {
    let lane: string | undefined;
    for (const { key, value } of metadata.entries()) {
      if (typeof value !== "string") continue;
      if (key === "baggage") {
        const found = this.#laneOfBaggage(value);
        if (found !== undefined) return found;
      } else if (key === HEADER && LANE.test(value)) lane ??= value;
    }
    return lane;
  }

  /** The endpoints of each lane and of none. */
  split(endpoints: readonly Endpoint[]): LaneSplit {
    const baseline: Endpoint[] = [];
    const lanes = new Map<string, Endpoint[]>();
    for (const endpoint of endpoints) {
      const lane = endpoint.labels[LABEL];
      if (lane === undefined || lane === "") {
        baseline.push(endpoint);
        continue;
      }
      const members = lanes.get(lane);
      if (members === undefined) lanes.set(lane, [endpoint]);
      else members.push(endpoint);
    }
    return { baseline, lanes };
  }

  /**
   * The middleware of a server: sees to it that the colour of a request travels on with the calls that are made while
   * handling it. Unless incoming colours are trusted, it takes them away: then only this process gives colours.
   */
  server(options: { readonly trustIncoming: boolean }): Middleware {
    return (next) => (request, call) => {
      this.receive(call as ServerCall, options.trustIncoming);
      return next(request, call);
    };
  }

  /** What `server` does to one call; returns its colour. */
  receive(call: ServerCall, trusted: boolean): string | undefined {
    const { received } = call;
    if (received === undefined) return undefined;
    const known = trusted ? this.#trusted : this.#untrusted;
    let seen = known.get(received);
    if (seen === undefined) {
      seen = this.#see(received, trusted, call);
      known.set(received, seen);
    }
    if (seen.inherited !== undefined) call.inherited = seen.inherited ?? undefined;
    if (!trusted && seen.inherited !== undefined) dropFrom(call.metadata);
    return seen.lane;
  }

  #see(received: MetadataBlock, trusted: boolean, call: ServerCall): Seen {
    const came = Metadata.ofEntries(received.entries);
    const lane = this.laneIn(came);
    const { inherited } = received;
    if (!trusted) {
      if (lane === undefined && !came.has(HEADER)) return { lane: undefined, inherited: undefined };
      if (lane !== undefined) this.#onDropped?.(lane, call);
      return { lane: undefined, inherited: inherited === undefined ? null : withLane(inherited, undefined) };
    }
    if (lane === undefined) return { lane, inherited: undefined };
    const complete = inherited !== undefined && inherited.get(HEADER) === lane && memberOf(inherited.get("baggage") ?? "", MEMBER) === lane;
    return { lane, inherited: complete ? undefined : withLane(inherited, lane) };
  }

  #laneOfBaggage(baggage: string): string | undefined {
    if (baggage !== this.#baggage) {
      const value = memberOf(baggage, MEMBER);
      this.#lane = value !== undefined && LANE.test(value) ? value : undefined;
      this.#baggage = baggage;
    }
    return this.#lane;
  }
}

/** What was made of each block. One after the other, calls mostly bring the same. */
class SeenBlocks {
  readonly #all = new WeakMap<MetadataBlock, Seen>();
  #last: MetadataBlock | undefined;
  #lastSeen: Seen | undefined;

  get(block: MetadataBlock): Seen | undefined {
    if (block === this.#last) return this.#lastSeen;
    const seen = this.#all.get(block);
    if (seen !== undefined) this.#keepLast(block, seen);
    return seen;
  }

  set(block: MetadataBlock, seen: Seen): void {
    this.#all.set(block, seen);
    this.#keepLast(block, seen);
  }

  #keepLast(block: MetadataBlock, seen: Seen): void {
    this.#last = block;
    this.#lastSeen = seen;
  }
}

/**
 * A copy of the metadata that carries this colour, or none. For the options of a call (`metadata`), and for
 * `ServerCall.inherited`, which gives it to all calls made while handling. Throws a `TypeError` for what can be no lane.
 */
export function withLane(metadata: Metadata | undefined, lane: string | undefined): Metadata {
  if (lane !== undefined && !LANE.test(lane)) {
    throw new TypeError(
      `a lane is named as a label is: up to 63 letters, digits, "-", "_" and ".", the first and last a letter or digit; got "${lane}"`,
    );
  }
  const copy = metadata === undefined ? new Metadata() : metadata.clone();
  const scope = copy.entries().find(({ key }) => key === "baggage")?.scope ?? "transient";
  const baggage = withMember(
    copy
      .getAll("baggage")
      .filter((value) => typeof value === "string")
      .join(","),
    MEMBER,
    lane,
  );
  copy.delete("baggage");
  copy.delete(HEADER);
  if (baggage !== undefined) copy.append("baggage", baggage, scope);
  if (lane !== undefined) copy.append(HEADER, lane);
  return copy;
}

function dropFrom(metadata: Metadata): void {
  const plain = withLane(metadata, undefined);
  metadata.delete("baggage");
  metadata.delete(HEADER);
  for (const { key, name, value, scope } of plain) if (key === "baggage") metadata.append(name, value, scope);
}
