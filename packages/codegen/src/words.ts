/** Names and texts as TypeScript has them. */

/** Words that cannot be names, and the globals that generated code uses. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    "await break case catch class const continue debugger default delete do else enum export extends false finally for " +
    "function if implements import in instanceof interface let new null package private protected public return static " +
    "super switch this throw true try typeof var void while with yield arguments eval undefined NaN Infinity " +
    "any as asserts bigint boolean declare infer is keyof never number object readonly require satisfies string symbol type unique unknown using " +
    "Array AsyncIterable BigInt Error Iterable Map Object Promise Readonly ReadonlyMap ReadonlySet Set TextEncoder Uint8Array"
  ).split(" "),
);

/** Whether a name can stand for a definition, a parameter or a variable. */
export function isReserved(name: string): boolean {
  return RESERVED.has(name);
}

/** A name made of `wanted` that is no reserved word and not among those taken, to which it is added. */
export function freshName(wanted: string, taken: Set<string>): string {
  let name = wanted.replace(/[^A-Za-z0-9_$]/g, "_").replace(/^(?=[0-9])/, "_");
  while (taken.has(name) || RESERVED.has(name)) name += "_";
  taken.add(name);
  return name;
}

export function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** In the quotes that need fewer backslashes, as formatters do. */
export function stringText(value: string): string {
  const text = JSON.stringify(value).replace(
    /[\u2028\u2029\u007f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const doubles = value.split('"').length;
  const singles = value.split("'").length;
  if (doubles <= singles) return text;
  return `'${text.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
