/**
 * Conditions on what a call carries, as values, and the functions that they compile to. Compiling happens once per
 * snapshot; the functions do not allocate.
 */
import { compileRegex } from "./regex.ts";

/** A condition on one string. `regex` is RE2 syntax and must match the whole string. */
export type StringMatch =
  | { readonly kind: "exact"; readonly value: string; readonly ignoreCase?: boolean | undefined }
  | { readonly kind: "prefix"; readonly value: string; readonly ignoreCase?: boolean | undefined }
  | { readonly kind: "regex"; readonly value: string; readonly ignoreCase?: boolean | undefined };

/** A condition on a value that may be missing: a header, a cookie, a query parameter. */
export interface FieldMatch {
  /** Header names are compared in lower case, others as they are. */
  readonly name: string;
  readonly match: StringMatch | { readonly kind: "present" };
  /** Turns the condition round; a missing value then counts as an empty one. */
  readonly invert?: boolean | undefined;
}

/** Conditions on a request, all of which must hold. Without any, everything matches. */
export interface RequestMatch {
  /** `/package.Service/method` of a call, or the path of an HTTP request. */
  readonly path?: StringMatch | undefined;
  /** The HTTP method; calls are `POST`. */
  readonly method?: StringMatch | undefined;
  /** What the caller names as its target, such as `reviews:9080`. */
  readonly authority?: StringMatch | undefined;
  /** `http` or `https`; calls are `http`. */
  readonly scheme?: StringMatch | undefined;
  /** Several values of one header are joined with commas. */
  readonly headers?: readonly FieldMatch[] | undefined;
  readonly cookies?: readonly FieldMatch[] | undefined;
  /** Calls have no query: a condition on it holds only when inverted. */
  readonly query?: readonly FieldMatch[] | undefined;
}

/** Whether a condition asks for anything at all. */
export function isCatchAll(match: RequestMatch): boolean {
  return (
    (match.path === undefined || isAnyPath(match.path)) &&
    match.method === undefined &&
    match.authority === undefined &&
    match.scheme === undefined &&
    (match.headers ?? []).length === 0 &&
    (match.cookies ?? []).length === 0 &&
    (match.query ?? []).length === 0
  );
}

/** Paths begin with a slash, so these are the ways in which people write "any". */
export function isAnyPath(match: StringMatch): boolean {
  return (match.kind === "prefix" && (match.value === "/" || match.value === "")) || (match.kind === "regex" && match.value === ".*");
}

/** Throws a `RegexError` for a pattern that is not RE2 syntax. */
export function compileString(match: StringMatch): (value: string) => boolean {
  const { value, ignoreCase = false } = match;
  switch (match.kind) {
    case "exact": {
      if (!ignoreCase) return (text) => text === value;
      const lower = value.toLowerCase();
      return (text) => text.toLowerCase() === lower;
    }
    case "prefix": {
      if (!ignoreCase) return (text) => text.startsWith(value);
      const lower = value.toLowerCase();
      return (text) => text.toLowerCase().startsWith(lower);
    }
    case "regex": {
      const regex = compileRegex(ignoreCase ? `(?i)${value}` : value);
      return (text) => regex.test(text);
    }
  }
}

/** Throws like `compileString`. */
export function compileField(field: FieldMatch): (value: string | undefined) => boolean {
  const invert = field.invert ?? false;
  if (field.match.kind === "present") return (value) => (value !== undefined) !== invert;
  const matches = compileString(field.match);
  if (invert) return (value) => !matches(value ?? "");
  return (value) => value !== undefined && matches(value);
}
