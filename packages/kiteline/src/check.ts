/** Checks of option values, made once when a client or server is built, but for those of a call. */
import { nearest, type CallOptions, type Clock, type ServiceDescription } from "@kiteline/core";
import { shown } from "@kiteline/net/start";
import type { MessageLimits } from "./message-limits.ts";

/** Throws a `RangeError` that names the option, the bounds and what came. */
export function requireBetween(name: string, value: number, least: number, most: number): number {
  if (typeof value !== "number" || !(value >= least && value <= most)) {
    throw new RangeError(`${name} must be a number between ${least} and ${most}, got ${shown(value)}`);
  }
  return value;
}

/** The same for what is counted. */
export function requireWhole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} must be a whole number between ${least} and ${most}, got ${shown(value)}`);
}

/** Throws a `TypeError` that names the option and its values. */
export function requireOneOf<T extends string>(name: string, value: T, values: readonly T[]): T {
  if (!values.includes(value)) throw new TypeError(`${name} must be one of ${values.join(", ")}, got ${shown(value)}`);
  return value;
}

/** Throws a `TypeError` with what was expected unless it is an object. */
export function requireOptions(options: unknown, expected: string): void {
  if (typeof options !== "object" || options === null) throw new TypeError(`${expected}, got ${shown(options)}`);
}

/** The names of the options of one kind. A record, so that the compiler tells when one is missing. */
export type OptionNames<T> = Readonly<Record<keyof T, true>>;

/** Throws a `TypeError` for an option that `what` does not have: a slip would otherwise be a setting that is not obeyed. */
export function requireKnown<T extends object>(what: string, options: T, names: Readonly<Record<keyof T, unknown>>): void {
  const known = Object.keys(names);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    throw new TypeError(`${what} no option "${name}": ${meant === undefined ? `there are ${known.join(", ")}` : `did you mean ${meant}?`}`);
  }
}

/** Throws a `TypeError` for what generated code or `genericService` did not make. */
export function requireDescription(description: ServiceDescription): void {
  const { name, methods } = (description ?? {}) as Partial<ServiceDescription>;
  if (typeof name === "string" && typeof methods === "object") return;
  throw new TypeError("expected the description of a service, such as `kiteline gen` writes into the file of its IDL");
}

/** Throws a `TypeError` for an option that is given and of another type. */
export function requireType(name: string, value: unknown, type: "function" | "boolean" | "string" | "object"): void {
  if (value === undefined || (typeof value === type && value !== null)) return;
  throw new TypeError(`${name} must be ${type === "object" ? "an" : "a"} ${type}, got ${shown(value)}`);
}

/** Throws a `TypeError` unless it is a clock. */
export function requireClock(clock: Clock | undefined): void {
  if (clock !== undefined && (typeof clock?.now !== "function" || typeof clock.after !== "function")) {
    throw new TypeError(`clock must be a Clock, with now() and after(), got ${shown(clock)}`);
  }
}

/** Throws a `TypeError` unless it is a list of what is expected; none is an empty one. */
export function requireList<T extends object>(name: string, list: readonly T[] = [], type: "function" | "object"): readonly T[] {
  const given: unknown = list;
  if (!Array.isArray(given)) throw new TypeError(`${name} must be a list of ${type}s, got ${shown(given)}`);
  const at = given.findIndex((each: unknown) => typeof each !== type || each === null);
  if (at !== -1) throw new TypeError(`${name}[${at}] must be ${type === "object" ? "an" : "a"} ${type}, got ${shown(given[at])}`);
  return list;
}

/**
 * Throws a `TypeError` for an option that calls do not have and for one of another kind than it must be. Every call that has
 * options passes here, so it looks at names and little else.
 */
export function checkCallOptions(options: CallOptions): void {
  if (typeof options !== "object" || (options as unknown) === null)
    requireOptions(options, "the last argument of a stub is options, such as { timeoutMs: 500 }");
  for (const name in options) {
    switch (name as keyof CallOptions) {
      case "timeoutMs":
        if (typeof options.timeoutMs !== "number" || Number.isNaN(options.timeoutMs)) requireMilliseconds(options.timeoutMs);
        break;
      case "signal":
        if (options.signal !== undefined && typeof options.signal?.addEventListener !== "function") {
          throw wrong("signal", "an AbortSignal", options.signal);
        }
        break;
      case "info":
        if (options.info !== undefined && options.info?.reply === undefined) throw wrong("info", "a CallInfo", options.info);
        break;
      case "parent":
        if (options.parent !== undefined && options.parent !== null && typeof options.parent.adopt !== "function") {
          throw wrong("parent", "the call of a handler, or null", options.parent);
        }
        break;
      case "metadata": // its keys and values are looked at when it is read
        if (typeof options.metadata !== "object" || Array.isArray(options.metadata)) requireMetadata(options.metadata);
        break;
      case "compressMessage":
        requireType(name, options.compressMessage, "function");
        break;
      case "idempotent":
        requireType(name, options.idempotent, "boolean");
        break;
      case "waitForReady":
        requireType(name, options.waitForReady, "boolean");
        break;
      case "compression": // looked at by those who can
        break;
      default:
        requireKnown("calls have", options, CALL_OPTIONS);
    }
  }
}

const CALL_OPTIONS: OptionNames<CallOptions> = {
  timeoutMs: true,
  signal: true,
  metadata: true,
  info: true,
  parent: true,
  idempotent: true,
  waitForReady: true,
  compression: true,
  compressMessage: true,
};

function requireMilliseconds(value: unknown): void {
  if (value !== undefined) throw wrong("timeoutMs", "a number of milliseconds", value);
}

function requireMetadata(value: unknown): void {
  if (value !== undefined) throw wrong("metadata", "Metadata, or an object of values by their keys", value);
}

function wrong(name: string, expected: string, value: unknown): TypeError {
  return new TypeError(`${name} must be ${expected}, got ${shown(value)}`);
}

/** Throws for options of HTTP/2 that there are none of or that are of another kind; what the protocol allows of them is known where they are used. */
export function requireHttp2(options: object | undefined, kinds: Readonly<Record<string, "number" | "boolean">>): void {
  requireType("http2", options, "object");
  if (options === undefined) return;
  requireKnown("the option http2 has", options, kinds);
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    if (value === undefined) continue;
    if (kinds[name] === "number") requireBetween(`http2.${name}`, value as number, 0, Infinity);
    else requireType(`http2.${name}`, value, "boolean");
  }
}

/** Limits of the messages of both directions. Throws a `RangeError` for one out of bounds. */
export function requireMessageLimits(
  { maxMessageBytes, maxReceivedBytes }: { readonly maxMessageBytes?: number | undefined; readonly maxReceivedBytes?: number | undefined },
  fallback: number,
): { readonly maxMessageBytes: number; readonly maxReceivedBytes: number } {
  const most = requireWhole("maxMessageBytes", maxMessageBytes ?? fallback, 1, MAX_MESSAGE_BYTES);
  return { maxMessageBytes: most, maxReceivedBytes: requireWhole("maxReceivedBytes", maxReceivedBytes ?? most, 1, MAX_MESSAGE_BYTES) };
}

/** What options of TLS are: a PEM text or its bytes, or several. */
export type TlsKind = "pem" | "pems" | "string" | "boolean";

/** Throws a `TypeError` for an option of TLS that there is none of, or of another kind: each connection would fail of it. */
export function requireTls(who: "clients" | "servers", tls: object | undefined, kinds: Readonly<Record<string, TlsKind>>): void {
  requireType("tls", tls, "object");
  if (tls === undefined) return;
  requireKnown(`the option tls of ${who} has`, tls, kinds);
  for (const [name, value] of Object.entries(tls) as [string, unknown][]) {
    const kind = kinds[name];
    if (kind === "string" || kind === "boolean") {
      requireType(`tls.${name}`, value, kind);
      continue;
    }
    const all = kind === "pems" && Array.isArray(value) ? (value as unknown[]) : [value];
    const other = all.find((each) => each !== undefined && typeof each !== "string" && !(each instanceof Uint8Array));
    if (other !== undefined) throw wrong(`tls.${name}`, "a PEM text or its bytes", other);
  }
}

const LIMITS: OptionNames<MessageLimits> = { maxDepth: true, maxContainerElements: true, maxMessages: true };

/** Throws a `TypeError` for a limit that there is none of, and a `RangeError` for one out of bounds. */
export function requireLimits(limits: MessageLimits = {}): MessageLimits {
  requireType("limits", limits, "object");
  requireKnown("the option limits has", limits, LIMITS);
  for (const [name, value] of Object.entries(limits) as [string, number | undefined][]) {
    if (value !== undefined) requireWhole(`limits.${name}`, value, 1, name === "maxDepth" ? 1000 : 0x7fff_ffff);
  }
  return limits;
}

/** What fits one Buffer, with room for frames around it. */
const MAX_MESSAGE_BYTES = 0x3fff_ffff;
