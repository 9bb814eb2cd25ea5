/** The text of one IDL file, and where in it a problem is. */
import type { Location } from "./model.ts";

export class Source {
  readonly path: string;
  readonly text: string;
  /** Where each line starts; built when first asked for. */
  #lineStarts: number[] | undefined;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text.startsWith("\ufeff") ? text.slice(1) : text;
  }

  /** The line at an offset, counted from 1. */
  line(offset: number): number {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  locate(offset: number): Location {
    const line = this.line(offset);
    return { path: this.path, line, column: offset - this.#starts()[line - 1]! + 1 };
  }

  /** A line without its end. */
  lineText(line: number): string {
    const starts = this.#starts();
    return this.text.slice(starts[line - 1], starts[line]).replace(/[\r\n]+$/, "");
  }

  #starts(): number[] {
    if (this.#lineStarts !== undefined) return this.#lineStarts;
    const starts = [0];
    for (const match of this.text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
    return (this.#lineStarts = starts);
  }
}
