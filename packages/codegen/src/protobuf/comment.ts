/** Comments of the .proto file as TSDoc. */
import type { schema } from "@kiteline/protobuf";
import { docComment } from "../doc-comment.ts";
import type { Layout } from "../layout.ts";

const COMMENTS = new WeakMap<schema.FileType, ReadonlyMap<string, string>>();

/** The lines of a doc comment for what stands at a place of a file, none when there is nothing to say. */
export function docAt(
  file: schema.FileType,
  path: readonly number[],
  deprecated: boolean | undefined,
  more: readonly string[] = [],
): Layout[] {
  return docComment([...commentAt(file, path), ...more, ...(deprecated === true ? ["@deprecated"] : [])]);
}

/** The lines of the comment. */
export function commentAt(file: schema.FileType, path: readonly number[]): string[] {
  let comments = COMMENTS.get(file);
  if (comments === undefined) COMMENTS.set(file, (comments = commentsOf(file)));
  const text = comments.get(path.join());
  return text === undefined ? [] : text.split("\n");
}

/** What stands before a thing, else what stands behind it. */
function commentsOf(file: schema.FileType): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  for (const { path, leadingComments, trailingComments } of file.proto.sourceCodeInfo?.location ?? []) {
    const said = leadingComments ?? trailingComments;
    if (said === undefined) continue;
    const text = said
      .split("\n")
      .map((each) => each.replace(/^ /, "").trimEnd())
      .join("\n")
      .trim();
    if (text !== "") comments.set((path ?? []).join(), text);
  }
  return comments;
}
