/**
 * One file: its text to YAML documents, each with its lines. What is wrong with the syntax is reported here; what it
 * says, `schema.ts` reads.
 */
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from "yaml";
import type { Problem, TextFile } from "@kiteline/policy";
import { Place, type Problems } from "./place.ts";

/** How many times a file may refer to an anchor: without a limit a few lines could stand for billions. */
const MAX_ALIASES = 1000;

type Source = ReturnType<typeof parseAllDocuments>[number];

/** One document of a file, or one of the objects that it lists. */
export class Document {
  readonly file: string;
  readonly root: Node;
  /** Whether something was wrong that makes it useless. */
  failed = false;
  readonly #lines: LineCounter;
  readonly #problems: Problems;
  readonly #aliases: { left: number };
  readonly #source: Source;

  constructor(file: string, root: Node, source: Source, lines: LineCounter, problems: Problems, aliases: { left: number }) {
    this.file = file;
    this.root = root;
    this.#source = source;
    this.#lines = lines;
    this.#problems = problems;
    this.#aliases = aliases;
  }

  lineOf(node: Node): number {
    return this.#lines.linePos(node.range?.[0] ?? 0).line || 1;
  }

  get place(): Place {
    return new Place(this.file, this.lineOf(this.root), undefined, "");
  }

  report(place: Place, message: string): void {
    this.failed = true;
    this.#problems.add(place.problem("error", message));
  }

  warn(place: Place, message: string): void {
    this.#problems.add(place.problem("warning", message));
  }

  /** Reports that something else came. */
  wrong(place: Place, node: Node, expected: string): undefined {
    this.report(place, `expected ${expected}, got ${describe(node)}`);
    return undefined;
  }

  /** What an alias stands for; `undefined` when that is nothing, which has been reported. */
  resolve(node: Node, place: Place): Node | undefined {
    if (!isAlias(node)) return node;
    if (this.#aliases.left-- <= 0) {
      this.report(place, `the file refers to anchors more than ${MAX_ALIASES} times`);
      return undefined;
    }
    const target = node.resolve(this.#source);
    if (target === undefined) this.report(place, `there is no anchor "${node.source}" before this line`);
    return target;
  }
}

/** The documents of a file; empty ones are left out, and so are all when the file is not YAML. */
export function readFile({ path, text }: TextFile, problems: Problems): Document[] {
  const lines = new LineCounter();
  const wrong = (line: number, message: string): void => {
    const problem: Problem = { severity: "error", file: path, line, message };
    problems.add(problem);
  };
  let sources: ReturnType<typeof parseAllDocuments>;
  try {
    sources = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  } catch (error) {
    // A text nested so deeply that the parser's stack does not suffice.
    wrong(1, `this is not YAML that can be read: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
  const aliases = { left: MAX_ALIASES };
  const documents: Document[] = [];
  let sound = true;
  for (const source of sources) {
    for (const error of source.errors) {
      sound = false;
      wrong(lines.linePos(error.pos[0]).line, `this is not YAML: ${error.message}`);
    }
    const { contents } = source;
    if (contents === null || (isScalar(contents) && contents.value === null)) continue;
    for (const root of listed(contents)) documents.push(new Document(path, root, source, lines, problems, aliases));
  }
  return sound ? documents : [];
}

/** The objects of a `List`, which is how kubectl prints several; else the one that is there. */
function listed(contents: Node): readonly Node[] {
  if (!isMap(contents) || contents.get("kind") !== "List") return [contents];
  const items = contents.get("items");
  return isSeq(items) ? items.items.filter((each) => isNode(each)) : [contents];
}

function describe(node: Node): string {
  if (isMap(node)) return "a mapping";
  if (isSeq(node)) return "a list";
  if (!isScalar(node)) return "something else";
  const { value } = node;
  if (value === null) return "nothing";
  if (typeof value === "string") return `"${value.length > 60 ? `${value.slice(0, 60)}...` : value}"`;
  return typeof value === "number" ? `the number ${value}` : String(value);
}
