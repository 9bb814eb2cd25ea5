/** Comments of the IDL as TSDoc. */
import { idl } from "@kiteline/thrift";
import { docComment } from "../doc-comment.ts";
import type { Layout } from "../layout.ts";

/** The lines of a doc comment for a thing, none when there is nothing to say. `more` are lines of tags. */
export function docOf(named: Pick<idl.Named, "comment" | "annotations">, more: readonly string[] = []): Layout[] {
  const deprecated = idl.annotation(named, "deprecated");
  const tags = deprecated === undefined ? more : [`@deprecated ${deprecated === "1" ? "" : deprecated}`.trimEnd(), ...more];
  const said = [...(named.comment?.split("\n") ?? []), ...tags.flatMap((each) => each.split("\n"))];
  return docComment(said);
}
