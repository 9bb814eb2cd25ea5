/** What the router says of a call: shared by all calls that are to be treated alike, never changed. */
import type { Metadata } from "@kiteline/core";
import type { Cluster, ForwardAction, HeaderOperations, RetryPolicy, Route } from "@kiteline/policy";

/** `Group` is what the balancer makes of a list of endpoints. */
export class ChosenRoute<Group> {
  /** The route's name, for people. */
  readonly name: string;
  readonly cluster: Cluster;
  /** Where to look for an endpoint, in this order: a lane, then the baseline. */
  readonly groups: readonly Group[];
  /** The lane that comes first among the groups; `undefined` when only the baseline, or what a route names, is asked. */
  readonly lane: string | undefined;
  /** How long the call may take, all attempts included; `Infinity` when the route does not say. */
  readonly timeoutMs: number;
  /** `undefined` when the route does not say. */
  readonly retry: RetryPolicy | undefined;
  /** What is done to metadata, in this order; empty for most routes. */
  readonly requestHeaders: readonly HeaderOperations[];
  readonly responseHeaders: readonly HeaderOperations[];
  /** The route as the source said it, for what is not said above. */
  readonly policy: Route;
  readonly action: ForwardAction;

  constructor(from: ChosenRouteParts<Group>) {
    this.name = from.policy.name;
    this.cluster = from.cluster;
    this.groups = from.groups;
    this.lane = from.lane;
    this.timeoutMs = from.action.timeoutMs ?? Infinity;
    this.retry = from.action.retry;
    this.requestHeaders = from.requestHeaders;
    this.responseHeaders = from.responseHeaders;
    this.policy = from.policy;
    this.action = from.action;
  }

  /** Changes what a call sends, as the route asks. */
  changeRequest(metadata: Metadata): void {
    applyHeaders(metadata, this.requestHeaders);
  }

  /** Changes what the caller sees of what came back, as the route asks. */
  changeReply(metadata: Metadata): void {
    applyHeaders(metadata, this.responseHeaders);
  }
}

type ChosenRouteParts<Group> = Pick<
  ChosenRoute<Group>,
  "cluster" | "groups" | "lane" | "requestHeaders" | "responseHeaders" | "policy" | "action"
>;

/** Pseudo-headers such as `:authority` are not metadata and stay as they are. */
function applyHeaders(metadata: Metadata, operations: readonly HeaderOperations[]): void {
  for (const { remove, set, add } of operations) {
    if (remove !== undefined) for (const name of remove) metadata.delete(name);
    if (set !== undefined) {
      for (const name in set) {
        metadata.delete(name);
        metadata.append(name, set[name] as string);
      }
    }
    if (add !== undefined) for (const name in add) metadata.append(name, add[name] as string);
  }
}
