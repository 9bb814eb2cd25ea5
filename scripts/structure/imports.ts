/**
 * What a TypeScript file imports: every form that loads or names another module, types included, with its line. Read from the
 * syntax tree, so that text in strings and comments never counts.
 */
import { parseSync, Visitor } from "oxc-parser";

export interface Import {
  /** What stands between the quotes. */
  readonly specifier: string;
  readonly line: number;
  /** Where the specifier stands in the source, without its quotes. */
  readonly start: number;
  readonly end: number;
}

/** All imports of a source in the order they stand. Throws when it does not parse. */
export function readImports(fileName: string, source: string): Import[] {
  const parsed = parseSync(fileName, source);
  const error = parsed.errors[0];
  if (error !== undefined) throw new Error(`${fileName} does not parse: ${error.message}`);
  const found: Import[] = [];
  const add = (node: unknown): void => {
    const literal = node as { type?: string; value?: unknown; start: number; end: number } | null | undefined;
    // `import(name)` with a name only known at run time is left to run time.
    if (literal?.type !== "Literal" || typeof literal.value !== "string") return;
    const line = source.slice(0, literal.start).split("\n").length;
    found.push({ specifier: literal.value, line, start: literal.start + 1, end: literal.end - 1 });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
  }).visit(parsed.program);
  return found;
}
