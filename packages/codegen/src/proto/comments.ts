/** Which comments belong to what, as protoc's `SourceCodeInfo` has it. */
import type { ParsedFile, Place } from "./syntax.ts";

export interface Comments {
  /** Right before the thing, without a blank line between. */
  readonly leading?: string;
  /** Behind it on its line, or right below and followed by a blank line. Of a message, behind its `{`. */
  readonly trailing?: string;
  /** Before the leading one, with a blank line behind each. */
  readonly detached: string[];
}

interface Block {
  text: string;
  readonly line: number;
  endLine: number;
  readonly block: boolean;
}

const COMMENT = /\/\/([^\n]*)\n?|\/\*([^]*?)\*\//g;

const NONE: Comments = { detached: [] };

/** The comments of what stands at a place, without their marks; `undefined` when there are none. */
export function commentsAt(parsed: ParsedFile, place: Place): Comments | undefined {
  const before = between(parsed, place.first - 1);
  const behind = between(parsed, place.opened);
  const { leading } = before;
  const { trailing } = behind;
  if (leading === undefined && trailing === undefined && before.detached.length === 0) return undefined;
  return {
    ...(leading === undefined ? {} : { leading }),
    ...(trailing === undefined ? {} : { trailing }),
    detached: before.detached,
  };
}

/** What stands between a token, -1 for the start of the file, and the next one. */
function between({ source, tokens }: ParsedFile, index: number): Comments {
  const from = index < 0 ? 0 : tokens[index]!.end;
  const next = tokens[index + 1];
  const to = next?.start ?? source.text.length;
  const text = source.text.slice(from, to);
  if (!text.includes("/")) return NONE;
  const blocks = blocksIn(text, source.line(from), index >= 0);
  const nextLine = source.line(to);
  const closes = next === undefined || next.kind === "end" || next.text === "}" || next.text === "]" || next.text === ")";
  const last = blocks.at(-1)!;
  const leading = !closes && nextLine - last.endLine <= 1 ? last : undefined;
  const first = blocks[0]!;
  const line = source.line(from);
  const follows = blocks[1]?.line ?? nextLine;
  const onLine = index >= 0 && first.line === line && (first !== leading || nextLine > first.endLine);
  const below = index >= 0 && first.line === line + 1 && first !== leading && (follows - first.endLine > 1 || closes);
  const trailing = onLine || below ? first : undefined;
  return {
    ...(leading === undefined || leading === trailing ? {} : { leading: leading.text }),
    ...(trailing === undefined ? {} : { trailing: trailing.text }),
    detached: blocks.filter((each) => each !== leading && each !== trailing).map((each) => each.text),
  };
}

/** Comments; lines that follow one another are one, but for a first one that stands on the line of a token. */
function blocksIn(text: string, firstLine: number, behindToken: boolean): Block[] {
  const blocks: Block[] = [];
  let line = firstLine;
  let at = 0;
  for (const { 0: all, 1: words, 2: block, index } of text.matchAll(COMMENT)) {
    line += count(text.slice(at, index));
    at = index + all.length;
    const before = blocks.at(-1);
    if (words !== undefined) {
      const continues = before !== undefined && !before.block && before.endLine === line - 1 && !(behindToken && before.line === firstLine);
      if (continues) {
        before.text += `${words.replace(/\r$/, "")}\n`;
        before.endLine = line;
      } else blocks.push({ text: `${words.replace(/\r$/, "")}\n`, line, endLine: line, block: false });
    } else {
      const lines = block!.split("\n");
      // Stars that only decorate the left side are no part of the text.
      const plain = lines.map((each, number) => (number === 0 ? each : each.replace(/^\s*\*?/, ""))).join("\n");
      blocks.push({ text: plain, line, endLine: line + lines.length - 1, block: true });
    }
    line += count(all);
  }
  return blocks;
}

function count(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
