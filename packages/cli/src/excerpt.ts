/** A line of a text with a mark under the place that is meant. */

/** Lines and columns count from 1. Long lines are cut around the column. */
export function excerpt(lineText: string, line: number, column: number): string {
  const most = 100;
  const from = Math.max(0, Math.min(column - 1 - most / 2, lineText.length - most));
  // Tabs in front of the mark stay tabs, so that it stands under the right character however wide they are.
  const shown = `${from > 0 ? "…" : ""}${lineText.slice(from, from + most)}${from + most < lineText.length ? "…" : ""}`;
  const before = `${from > 0 ? " " : ""}${lineText.slice(from, column - 1).replace(/[^\t]/g, " ")}`;
  const number = String(line);
  return `  ${number} | ${shown}\n  ${" ".repeat(number.length)} | ${before}^`;
}

/** Where an offset of a text is. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number; readonly lineText: string } {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", start);
  return {
    line: text.slice(0, start).split("\n").length,
    column: offset - start + 1,
    lineText: text.slice(start, end < 0 ? undefined : end).replace(/\r$/, ""),
  };
}
