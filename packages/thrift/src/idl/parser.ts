/**
 * Tokens to syntax, as Apache Thrift's and Kitex's compilers both read them. After an error it goes on with the next
 * field, function or definition, so that one run tells of all.
 *
 * Keywords are only keywords where they can be meant: a field may be called `list` or `required`.
 */
import { commentAtTop, commentBefore, commentBehind, joinComments } from "./comments.ts";
import { Cursor, described, type Reported } from "./cursor.ts";
import type { Problems } from "./idl-error.ts";
import { parseAnnotations, parseType, parseValue } from "./parse-parts.ts";
import type { Source } from "./source.ts";
import type {
  DefinitionSyntax,
  EnumMemberSyntax,
  FieldSyntax,
  FileSyntax,
  FunctionSyntax,
  IncludeSyntax,
  NamedSyntax,
  StructSyntax,
  Word,
} from "./syntax.ts";
import type { Token } from "./tokens.ts";

const HEADERS: ReadonlySet<string> = new Set(["include", "cpp_include", "namespace"]);
const DEFINITIONS: ReadonlySet<string> = new Set(["const", "typedef", "enum", "struct", "union", "exception", "service"]);
/** Words of older or other compilers, with what to write now. */
const FOREIGN: Readonly<Record<string, string>> = {
  senum: "senum (an enum of strings) is not supported: use a typedef of string, and constants for its values",
  package: "package belongs to other dialects: use namespace",
  interaction: "interactions belong to another dialect of Thrift",
};

/** Parses one file. What is wrong is added to `problems`; what could be read is returned all the same. */
export function parse(source: Source, problems: Problems): FileSyntax {
  const tokens = new Cursor(source, problems);
  const includes: IncludeSyntax[] = [];
  const namespaces = new Map<string, string>();
  const definitions: DefinitionSyntax[] = [];
  const comment = commentAtTop(source, tokens.tokens, HEADERS.has(tokens.next.text));
  const one = (): void => {
    if (HEADERS.has(tokens.next.text)) parseHeader(tokens, includes, namespaces);
    else definitions.push(parseDefinition(tokens));
    tokens.separator();
  };
  while (tokens.next.kind !== "end") tokens.recovering(one, () => skipToDefinition(tokens));
  return { source, comment, includes, namespaces, definitions };
}

function parseHeader(tokens: Cursor, includes: IncludeSyntax[], namespaces: Map<string, string>): void {
  const keyword = tokens.take().text;
  if (keyword !== "namespace") {
    const path = tokens.string(`the file to ${keyword} in quotes`);
    if (keyword === "include") includes.push({ path });
    return;
  }
  const scope = tokens.isSymbol("*") ? tokens.take() : tokens.word("the language that the namespace is for, or *");
  const name = tokens.next.kind === "string" ? tokens.take() : tokens.word("a namespace, such as company.product");
  namespaces.set(scope.text, name.kind === "string" ? name.text : dashed(tokens, name));
  parseAnnotations(tokens);
}

/** Namespaces of some languages have dashes in them, which no other name has. */
function dashed(tokens: Cursor, first: Token): string {
  let { end } = first;
  while (tokens.next.start === end && /^[-\w.]+$/.test(tokens.next.text)) end = tokens.take().end;
  return tokens.source.text.slice(first.start, end);
}

function parseDefinition(tokens: Cursor): DefinitionSyntax {
  const start = tokens.at;
  const keyword = tokens.next;
  if (keyword.kind !== "word" || !DEFINITIONS.has(keyword.text)) throw noDefinition(tokens);
  tokens.take();
  switch (keyword.text) {
    case "const": {
      const type = parseType(tokens);
      const name = tokens.name("the constant");
      tokens.symbol("=");
      const value = parseValue(tokens);
      return { kind: "constant", type, value, ...parseRest(tokens, name, start) };
    }
    case "typedef": {
      const type = parseType(tokens);
      return { kind: "typedef", type, ...parseRest(tokens, tokens.name("the typedef"), start) };
    }
    case "enum": {
      const name = tokens.name("the enum");
      const opened = tokens.at;
      const members = parseBody(tokens, parseEnumMember);
      return { kind: "enum", members, ...parseRest(tokens, name, start, opened) };
    }
    case "service": {
      const name = tokens.name("the service");
      const extended = tokens.accept("extends") ? tokens.word("the service that is extended") : undefined;
      const opened = tokens.at;
      const functions = parseBody(tokens, parseFunction);
      return { kind: "service", extends: extended, functions, ...parseRest(tokens, name, start, opened) };
    }
    default: {
      const kind = keyword.text as StructSyntax["kind"];
      const name = tokens.name(`the ${kind}`);
      const opened = tokens.at;
      const fields = parseBody(tokens, parseField);
      return { kind, fields, ...parseRest(tokens, name, start, opened) };
    }
  }
}

/** Why what comes next is no definition. */
function noDefinition(tokens: Cursor): Reported {
  const { text } = tokens.next;
  if (Object.hasOwn(FOREIGN, text)) return tokens.report(tokens.next, FOREIGN[text]!);
  const language = /^([a-z]+)_(?:namespace|package|module)$/.exec(text)?.[1];
  if (language !== undefined) return tokens.report(tokens.next, `${text} is no longer written: write namespace ${language} ...`);
  return tokens.unexpected("include, namespace, const, typedef, enum, struct, union, exception or service");
}

function parseEnumMember(tokens: Cursor): EnumMemberSyntax {
  const start = tokens.at;
  const name = tokens.name("the value");
  let value: Word | undefined;
  if (tokens.accept("=")) {
    if (tokens.next.kind !== "integer") throw tokens.unexpected("a whole number");
    value = tokens.take();
  }
  return { value, ...parseRest(tokens, name, start) };
}

function parseField(tokens: Cursor): FieldSyntax {
  const start = tokens.at;
  let id: Word | undefined;
  if (tokens.next.kind === "integer") {
    id = tokens.take();
    tokens.symbol(":");
  }
  const { text } = tokens.next;
  const requiredness = text === "required" || text === "optional" ? text : "default";
  if (requiredness !== "default") tokens.take();
  const type = parseType(tokens);
  tokens.accept("&"); // how C++ holds it
  const name = tokens.name("the field");
  const value = tokens.accept("=") ? parseValue(tokens) : undefined;
  return { id, requiredness, type, value, ...parseRest(tokens, name, start) };
}

function parseFunction(tokens: Cursor): FunctionSyntax {
  const start = tokens.at;
  if (tokens.next.text === "async") throw tokens.report(tokens.next, "async is no longer written: write oneway");
  const oneway = tokens.accept("oneway");
  const returns = tokens.accept("void") ? undefined : parseType(tokens);
  const name = tokens.name("the function");
  const args = tokens.list("(", ")", () => parseField(tokens));
  const throws = tokens.accept("throws") ? tokens.list("(", ")", () => parseField(tokens)) : [];
  return { oneway, returns, arguments: args, throws, ...parseRest(tokens, name, start) };
}

/**
 * Reads what stands behind all things: annotations, a separator, comments. The thing began at the token `start`;
 * `opened` is that of its opening bracket, behind which a comment is about the whole, too.
 */
function parseRest(tokens: Cursor, name: Token, start: number, opened?: number): NamedSyntax {
  const annotations = parseAnnotations(tokens);
  const last = tokens.at - 1;
  tokens.separator();
  const { source, tokens: all } = tokens;
  let comment = commentBefore(source, all, start);
  if (opened !== undefined) comment = joinComments(comment, commentBehind(source, all, opened, opened + 1));
  // Behind a bracket that closes many lines, comments only repeat the name.
  if (opened === undefined || source.line(all[start]!.start) === source.line(all[last]!.end)) {
    comment = joinComments(comment, commentBehind(source, all, last, tokens.at));
  }
  return { name, comment, annotations };
}

/** Things between `{` and `}`, each on its own: an error in one leaves the others. */
function parseBody<T>(tokens: Cursor, one: (tokens: Cursor) => T): T[] {
  const opened = tokens.symbol("{");
  const found: T[] = [];
  while (!tokens.isSymbol("}")) {
    if (tokens.next.kind === "end" || definitionBegins(tokens)) {
      throw tokens.report(opened, `this { is never closed: expected } before ${described(tokens.next)}`);
    }
    tokens.recovering(
      () => found.push(one(tokens)),
      () => skipToMember(tokens),
    );
  }
  tokens.take();
  return found;
}

/** Whether what comes next can only be the next definition: a keyword at the start of a line, and what follows it. */
function definitionBegins(tokens: Cursor): boolean {
  const { text, kind, start } = tokens.next;
  if (kind !== "word" || !DEFINITIONS.has(text)) return false;
  return tokens.source.locate(start).column === 1 && tokens.tokens[tokens.at + 1]?.kind === "word";
}

/** After an error in a member: on to the next line that is not inside brackets, or to the end of the body. */
function skipToMember(tokens: Cursor): void {
  for (let open = 0; tokens.next.kind !== "end" && !definitionBegins(tokens); tokens.take()) {
    if (open <= 0 && (tokens.isSymbol("}") || tokens.startsLine())) return;
    if (tokens.next.kind === "symbol" && "({[".includes(tokens.next.text)) open++;
    if (tokens.next.kind === "symbol" && ")}]".includes(tokens.next.text)) open--;
  }
}

function skipToDefinition(tokens: Cursor): void {
  for (; tokens.next.kind !== "end"; tokens.take()) {
    if ((DEFINITIONS.has(tokens.next.text) || HEADERS.has(tokens.next.text)) && tokens.startsLine()) return;
  }
}
