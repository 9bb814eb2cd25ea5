/** Which pages' scripts may call (Fetch Standard, "CORS protocol"). */
import { PreparedFields, type ExtraFields, type Fields } from "@kiteline/http2";
import { ExchangeLayer, type Exchange } from "./exchange.ts";

export interface CorsOptions {
  /** Origins such as `https://shop.example`, or `*` for all there are, or what decides. */
  readonly origins: "*" | readonly string[] | ((origin: string) => boolean);
  /** Whether scripts may send cookies and certificates along, and see the answer. Defaults to false; not with all origins. */
  readonly credentials?: boolean | undefined;
  /** How long browsers need not ask again, in seconds. Defaults to two hours, the most that some take. */
  readonly maxAgeS?: number | undefined;
}

const DEFAULT_MAX_AGE_S = 7200;

/** What is said to an origin that may call. */
export type Allowed = readonly string[];

export class CorsRules {
  readonly maxAgeS: number;
  readonly #options: CorsOptions;

  /** Throws a `TypeError` for options that contradict one another or are of the wrong type. */
  constructor(options: CorsOptions) {
    const { origins, credentials = false, maxAgeS = DEFAULT_MAX_AGE_S } = options;
    const given: unknown = origins;
    if (given !== "*" && typeof given !== "function" && !(Array.isArray(given) && given.every((each) => typeof each === "string")))
      throw new TypeError('cors.origins must be "*", a list of origins such as "https://shop.example", or a function');
    if (Array.isArray(origins)) for (const origin of origins as readonly string[]) requireOrigin(origin);
    if (origins === "*" && credentials) throw new TypeError("cors.credentials needs origins that are named, not *");
    if (!(Number.isInteger(maxAgeS) && maxAgeS >= 0)) throw new TypeError(`cors.maxAgeS must be whole seconds, got ${String(maxAgeS)}`);
    this.#options = options;
    this.maxAgeS = maxAgeS;
  }

  /** What a response says to a page of this origin; `undefined` for those that may not call, and for callers that are no page. */
  allows(origin: string | undefined): Allowed | undefined {
    const { origins, credentials } = this.#options;
    if (origin === undefined) return undefined;
    if (origins === "*") return ["access-control-allow-origin", "*"];
    if (!(typeof origins === "function" ? origins(origin) : origins.includes(origin))) return undefined;
    const allowed = ["access-control-allow-origin", origin, "vary", "origin"];
    if (credentials === true) allowed.push("access-control-allow-credentials", "true");
    return allowed;
  }
}

/** Throws a `TypeError` for what no browser sends as its origin, so that it would allow nobody. */
function requireOrigin(origin: string): void {
  if (origin === "*") throw new TypeError('cors.origins is "*" alone, or a list of origins without it');
  const [known] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+/i.exec(origin) ?? [];
  // Of others than http and https a URL does not tell it.
  const sent = known !== undefined && /^https?:/i.test(known) && URL.canParse(known) ? new URL(known).origin : known;
  if (origin === "null" || origin === sent) return;
  const hint = sent === undefined ? 'such as "https://shop.example"' : `did you mean "${sent}"?`;
  throw new TypeError(`cors.origins has "${origin}", which is not what a browser sends: ${hint}`);
}

const NO_CONTENT = new PreparedFields([[":status", "204"]]);

/** Answers a browser that asks before it calls. Returns whether it was one. */
export function answerPreflight(exchange: Exchange, fields: Fields, cors: CorsRules): boolean {
  if (fields.method !== "OPTIONS" || fields.get("access-control-request-method") === undefined) return false;
  const allowed = cors.allows(fields.get("origin"));
  if (allowed === undefined) {
    exchange.sendHeaders(NO_CONTENT, ["vary", "origin"], true);
    return true;
  }
  // All that it asks for: every field is metadata, or nothing to us.
  const headers = fields.get("access-control-request-headers") ?? "";
  exchange.sendHeaders(
    NO_CONTENT,
    [
      ...allowed,
      "access-control-allow-methods",
      "GET, POST",
      ...(headers === "" ? [] : ["access-control-allow-headers", headers]),
      "access-control-max-age",
      String(cors.maxAgeS),
    ],
    true,
  );
  return true;
}

/** An exchange with a page's script: what its response says, the script may read. */
export class CorsExchange extends ExchangeLayer {
  readonly #allowed: Allowed;

  constructor(inner: Exchange, allowed: Allowed) {
    super(inner);
    this.#allowed = allowed;
  }

  override sendHeaders(fields: PreparedFields, extra: ExtraFields | undefined, end: boolean): void {
    const names = new Set<string>();
    for (const [name] of fields.list) if (!name.startsWith(":")) names.add(name);
    if (extra !== undefined) for (let at = 0; at < extra.length; at += 2) names.add(extra[at] as string);
    super.sendHeaders(fields, [...(extra ?? []), ...this.#allowed, "access-control-expose-headers", [...names].join(", ")], end);
  }
}
