/** Comments of the IDL as TSDoc. */
import { idl } from "@kiteline/thrift";
import type { Layout } from "../layout.ts";

/** The lines of a doc comment for a thing, none when there is nothing to say. `more` are lines of tags. */
export function docOf(named: Pick<idl.Named, "comment" | "annotations">, more: readonly string[] = []): Layout[] {
  const deprecated = idl.annotation(named, "deprecated");
  const tags = deprecated === undefined ? more : [`@deprecated ${deprecated === "1" ? "" : deprecated}`.trimEnd(), ...more];
  const said = [...(named.comment?.split("\n") ?? []), ...tags.flatMap((each) => each.split("\n"))];
  const text = said.map((each) => each.replaceAll("*/", "*\\/"));
  if (text.length === 0) return [];
  if (text.length === 1) return [`/** ${text[0]!} */`];
  return ["/**", ...text.map((each) => ` * ${each}`.trimEnd()), " */"];
}
