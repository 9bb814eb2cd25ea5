/**
 * The table of packages in docs/architecture.md: the one place that says which package may import which. The words "nothing",
 * "all above" (the rows before this one) and "all" stand for what they say.
 */

/** One row: a package and what may be in its imports. */
export interface TableRow {
  readonly name: string;
  readonly sentence: string;
  readonly mayImport: ReadonlySet<string>;
  /** Every call runs through it, so it has no run-time dependency outside the repository. */
  readonly dataPath: boolean;
}

/** Reads the rows in their order; throws where the page has no such table or a row names a package that has no row. */
export function readTable(markdown: string): TableRow[] {
  const cells = markdown
    .split("\n")
    .filter((line) => /^\| *\[?`/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, name = "", sentence = "", mayImport = "", dataPath = ""]) => ({
      name: /`([^`]+)`/.exec(name)?.[1] ?? "",
      sentence,
      mayImport,
      dataPath,
    }));
  if (cells.length === 0) throw new Error("docs/architecture.md has no table of packages: expected rows that begin with | [`name`]");
  const names = cells.map((row) => row.name);
  return cells.map((row, index) => {
    const mayImport = new Set(expand(row.mayImport, names, index));
    for (const each of mayImport) {
      if (!names.includes(each)) throw new Error(`docs/architecture.md: ${row.name} may import "${each}", which has no row in the table`);
    }
    return { name: row.name, sentence: row.sentence, mayImport, dataPath: row.dataPath === "yes" };
  });
}

function expand(words: string, names: readonly string[], index: number): readonly string[] {
  if (words === "nothing") return [];
  if (words === "all above") return names.slice(0, index);
  if (words === "all") return names.filter((_, other) => other !== index);
  return words.split(/, */);
}
