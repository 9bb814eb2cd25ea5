/** Gives requests their colour where they enter. The rules are policy (`TrafficLane` in Istio's YAML); here they are obeyed. */
import { compileField, compileString, type LanePolicy, type Ratio, type RequestMatch } from "@kiteline/policy";

/** What rules may look at. Nothing is asked that no rule needs. */
export interface EdgeRequest {
  /** The path, without the query. */
  readonly path: string;
  /** Names in lower case. */
  header(name: string): string | undefined;
  cookie(name: string): string | undefined;
  query(name: string): string | undefined;
}

export interface ColouringOptions {
  /** 0 <= x < 1, for shares of requests that are not sticky. Defaults to `Math.random`. */
  readonly random?: (() => number) | undefined;
}

type Condition = (request: EdgeRequest) => boolean;

export class Colouring {
  readonly #random: () => number;
  #policies: readonly LanePolicy[] = [];
  #lanes: readonly { readonly lane: string; readonly rules: readonly Condition[] }[] = [];

  constructor(options: ColouringOptions = {}) {
    this.#random = options.random ?? Math.random;
  }

  /** Obeys these from now on: the `lanes` of each snapshot. */
  update(policies: readonly LanePolicy[]): void {
    if (policies === this.#policies) return;
    this.#policies = policies;
    this.#lanes = policies.map(({ lane, rules }) => ({
      lane,
      rules: rules.map(({ match, ratio }) => {
        const conditions = [
          ...(match === undefined ? [] : [anyOf(match)]),
          ...(ratio === undefined ? [] : [shareOf(ratio, lane, this.#random)]),
        ];
        return (request: EdgeRequest) => conditions.every((holds) => holds(request));
      }),
    }));
  }

  /** The first lane of which a rule fits; `undefined` for the baseline. */
  colour(request: EdgeRequest): string | undefined {
    for (const { lane, rules } of this.#lanes) if (rules.some((fits) => fits(request))) return lane;
    return undefined;
  }
}

function anyOf(matches: readonly RequestMatch[]): Condition {
  const conditions = matches.map(({ path, headers = [], cookies = [], query = [] }) => {
    const all: Condition[] = [];
    if (path !== undefined) {
      const holds = compileString(path);
      all.push((request) => holds(request.path));
    }
    for (const field of headers) {
      const name = field.name.toLowerCase();
      const holds = compileField(field);
      all.push((request) => holds(request.header(name)));
    }
    for (const field of cookies) {
      const holds = compileField(field);
      all.push((request) => holds(request.cookie(field.name)));
    }
    for (const field of query) {
      const holds = compileField(field);
      all.push((request) => holds(request.query(field.name)));
    }
    return all;
  });
  return (request) => conditions.some((all) => all.every((holds) => holds(request)));
}

function shareOf({ percent, stickyBy }: Ratio, lane: string, random: () => number): Condition {
  if (stickyBy === undefined) return () => random() * 100 < percent;
  const { kind, name } = stickyBy;
  const lower = name.toLowerCase();
  return (request) => {
    const value = kind === "header" ? request.header(lower) : kind === "cookie" ? request.cookie(name) : request.query(name);
    return value !== undefined && fractionOf(`${lane}\n${value}`) * 100 < percent;
  };
}

/**
 * A number from 0 to below 1 that is the same for the same text everywhere and always: FNV-1a with the finisher of
 * MurmurHash3, which spreads texts that differ only at their ends. The lane is part of the text, so that two lanes
 * do not ask for the same users.
 */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}
