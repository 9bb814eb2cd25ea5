/** `StringMatch` of Istio's API, and what it means. */
import { compileRegex, type FieldMatch, type StringMatch as PolicyMatch } from "@kiteline/policy";
import { checked, record, string, type Type } from "../schema.ts";

/** At most one of these; none asks only that there is a value. */
export interface StringMatch {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

/** RE2 syntax; a lone `*` is Istio's way to say that there must be a value. */
const regex: Type<string> = checked(string, (pattern) => (pattern === "*" ? undefined : regexProblem(pattern)));

export const stringMatch: Type<StringMatch> = record<StringMatch>({ exact: string, prefix: string, regex }, (match) => {
  const given = Object.keys(match).filter((key) => key !== "place");
  return given.length > 1 ? `expected one of exact, prefix, regex, got ${given.join(" and ")}` : undefined;
});

/** `undefined` when only presence is asked for. */
export function toPolicyMatch({ exact, prefix, regex }: StringMatch, ignoreCase = false): PolicyMatch | undefined {
  const folded = ignoreCase ? { ignoreCase } : {};
  if (exact !== undefined) return { kind: "exact", value: exact, ...folded };
  if (prefix !== undefined) return { kind: "prefix", value: prefix, ...folded };
  if (regex !== undefined && regex !== "*") return { kind: "regex", value: regex, ...folded };
  return undefined;
}

/** Conditions by name, in a mapping. */
export function toFieldMatches(matches: Readonly<Record<string, StringMatch>> | undefined, invert = false): FieldMatch[] {
  return Object.entries(matches ?? {}).map(([name, match]) => ({
    name,
    match: toPolicyMatch(match) ?? { kind: "present" },
    ...(invert ? { invert } : {}),
  }));
}

function regexProblem(pattern: string): string | undefined {
  try {
    compileRegex(pattern);
    return undefined;
  } catch (error) {
    return `expected a regular expression as RE2 reads it: ${(error as Error).message}`;
  }
}
