/** Text as a TSDoc comment. */
import type { Layout } from "./layout.ts";

/** The lines of the comment, none when there is nothing to say. */
export function docComment(said: readonly string[]): Layout[] {
  const text = said.map((each) => each.replaceAll("*/", "*\\/"));
  if (text.length === 0) return [];
  if (text.length === 1) return [`/** ${text[0]!} */`];
  return ["/**", ...text.map((each) => ` * ${each}`.trimEnd()), " */"];
}
