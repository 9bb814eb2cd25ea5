/**
 * Which comments belong to what. A definition or field has those right before it (no blank line between) and those
 * behind it on its line.
 */
import type { Source } from "./source.ts";
import type { Comment, Token } from "./tokens.ts";

/** The text of the comments that stand right before the token at `index`. */
export function commentBefore(source: Source, tokens: readonly Token[], index: number): string | undefined {
  const token = tokens[index]!;
  const { comments } = token;
  let line = source.line(token.start);
  // What begins on the line of the token before belongs to that one, unless this token is there, too.
  const above = index === 0 ? 0 : source.line(tokens[index - 1]!.end);
  const taken = above === line ? 0 : above;
  let first = comments.length;
  while (first > 0) {
    const comment = comments[first - 1]!;
    const start = source.line(comment.start);
    if (start === taken || line - source.line(comment.end) > 1) break;
    line = start;
    first--;
  }
  return textOf(comments.slice(first));
}

/**
 * The text of the comments behind a thing whose last token is at `last`, on the line on which it ends. A separator may
 * follow it; `next` is the index of the first token that is no longer part of it.
 */
export function commentBehind(source: Source, tokens: readonly Token[], last: number, next: number): string | undefined {
  const line = source.line(tokens[last]!.end);
  const found: Comment[] = [];
  for (let index = last + 1; index <= next; index++) {
    const token = tokens[index]!;
    // Before more on the same line a comment belongs to that: `1: i32 a, /* the other */ 2: i32 b`.
    const shared = index === next && token.kind !== "end" && token.text !== "}" && token.text !== ")" && source.line(token.start) === line;
    if (!shared) found.push(...token.comments.filter((comment) => source.line(comment.start) === line));
  }
  return textOf(found);
}

/** The text at the top of a file, when it is not that of the first thing in it. */
export function commentAtTop(source: Source, tokens: readonly Token[], firstIsHeader: boolean): string | undefined {
  const first = tokens[0]!;
  const { comments } = first;
  if (firstIsHeader) return textOf(comments);
  let line = source.line(first.start);
  let end = comments.length;
  while (end > 0 && line - source.line(comments[end - 1]!.end) <= 1) line = source.line(comments[--end]!.start);
  return textOf(comments.slice(0, end));
}

/** Two texts one below the other. */
export function joinComments(first: string | undefined, second: string | undefined): string | undefined {
  return first !== undefined && second !== undefined ? `${first}\n${second}` : (first ?? second);
}

function textOf(comments: readonly Comment[]): string | undefined {
  const lines = comments.flatMap((comment) => plainLines(comment.text));
  while (lines[0] === "") lines.shift();
  while (lines.at(-1) === "") lines.pop();
  return lines.length === 0 ? undefined : lines.join("\n");
}

/** A comment's lines without their marks. */
function plainLines(text: string): string[] {
  if (!text.startsWith("/*")) return [text.replace(/^(\/{2,}|#+) ?/, "").trimEnd()];
  const [first = "", ...rest] = text
    .slice(2, -2)
    .replace(/^\*+/, "")
    .replace(/\*+$/, "")
    .split(/\r\n|\r|\n/);
  const marked = rest.every((line) => /^\s*(\*|$)/.test(line));
  return [first.trim(), ...rest.map((line) => (marked ? line.replace(/^\s*\* ?/, "").trimEnd() : line.trim()))];
}
