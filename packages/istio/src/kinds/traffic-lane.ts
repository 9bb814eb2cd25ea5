/** `TrafficLane`, a kind of our own: which requests get the colour of a lane where they enter the mesh. */
import type { ColourRule, FieldMatch, RequestMatch } from "@kiteline/policy";
import type { Located } from "../place.ts";
import { checked, list, mapOf, number, record, required, string, type Type } from "../schema.ts";
import { type StringMatch, stringMatch, toFieldMatches, toPolicyMatch } from "./string-match.ts";

export interface TrafficLane extends Located {
  /** Defaults to the object's name. */
  readonly lane?: string;
  readonly colour?: readonly Colour[];
}

interface Colour extends Located {
  readonly match?: readonly ColourMatch[];
  readonly ratio?: ColourRatio;
}

interface ColourMatch extends Located {
  readonly headers?: Readonly<Record<string, StringMatch>>;
  readonly cookies?: Readonly<Record<string, StringMatch>>;
  readonly query?: Readonly<Record<string, StringMatch>>;
  readonly path?: StringMatch;
}

interface ColourRatio extends Located {
  readonly percent: number;
  readonly stickyBy?: { readonly header?: string; readonly cookie?: string; readonly query?: string };
}

/** A lane is the value of a label, and that is all that travels with calls. */
const LABEL_VALUE = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;

/** What is wrong with the name of a lane, if something is. */
export function laneProblem(name: string): string | undefined {
  if (LABEL_VALUE.test(name)) return undefined;
  return `expected a label's value (up to 63 letters, digits, "-", "_" and ".", the first and last a letter or digit), got "${name}"`;
}

const colourMatch: Type<ColourMatch> = record<ColourMatch>(
  { headers: mapOf(stringMatch), cookies: mapOf(stringMatch), query: mapOf(stringMatch), path: stringMatch },
  ({ headers = {}, cookies = {}, query = {}, path }) =>
    path === undefined && [headers, cookies, query].every((each) => Object.keys(each).length === 0)
      ? "expected a condition (headers, cookies, query, path), got none: it would colour every request"
      : undefined,
);

export const trafficLane: Type<TrafficLane> = record<TrafficLane>({
  lane: checked(string, laneProblem),
  colour: list(
    record<Colour>(
      {
        match: list(colourMatch),
        ratio: record<ColourRatio>({
          percent: required(number(0, 100)),
          stickyBy: record<NonNullable<ColourRatio["stickyBy"]>>({ header: string, cookie: string, query: string }, (by) =>
            Object.keys(by).filter((key) => key !== "place").length === 1 ? undefined : "expected one of header, cookie, query",
          ),
        }),
      },
      ({ match, ratio }) => {
        if (match === undefined && ratio === undefined) return "expected match, ratio or both, got neither";
        return match?.length === 0 ? "expected at least one condition in match, got none: it would colour no request" : undefined;
      },
    ),
  ),
});

export function toColourRule({ match, ratio }: Colour): ColourRule {
  return {
    match: match?.map(toRequestMatch),
    ratio: ratio === undefined ? undefined : { percent: ratio.percent, stickyBy: stickyOf(ratio) },
  };
}

function toRequestMatch({ headers, cookies, query, path }: ColourMatch): RequestMatch {
  const some = (matches: Readonly<Record<string, StringMatch>> | undefined): readonly FieldMatch[] | undefined =>
    matches === undefined ? undefined : toFieldMatches(matches);
  return { headers: some(headers), cookies: some(cookies), query: some(query), path: path === undefined ? undefined : toPolicyMatch(path) };
}

function stickyOf({ stickyBy }: ColourRatio): { kind: "header" | "cookie" | "query"; name: string } | undefined {
  if (stickyBy?.header !== undefined) return { kind: "header", name: stickyBy.header };
  if (stickyBy?.cookie !== undefined) return { kind: "cookie", name: stickyBy.cookie };
  if (stickyBy?.query !== undefined) return { kind: "query", name: stickyBy.query };
  return undefined;
}
