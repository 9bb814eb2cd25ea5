/** One route, compiled: its conditions as functions, and for each destination the route object that calls will get. */
import { type Call, codeOfHttp, type Metadata, RpcError } from "@kiteline/core";
import {
  type Cluster,
  compileString,
  type Destination,
  type ForwardAction,
  type HeaderOperations,
  isAnyPath,
  type Route,
  type VirtualHost,
} from "@kiteline/policy";
import { ChosenRoute } from "./chosen-route.ts";
import { cookieOf, headerOf } from "./headers.ts";
import type { LaneRules } from "./lane-rules.ts";

/** The groups of a cluster, made once per snapshot and shared by all routes. */
export interface ClusterGroups<Group> {
  readonly cluster: Cluster;
  /** All endpoints. */
  readonly all: Group;
  /** Those of no lane; the same as `all` when there are no others. */
  readonly baseline: Group;
  /** By lane; `undefined` when no endpoint is in a lane, or lanes are off. */
  readonly lanes: ReadonlyMap<string, Group> | undefined;
}

export interface RuleContext<Group> {
  readonly host: VirtualHost;
  readonly lanes: LaneRules | undefined;
  readonly random: () => number;
  /** `undefined` when the snapshot has no such cluster. */
  groupsOf(cluster: string): ClusterGroups<Group> | undefined;
}

export class Rule<Group> {
  /** `undefined` when any path will do. */
  readonly path: ((path: string) => boolean) | undefined;
  readonly #conditions: readonly ((metadata: Metadata | undefined) => boolean)[];
  readonly #choices: readonly Choice<Group>[];
  readonly #total: number;
  readonly #lanes: LaneRules | undefined;
  readonly #random: () => number;

  constructor(route: Route, context: RuleContext<Group>) {
    const { path, headers = [], cookies = [] } = route.match;
    this.path = path === undefined || isAnyPath(path) ? undefined : compileString(path);
    this.#conditions = [...headers.map((field) => headerOf(field)), ...cookies.map((field) => cookieOf(field))];
    this.#choices = choicesOf(route, context);
    this.#total = this.#choices.at(-1)?.until ?? 0;
    this.#lanes = context.lanes;
    this.#random = context.random;
  }

  /** Whether it asks nothing of the metadata. */
  get unconditional(): boolean {
    return this.#conditions.length === 0;
  }

  /** The one route that every call gets; `undefined` when that depends on the call. */
  get fixed(): ChosenRoute<Group> | undefined {
    const only = this.#choices[0] as Choice<Group>;
    return this.#choices.length === 1 && only.byLane === undefined ? only.route : undefined;
  }

  matches(metadata: Metadata | undefined): boolean {
    for (const holds of this.#conditions) if (!holds(metadata)) return false;
    return true;
  }

  /** Throws an `RpcError` when the route leads nowhere. */
  choose(call: Call): ChosenRoute<Group> {
    let choice = this.#choices[0] as Choice<Group>;
    if (this.#choices.length > 1) {
      const at = this.#random() * this.#total;
      for (choice of this.#choices) if (at < choice.until) break;
    }
    const { route, byLane } = choice;
    if (route === undefined) throw choice.failure(call);
    if (byLane === undefined) return route;
    const lane = (this.#lanes as LaneRules).laneOf(call);
    return lane === undefined ? route : (byLane.get(lane) ?? route);
  }
}

/** A destination: one route for calls without a colour, one for each lane that has instances. */
interface Choice<Group> {
  /** The sum of the weights up to and with this one. */
  readonly until: number;
  /** `undefined` when the destination leads nowhere. */
  readonly route: ChosenRoute<Group> | undefined;
  readonly byLane: ReadonlyMap<string, ChosenRoute<Group>> | undefined;
  /** Why it leads nowhere. */
  failure(call: Call): RpcError;
}

function choicesOf<Group>(route: Route, context: RuleContext<Group>): Choice<Group>[] {
  const { action } = route;
  const where = `route ${route.name} of ${context.host.name}`;
  switch (action.kind) {
    case "forward": {
      let until = 0;
      if (action.destinations.length === 0) return [nowhere(0, (call) => refusal("unavailable", `${where} has no destination`, call))];
      return action.destinations.map((destination) => {
        until += destination.weight;
        return choiceOf(route, action, destination, until, where, context);
      });
    }
    case "redirect":
      return [nowhere(1, (call) => refusal("unavailable", `${where} redirects to ${action.location}, where a call cannot follow`, call))];
    case "direct_response": {
      const { status, body } = action;
      const code = status < 400 ? "unavailable" : codeOfHttp(status);
      return [nowhere(1, (call) => refusal(code, `${where} answers by itself with HTTP ${status}${body === "" ? "" : `: ${body}`}`, call))];
    }
  }
}

function choiceOf<Group>(
  route: Route,
  action: ForwardAction,
  destination: Destination,
  until: number,
  where: string,
  context: RuleContext<Group>,
): Choice<Group> {
  const groups = context.groupsOf(destination.cluster);
  if (groups === undefined) {
    return nowhere(until, (call) => refusal("unavailable", `${where} leads to ${destination.cluster}, which does not exist`, call));
  }
  const toGroups = (list: readonly Group[], lane: string | undefined): ChosenRoute<Group> =>
    new ChosenRoute({
      cluster: groups.cluster,
      groups: list,
      lane,
      policy: route,
      action,
      requestHeaders: present(destination.requestHeaders, route.requestHeaders, context.host.requestHeaders),
      responseHeaders: present(destination.responseHeaders, route.responseHeaders, context.host.responseHeaders),
    });
  if (groups.lanes === undefined) return { until, route: toGroups([groups.all], undefined), byLane: undefined, failure: unreachable };
  if (choosesLaneItself(route, groups.cluster, context.lanes)) {
    return { until, route: toGroups([groups.all], undefined), byLane: undefined, failure: unreachable };
  }
  const byLane = new Map<string, ChosenRoute<Group>>();
  for (const [lane, group] of groups.lanes) byLane.set(lane, toGroups([group, groups.baseline], lane));
  return { until, route: toGroups([groups.baseline], undefined), byLane, failure: unreachable };
}

/** Whoever names a subset, or asks for the colour, has said which instances are meant: that wins over labels. */
function choosesLaneItself(route: Route, cluster: Cluster, lanes: LaneRules | undefined): boolean {
  if (cluster.subset !== undefined) return true;
  return (route.match.headers ?? []).some(({ name }) => lanes?.carriers.includes(name.toLowerCase()));
}

function nowhere(until: number, failure: (call: Call) => RpcError): Choice<never> {
  return { until, route: undefined, byLane: undefined, failure };
}

function unreachable(): RpcError {
  return new RpcError("internal", "a destination that exists was taken for one that does not");
}

/** Nothing was sent, and another attempt would be told the same. */
export function refusal(code: RpcError["code"], message: string, call: Call): RpcError {
  return new RpcError(code, message, { executed: "no", retriable: false, method: call.method.fullName });
}

function present(...operations: (HeaderOperations | undefined)[]): HeaderOperations[] {
  return operations.filter((each) => each !== undefined);
}
