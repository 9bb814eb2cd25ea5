/** `VirtualService` (istio.io/docs/reference/config/networking/virtual-service): what it may say. */
import type { Located } from "../place.ts";
import {
  anything,
  boolean,
  checked,
  duration,
  integer,
  list,
  mapOf,
  notYet,
  number,
  oneOf,
  port,
  record,
  required,
  string,
  type Type,
} from "../schema.ts";
import { type StringMatch, stringMatch } from "./string-match.ts";

export interface VirtualService extends Located {
  readonly hosts?: readonly string[];
  readonly gateways?: readonly string[];
  readonly exportTo?: readonly string[];
  readonly http?: readonly HttpRoute[];
  readonly tls?: unknown;
  readonly tcp?: unknown;
}

export interface HttpRoute extends Located {
  readonly name?: string;
  readonly match?: readonly HttpMatch[];
  readonly route?: readonly HttpDestination[];
  readonly redirect?: HttpRedirect;
  readonly directResponse?: HttpDirectResponse;
  readonly delegate?: Delegate;
  readonly rewrite?: HttpRewrite;
  readonly timeout?: number;
  readonly retries?: HttpRetry;
  readonly fault?: HttpFault;
  readonly mirror?: Destination;
  readonly mirrors?: readonly HttpMirror[];
  readonly mirrorPercentage?: Percent;
  readonly mirrorPercent?: number;
  readonly mirror_percent?: number;
  readonly corsPolicy?: unknown;
  readonly headers?: Headers;
}

export interface HttpMatch extends Located {
  readonly name?: string;
  readonly uri?: StringMatch;
  readonly ignoreUriCase?: boolean;
  readonly scheme?: StringMatch;
  readonly method?: StringMatch;
  readonly authority?: StringMatch;
  readonly headers?: Readonly<Record<string, StringMatch>>;
  readonly withoutHeaders?: Readonly<Record<string, StringMatch>>;
  readonly queryParams?: Readonly<Record<string, StringMatch>>;
  readonly port?: number;
  readonly sourceLabels?: Readonly<Record<string, string>>;
  readonly sourceNamespace?: string;
  readonly gateways?: readonly string[];
  readonly statPrefix?: string;
}

export interface Destination extends Located {
  readonly host: string;
  readonly subset?: string;
  readonly port?: PortSelector;
}

export interface PortSelector extends Located {
  readonly number: number;
}

export interface HttpDestination extends Located {
  readonly destination: Destination;
  readonly weight?: number;
  readonly headers?: Headers;
}

export interface Headers extends Located {
  readonly request?: HeaderOperations;
  readonly response?: HeaderOperations;
}

export interface HeaderOperations extends Located {
  readonly set?: Readonly<Record<string, string>>;
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

export interface HttpRetry extends Located {
  readonly attempts?: number;
  readonly perTryTimeout?: number;
  readonly retryOn?: string;
  readonly retryRemoteLocalities?: boolean;
  readonly retryIgnorePreviousHosts?: boolean;
  readonly backoff?: number;
}

export interface HttpRedirect extends Located {
  readonly uri?: string;
  readonly authority?: string;
  readonly scheme?: string;
  readonly port?: number;
  readonly derivePort?: string;
  readonly prefixRewrite?: string;
  readonly redirectCode?: number;
}

export interface HttpDirectResponse extends Located {
  readonly status: number;
  readonly body?: { readonly string?: string; readonly bytes?: string };
}

export interface Delegate extends Located {
  readonly name?: string;
  readonly namespace?: string;
}

export interface HttpRewrite extends Located {
  readonly uri?: string;
  readonly authority?: string;
  readonly uriRegexRewrite?: { readonly match?: string; readonly rewrite?: string };
}

export interface HttpFault extends Located {
  readonly delay?: {
    readonly fixedDelay?: number;
    readonly exponentialDelay?: number;
    readonly percentage?: Percent;
    readonly percent?: number;
  };
  readonly abort?: {
    readonly httpStatus?: number;
    readonly grpcStatus?: string;
    readonly http2Error?: string;
    readonly percentage?: Percent;
  };
}

export interface HttpMirror extends Located {
  readonly destination: Destination;
  readonly percentage?: Percent;
}

export interface Percent extends Located {
  readonly value?: number;
}

const percent: Type<Percent> = record<Percent>({ value: number(0, 100) });
const strings: Type<Readonly<Record<string, string>>> = mapOf(string);

const destination: Type<Destination> = record<Destination>({
  host: required(string),
  subset: string,
  port: record<PortSelector>({ number: required(port) }),
});

/** Set on the request, these name its target instead of being a header. */
const isPseudo = (name: string): boolean => name.startsWith(":") || name.toLowerCase() === "host";
const plainHeaders: Type<Readonly<Record<string, string>>> = checked(strings, (headers) => {
  const pseudo = Object.keys(headers).find(isPseudo);
  return pseudo === undefined ? undefined : `"${pseudo}" names the target and cannot be changed yet; other headers can`;
});
const operations: Type<HeaderOperations> = record<HeaderOperations>({ set: plainHeaders, add: plainHeaders, remove: list(string) });
const headers: Type<Headers> = record<Headers>({ request: operations, response: operations });

const httpMatch: Type<HttpMatch> = record<HttpMatch>({
  name: string,
  uri: stringMatch,
  ignoreUriCase: boolean,
  scheme: stringMatch,
  method: stringMatch,
  authority: stringMatch,
  headers: mapOf(stringMatch),
  withoutHeaders: mapOf(stringMatch),
  queryParams: mapOf(stringMatch),
  port,
  sourceLabels: strings,
  sourceNamespace: string,
  gateways: list(string),
  statPrefix: notYet(string),
});

const httpRoute: Type<HttpRoute> = record<HttpRoute>(
  {
    name: string,
    match: list(httpMatch),
    route: list(record<HttpDestination>({ destination: required(destination), weight: integer(0, 2_147_483_647), headers })),
    redirect: record<HttpRedirect>({
      uri: string,
      authority: string,
      scheme: string,
      port,
      derivePort: oneOf("FROM_PROTOCOL_DEFAULT", "FROM_REQUEST_PORT"),
      prefixRewrite: string,
      redirectCode: integer(300, 399),
    }),
    directResponse: record<HttpDirectResponse>({
      status: required(integer(100, 599)),
      body: record<NonNullable<HttpDirectResponse["body"]>>({ string, bytes: string }),
    }),
    delegate: record<Delegate>({ name: string, namespace: string }),
    rewrite: notYet(
      record<HttpRewrite>({
        uri: string,
        authority: string,
        uriRegexRewrite: record<NonNullable<HttpRewrite["uriRegexRewrite"]>>({ match: string, rewrite: string }),
      }),
    ),
    timeout: duration,
    retries: record<HttpRetry>(
      {
        attempts: integer(0, 2_147_483_647),
        perTryTimeout: duration,
        retryOn: string,
        retryRemoteLocalities: notYet(boolean),
        retryIgnorePreviousHosts: boolean,
        backoff: duration,
      },
      (retries) => {
        const idle = Object.keys(retries).find((key) => key !== "attempts" && key !== "place");
        if ((retries.attempts ?? 0) > 0 || idle === undefined) return undefined;
        return `"${idle}" needs attempts of more than 0: without any, calls are not retried`;
      },
    ),
    fault: notYet(
      record<HttpFault>({
        delay: record<NonNullable<HttpFault["delay"]>>({
          fixedDelay: duration,
          exponentialDelay: duration,
          percentage: percent,
          percent: integer(0, 100),
        }),
        abort: record<NonNullable<HttpFault["abort"]>>({
          httpStatus: integer(200, 600),
          grpcStatus: string,
          http2Error: string,
          percentage: percent,
        }),
      }),
    ),
    mirror: notYet(destination),
    mirrors: notYet(list(record<HttpMirror>({ destination: required(destination), percentage: percent }))),
    mirrorPercentage: notYet(percent),
    mirrorPercent: notYet(integer(0, 100)),
    mirror_percent: notYet(integer(0, 100)),
    corsPolicy: notYet(anything),
    headers,
  },
  ({ route = [], redirect, directResponse, delegate }) => {
    const actions = [
      route.length > 0 && "route",
      redirect && "redirect",
      directResponse && "directResponse",
      delegate && "delegate",
    ].filter((each) => each);
    if (actions.length === 0) return "expected one of route, redirect, directResponse, delegate, got none";
    if (actions.length > 1) return `expected one of route, redirect, directResponse, delegate, got ${actions.join(" and ")}`;
    if (route.length > 1 && route.every(({ weight = 0 }) => weight === 0))
      return "expected weights of more than 0 where there are several destinations, got none";
    return undefined;
  },
);

export const virtualService: Type<VirtualService> = record<VirtualService>({
  hosts: list(string),
  gateways: list(string),
  exportTo: list(string),
  http: list(httpRoute),
  tls: notYet(anything),
  tcp: notYet(anything),
});
