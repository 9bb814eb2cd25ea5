/**
 * Lays text out in lines of at most 140 columns, as formatters do: a group is written on one line if that fits, else
 * all its lines are broken. What is generated so needs no formatter.
 *
 * The idea is Wadler's "A prettier printer".
 */

const WIDTH = 140;
const INDENT = 2;

/** Text to lay out. A string has no line breaks in it. */
export type Layout = string | readonly Layout[] | Part;

type Part =
  | { readonly kind: "group"; readonly body: Layout; readonly broken: boolean }
  | { readonly kind: "indent"; readonly body: Layout }
  /** A line break, or `flat` when its group fits on one line. */
  | { readonly kind: "line"; readonly flat: string }
  | { readonly kind: "hardline" }
  | { readonly kind: "if-broken"; readonly broken: Layout; readonly flat: Layout }
  | { readonly kind: "fill"; readonly items: readonly Layout[] };

/** A line break, unless its group fits on one line: then a space. */
export const line: Layout = { kind: "line", flat: " " };
/** The same, but then nothing. */
export const softline: Layout = { kind: "line", flat: "" };
/** A line break, always. */
export const hardline: Layout = { kind: "hardline" };

/** Broken as a whole or not at all; `broken` when it must be. */
export function group(body: Layout, broken = false): Layout {
  return { kind: "group", body, broken: broken || mustBreak(body) };
}

export function indent(body: Layout): Layout {
  return { kind: "indent", body };
}

/** As many items per line as fit. */
export function fill(items: readonly Layout[]): Layout {
  return { kind: "fill", items };
}

export function ifBroken(broken: Layout, flat: Layout = ""): Layout {
  return { kind: "if-broken", broken, flat };
}

export function join(separator: Layout, items: readonly Layout[]): Layout {
  return items.flatMap((item, index) => (index === 0 ? [item] : [separator, item]));
}

/** One below the other. */
export function lines(items: readonly Layout[]): Layout {
  return join(hardline, items);
}

/** A head, and lines indented below it. */
export function below(head: Layout, body: readonly Layout[]): Layout {
  return [head, indent([hardline, lines(body)])];
}

/** A head that ends in an opening bracket, lines indented below it, and what closes it. */
export function block(head: Layout, body: readonly Layout[], tail: Layout = "}"): Layout {
  return body.length === 0 ? [head, tail] : [below(head, body), hardline, tail];
}

/** Items in brackets, on one line or each on its own. `space` stands inside the brackets when on one line. */
export function bracketed(open: string, items: readonly Layout[], close: string, space = "", broken = false): Layout {
  if (items.length === 0) return open + close;
  const edge: Layout = { kind: "line", flat: space };
  return group([open, indent([edge, join([",", line], items), ifBroken(",")]), edge, close], broken);
}

/**
 * A declaration of what a call returns, whose last argument is an object on lines of its own. `types` are those in angle
 * brackets behind what is declared. Where the line gets too long, types or arguments have lines of their own, or the
 * whole call has.
 */
export function callWithObject(
  declared: string,
  types: readonly string[],
  callee: string,
  first: readonly string[],
  object: readonly Layout[],
): Layout {
  const start = `${callee}(${first.map((each) => `${each}, `).join("")}{`;
  const head = `${declared}<${types.join(", ")}>`;
  if (`${head} =`.length > WIDTH) return block([declared, typeArguments(types), ` = ${start}`], object, "});");
  if (`${head} = ${start}`.length <= WIDTH) return block(`${head} = ${start}`, object, "});");
  if (`${head} = ${callee}(`.length > WIDTH) return below(`${head} =`, [block(start, object, "});")]);
  return block(`${head} = ${callee}(`, [...first.map((each) => `${each},`), block("{", object, "},")], ");");
}

/** A statement that assigns a value, on its line or indented below. */
export function assignment(target: string, value: Layout): Layout {
  return group([`${target} =`, indent([line, value]), ";"]);
}

/** Types in angle brackets. */
export function typeArguments(types: readonly Layout[]): Layout {
  return group(["<", indent([softline, join([",", line], types)]), softline, ">"]);
}

/** A statement that follows a condition or loop, on its line or indented below. */
export function clause(head: Layout, statement: Layout): Layout {
  return group([head, indent([line, statement])]);
}

function mustBreak(layout: Layout): boolean {
  if (typeof layout === "string") return false;
  if (isList(layout)) return layout.some(mustBreak);
  switch (layout.kind) {
    case "hardline":
      return true;
    case "group":
      return layout.broken;
    case "indent":
      return mustBreak(layout.body);
    case "line":
    case "if-broken":
    case "fill":
      return false;
  }
}

interface Task {
  readonly layout: Layout;
  readonly indent: number;
  readonly broken: boolean;
}

/** The text, ending in a line break. */
export function print(layout: Layout): string {
  let text = "";
  let column = 0;
  const tasks: Task[] = [{ layout, indent: 0, broken: true }];
  /** The spaces that a line begins with, once there is something on it. */
  let margin = "";
  const write = (words: string): void => {
    if (words === "") return;
    text += margin + words;
    margin = "";
    column += words.length;
  };
  const newline = (depth: number): void => {
    text += "\n";
    margin = " ".repeat(depth);
    column = depth;
  };
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    const { layout: one, indent: depth, broken } = task;
    if (typeof one === "string") {
      write(one);
      continue;
    }
    if (isList(one)) {
      for (const each of one.toReversed()) tasks.push({ layout: each, indent: depth, broken });
      continue;
    }
    switch (one.kind) {
      case "indent":
        tasks.push({ layout: one.body, indent: depth + INDENT, broken });
        break;
      case "group":
        tasks.push({ layout: one.body, indent: depth, broken: one.broken || !fits(one.body, WIDTH - column, tasks) });
        break;
      case "line":
        if (broken) newline(depth);
        else write(one.flat);
        break;
      case "hardline":
        newline(depth);
        break;
      case "if-broken":
        tasks.push({ layout: broken ? one.broken : one.flat, indent: depth, broken });
        break;
      case "fill":
        for (const [index, item] of one.items.entries()) {
          const words = print(item).trimEnd();
          const comma = index < one.items.length - 1 ? 1 : 0;
          if (index > 0 && column + 1 + words.length + comma > WIDTH) newline(depth);
          else if (index > 0) write(" ");
          write(comma === 1 ? `${words},` : words);
        }
        break;
    }
  }
  return `${text}\n`;
}

/** Whether something fits in `room` columns when not broken, with what follows it up to the next line break. */
function fits(layout: Layout, room: number, after: readonly Task[]): boolean {
  let left = room;
  let next = after.length;
  const tasks: Task[] = [{ layout, indent: 0, broken: false }];
  while (left >= 0) {
    const task = tasks.pop() ?? after[--next];
    if (task === undefined) return true;
    const { layout: one, broken } = task;
    if (typeof one === "string") {
      left -= one.length;
      continue;
    }
    if (isList(one)) {
      for (const each of one.toReversed()) tasks.push({ layout: each, indent: 0, broken });
      continue;
    }
    switch (one.kind) {
      case "indent":
        tasks.push({ layout: one.body, indent: 0, broken });
        break;
      case "group":
        tasks.push({ layout: one.body, indent: 0, broken: one.broken });
        break;
      case "line":
        if (broken) return true;
        left -= one.flat.length;
        break;
      case "hardline":
        return true;
      case "if-broken":
        tasks.push({ layout: broken ? one.broken : one.flat, indent: 0, broken });
        break;
      case "fill":
        tasks.push({ layout: join([", "], one.items), indent: 0, broken });
        break;
    }
  }
  return false;
}

function isList(layout: Layout): layout is readonly Layout[] {
  return Array.isArray(layout);
}
