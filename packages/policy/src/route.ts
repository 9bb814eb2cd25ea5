/** What happens to a call whose target is a virtual host: the first route that matches says where it goes and how. */
import type { RequestMatch } from "./match.ts";

/** The routes of a host, or of several that share them. */
export interface VirtualHost {
  /** For people: in texts and logs. */
  readonly name: string;
  /** `reviews`, `reviews.default.svc.cluster.local`, `*.example.com`, `example.*` or `*`, in lower case. The longest that fits a target wins. */
  readonly domains: readonly string[];
  /** The port of the targets it is for; any port when left out. */
  readonly port?: number | undefined;
  /** In order: the first that matches is taken. */
  readonly routes: readonly Route[];
  readonly requestHeaders?: HeaderOperations | undefined;
  readonly responseHeaders?: HeaderOperations | undefined;
}

export interface Route {
  /** For people: span names, logs, `CallInfo.route`. */
  readonly name: string;
  readonly match: RequestMatch;
  readonly action: RouteAction;
  readonly requestHeaders?: HeaderOperations | undefined;
  readonly responseHeaders?: HeaderOperations | undefined;
  readonly fault?: Fault | undefined;
}

export type RouteAction = ForwardAction | RedirectAction | DirectResponseAction;

/** Calls one of the destinations. */
export interface ForwardAction {
  readonly kind: "forward";
  /** At least one; chosen in proportion to the weights. */
  readonly destinations: readonly Destination[];
  /** How long the call may take, all attempts included; the caller's deadline still binds when it is earlier. */
  readonly timeoutMs?: number | undefined;
  /** Left out: the caller's own. */
  readonly retry?: RetryPolicy | undefined;
  readonly rewrite?: Rewrite | undefined;
  readonly mirrors?: readonly Mirror[] | undefined;
  /** What consistent hashing hashes: the first of these that the call has. */
  readonly hash?: readonly HashSource[] | undefined;
}

export interface Destination {
  /** The name of a cluster in the same snapshot. */
  readonly cluster: string;
  /** Relative to the other destinations; more than 0. */
  readonly weight: number;
  readonly requestHeaders?: HeaderOperations | undefined;
  readonly responseHeaders?: HeaderOperations | undefined;
}

/** Sends the caller elsewhere; a call cannot follow and fails. */
export interface RedirectAction {
  readonly kind: "redirect";
  /** An HTTP status. */
  readonly status: number;
  /** Where to, for people. */
  readonly location: string;
}

/** Answers at once. */
export interface DirectResponseAction {
  readonly kind: "direct_response";
  /** An HTTP status. */
  readonly status: number;
  readonly body: string;
}

/** Applied in this order: remove, set, add. Names in lower case. */
export interface HeaderOperations {
  readonly set?: Readonly<Record<string, string>> | undefined;
  readonly add?: Readonly<Record<string, string>> | undefined;
  readonly remove?: readonly string[] | undefined;
}

/** Envoy's names for what may be tried again. */
export const RETRY_CONDITIONS = [
  "5xx",
  "gateway-error",
  "reset",
  "reset-before-request",
  "connect-failure",
  "retriable-4xx",
  "refused-stream",
  "retriable-status-codes",
  "retriable-headers",
  "envoy-ratelimited",
  "http3-post-connect-failure",
  "cancelled",
  "deadline-exceeded",
  "internal",
  "resource-exhausted",
  "unavailable",
] as const;

export type RetryCondition = (typeof RETRY_CONDITIONS)[number];

export interface RetryPolicy {
  /** Attempts beyond the first; 0 forbids them. */
  readonly retries: number;
  readonly on: readonly RetryCondition[];
  /** HTTP statuses that `retriable-status-codes` means. */
  readonly statusCodes?: readonly number[] | undefined;
  /** How long one attempt may take; the rest of the call's time when left out. */
  readonly perTryTimeoutMs?: number | undefined;
  /** A wait before retry n, at random between 0 and the smaller of `maxMs` and `baseMs` * (2^n - 1). */
  readonly backoff?: { readonly baseMs: number; readonly maxMs: number } | undefined;
  /** Whether endpoints already tried are tried again only when there is no other. Defaults to true. */
  readonly avoidTried?: boolean | undefined;
}

export interface Rewrite {
  /** Replaces the path, or the prefix that matched. */
  readonly path?: string | undefined;
  readonly pathRegex?: { readonly match: string; readonly replacement: string } | undefined;
  readonly authority?: string | undefined;
}

/** Sends a copy whose answer nobody waits for. */
export interface Mirror {
  readonly cluster: string;
  /** 0 to 100. */
  readonly percent: number;
}

export interface Fault {
  readonly delay?: { readonly percent: number; readonly delayMs: number } | undefined;
  readonly abort?:
    | { readonly percent: number; readonly httpStatus?: number | undefined; readonly grpcStatus?: number | undefined }
    | undefined;
}

export type HashSource =
  | { readonly kind: "header"; readonly name: string }
  | { readonly kind: "cookie"; readonly name: string; readonly path?: string | undefined; readonly ttlMs?: number | undefined }
  | { readonly kind: "query"; readonly name: string }
  | { readonly kind: "source_ip" };
