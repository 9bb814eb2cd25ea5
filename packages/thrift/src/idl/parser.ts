/**
 * Tokens to syntax, as Apache Thrift's and Kitex's compilers both read them. After an error it goes on with the next
 * field, function or definition, so that one run tells of all.
 *
 * Keywords are only keywords where they can be meant: a field may be called `list` or `required`.
 */
import { commentAtTop, commentBefore, commentBehind, joinComments } from "./comments.ts";
import type { Problems } from "./idl-error.ts";
import type { Annotations } from "./model.ts";
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
  TypeSyntax,
  ValueSyntax,
  Word,
} from "./syntax.ts";
import { tokenize, type Token } from "./tokens.ts";

/** Parses one file. What is wrong is added to `problems`; what could be read is returned all the same. */
export function parse(source: Source, problems: Problems): FileSyntax {
  return new Parser(source, problems).file();
}

const NONE: Annotations = new Map();
const HEADERS: ReadonlySet<string> = new Set(["include", "cpp_include", "namespace"]);
const DEFINITIONS: ReadonlySet<string> = new Set(["const", "typedef", "enum", "struct", "union", "exception", "service"]);
/** Words of older or other compilers, with what to write now. */
const FOREIGN: Readonly<Record<string, string>> = {
  senum: "senum (an enum of strings) is not supported: use a typedef of string, and constants for its values",
  package: "package belongs to other dialects: use namespace",
  interaction: "interactions belong to another dialect of Thrift",
};
/** How deep types and values may be nested, so that no file can exhaust the stack. */
const MAX_DEPTH = 100;

/** Thrown after a problem was reported; caught where parsing goes on. */
const REPORTED = Symbol("reported");

class Parser {
  readonly #source: Source;
  readonly #problems: Problems;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(source: Source, problems: Problems) {
    this.#source = source;
    this.#problems = problems;
    this.#tokens = tokenize(source, problems);
  }

  file(): FileSyntax {
    const includes: IncludeSyntax[] = [];
    const namespaces = new Map<string, string>();
    const definitions: DefinitionSyntax[] = [];
    const comment = commentAtTop(this.#source, this.#tokens, HEADERS.has(this.#next.text));
    while (this.#next.kind !== "end") {
      this.#recovering(
        () => {
          if (HEADERS.has(this.#next.text)) this.#header(includes, namespaces);
          else definitions.push(this.#definition());
          this.#separator();
        },
        () => this.#skipToDefinition(),
      );
    }
    return { source: this.#source, comment, includes, namespaces, definitions };
  }

  #header(includes: IncludeSyntax[], namespaces: Map<string, string>): void {
    const keyword = this.#take().text;
    if (keyword === "namespace") {
      const scope = this.#next.text === "*" ? this.#take() : this.#word("the language that the namespace is for, or *");
      const name = this.#next.kind === "string" ? this.#take() : this.#word("a namespace, such as company.product");
      this.#annotations();
      namespaces.set(scope.text, this.#dashed(name));
      return;
    }
    if (this.#next.kind !== "string") throw this.#unexpected(`the file to ${keyword} in quotes`);
    const path = this.#take();
    if (keyword === "include") includes.push({ path });
  }

  /** Namespaces of some languages have dashes in them, which no other name has. */
  #dashed(first: Token): string {
    const { text } = this.#source;
    let end = first.end;
    while (this.#next.start === end && /^[-\w.]+$/.test(this.#next.text)) end = this.#take().end;
    return first.kind === "string" ? first.text : text.slice(first.start, end);
  }

  #definition(): DefinitionSyntax {
    const start = this.#at;
    const keyword = this.#next;
    if (keyword.kind !== "word" || !DEFINITIONS.has(keyword.text)) throw this.#noDefinition();
    this.#take();
    switch (keyword.text) {
      case "const": {
        const type = this.#type();
        const name = this.#name("the constant");
        this.#symbol("=");
        const value = this.#value();
        return { kind: "constant", type, value, ...this.#named(name, start) };
      }
      case "typedef": {
        const type = this.#type();
        return { kind: "typedef", type, ...this.#named(this.#name("the typedef"), start) };
      }
      case "enum": {
        const name = this.#name("the enum");
        const opened = this.#at;
        const members = this.#body(() => this.#enumMember());
        return { kind: "enum", members, ...this.#named(name, start, opened) };
      }
      case "service": {
        const name = this.#name("the service");
        const extended = this.#accept("extends") ? this.#word("the service that is extended") : undefined;
        const opened = this.#at;
        const functions = this.#body(() => this.#function());
        return { kind: "service", extends: extended, functions, ...this.#named(name, start, opened) };
      }
      default: {
        const kind = keyword.text as StructSyntax["kind"];
        const name = this.#name(`the ${kind}`);
        const opened = this.#at;
        const fields = this.#body(() => this.#field());
        return { kind, fields, ...this.#named(name, start, opened) };
      }
    }
  }

  /** Why what comes next is no definition. Reports it. */
  #noDefinition(): typeof REPORTED {
    const { text } = this.#next;
    if (Object.hasOwn(FOREIGN, text)) return this.#report(this.#next, FOREIGN[text]!);
    const language = /^([a-z]+)_(?:namespace|package|module)$/.exec(text)?.[1];
    if (language !== undefined) return this.#report(this.#next, `${text} is no longer written: write namespace ${language} ...`);
    return this.#unexpected("include, namespace, const, typedef, enum, struct, union, exception or service");
  }

  #enumMember(): EnumMemberSyntax {
    const start = this.#at;
    const name = this.#name("the value");
    let value: Word | undefined;
    if (this.#accept("=")) {
      if (this.#next.kind !== "integer") throw this.#unexpected("a whole number");
      value = this.#take();
    }
    return { value, ...this.#named(name, start) };
  }

  #field(): FieldSyntax {
    const start = this.#at;
    let id: Word | undefined;
    if (this.#next.kind === "integer") {
      id = this.#take();
      this.#symbol(":");
    }
    let requiredness: FieldSyntax["requiredness"] = "default";
    if (this.#next.text === "required" || this.#next.text === "optional") requiredness = this.#take().text as "required" | "optional";
    const type = this.#type();
    this.#accept("&"); // how C++ holds it
    const name = this.#name("the field");
    const value = this.#accept("=") ? this.#value() : undefined;
    return { id, requiredness, type, value, ...this.#named(name, start) };
  }

  #function(): FunctionSyntax {
    const start = this.#at;
    if (this.#next.text === "async") throw this.#report(this.#next, "async is no longer written: write oneway");
    const oneway = this.#accept("oneway");
    const returns = this.#accept("void") ? undefined : this.#type();
    const name = this.#name("the function");
    const args = this.#list("(", ")", () => this.#field());
    const throws = this.#accept("throws") ? this.#list("(", ")", () => this.#field()) : [];
    return { oneway, returns, arguments: args, throws, ...this.#named(name, start) };
  }

  #type(): TypeSyntax {
    return this.#nested(() => {
      const name = this.#word("a type");
      switch (name.text) {
        case "list":
        case "set": {
          this.#cppType();
          this.#symbol("<");
          const element = this.#type();
          this.#symbol(">");
          this.#cppType();
          return { kind: name.text, element, annotations: this.#annotations() };
        }
        case "map": {
          this.#cppType();
          this.#symbol("<");
          const key = this.#type();
          this.#symbol(",");
          const value = this.#type();
          this.#symbol(">");
          return { kind: "map", key, value, annotations: this.#annotations() };
        }
        default:
          return { kind: "name", name, annotations: this.#annotations() };
      }
    });
  }

  #cppType(): void {
    if (!this.#accept("cpp_type")) return;
    if (this.#next.kind !== "string") throw this.#unexpected("the C++ type in quotes");
    this.#take();
  }

  #value(): ValueSyntax {
    return this.#nested(() => {
      const first = this.#next;
      switch (first.kind) {
        case "integer":
        case "double":
        case "string":
          this.#take();
          return { kind: first.kind, word: first };
        case "word":
          this.#take();
          return { kind: "name", word: first };
        case "symbol":
        case "end":
          break;
      }
      if (first.text === "[") {
        const elements = this.#list("[", "]", () => this.#value());
        return { kind: "list", elements, word: this.#from(first) };
      }
      if (first.text === "{") {
        const entries = this.#list("{", "}", () => {
          const key = this.#value();
          this.#symbol(":");
          return [key, this.#value()] as const;
        });
        return { kind: "map", entries, word: this.#from(first) };
      }
      throw this.#unexpected("a value");
    });
  }

  /** From a token to the one taken last. */
  #from(first: Token): Word {
    const { end } = this.#tokens[this.#at - 1]!;
    return { text: this.#source.text.slice(first.start, end), start: first.start, end };
  }

  #annotations(): Annotations {
    if (this.#next.text !== "(" || this.#next.kind !== "symbol") return NONE;
    const found = new Map<string, string[]>();
    this.#list("(", ")", () => {
      const key = this.#word("the annotation's name");
      let value = "1";
      if (this.#accept("=")) {
        if (this.#next.kind !== "string") throw this.#unexpected("the annotation's value in quotes");
        value = this.#take().text;
      }
      const values = found.get(key.text);
      if (values === undefined) found.set(key.text, [value]);
      else values.push(value);
    });
    return found;
  }

  /**
   * Reads the annotations behind a thing, and its comments. It began at the token `start`; `opened` is the token of its
   * opening bracket, behind which a comment is also about the whole.
   */
  #named(name: Token, start: number, opened?: number): NamedSyntax {
    const annotations = this.#annotations();
    const last = this.#at - 1;
    this.#separator();
    const source = this.#source;
    let comment = commentBefore(source, this.#tokens, start);
    if (opened !== undefined) comment = joinComments(comment, commentBehind(source, this.#tokens, opened, opened + 1));
    // Behind a bracket that closes many lines, comments only repeat the name.
    if (opened === undefined || source.line(this.#tokens[start]!.start) === source.line(this.#tokens[last]!.end)) {
      comment = joinComments(comment, commentBehind(source, this.#tokens, last, this.#at));
    }
    return { name, comment, annotations };
  }

  /** Things between `{` and `}`, each on its own: an error in one leaves the others. */
  #body<T>(one: () => T): T[] {
    const opened = this.#symbol("{");
    const found: T[] = [];
    while (this.#next.text !== "}" || this.#next.kind !== "symbol") {
      if (this.#next.kind === "end" || this.#definitionBegins()) {
        throw this.#report(this.#next, `this { is never closed: expected } before ${described(this.#next)}`, opened);
      }
      this.#recovering(
        () => found.push(one()),
        () => this.#skipToMember(),
      );
    }
    this.#take();
    return found;
  }

  /** Things between brackets; the first error ends it. */
  #list<T>(open: string, close: string, one: () => T): T[] {
    const opened = this.#symbol(open);
    const found: T[] = [];
    while (this.#next.text !== close || this.#next.kind !== "symbol") {
      if (this.#next.kind === "end")
        throw this.#report(opened, `this ${open} is never closed: expected ${close} before the end of the file`);
      found.push(one());
      this.#separator();
    }
    this.#take();
    return found;
  }

  /** Whether what comes next can only be the next definition: a keyword at the start of a line, and what follows it. */
  #definitionBegins(): boolean {
    const { text, kind, start } = this.#next;
    if (kind !== "word" || !DEFINITIONS.has(text)) return false;
    const column = this.#source.locate(start).column;
    return column === 1 && this.#tokens[this.#at + 1]?.kind === "word";
  }

  #recovering(read: () => void, skip: () => void): void {
    const start = this.#at;
    const depth = this.#depth;
    try {
      read();
    } catch (error) {
      if (error !== REPORTED) throw error;
      this.#depth = depth;
      if (this.#at === start) this.#take();
      skip();
    }
  }

  /** After an error in a member: on to the next line that is not inside brackets, or to the end of the body. */
  #skipToMember(): void {
    let open = 0;
    for (;;) {
      const token = this.#next;
      if (token.kind === "end" || this.#definitionBegins()) return;
      if (open <= 0 && (token.text === "}" || this.#startsLine())) return;
      if (token.kind === "symbol" && "({[".includes(token.text)) open++;
      if (token.kind === "symbol" && ")}]".includes(token.text)) open--;
      this.#take();
    }
  }

  #skipToDefinition(): void {
    while (this.#next.kind !== "end") {
      if ((DEFINITIONS.has(this.#next.text) || HEADERS.has(this.#next.text)) && this.#startsLine()) return;
      this.#take();
    }
  }

  #startsLine(): boolean {
    return this.#at === 0 || this.#source.line(this.#next.start) > this.#source.line(this.#tokens[this.#at - 1]!.end);
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw this.#report(this.#next, `types and values may be nested ${MAX_DEPTH} deep`);
    const value = read();
    this.#depth--;
    return value;
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  /** The `end` is never passed. */
  #take(): Token {
    const token = this.#next;
    if (token.kind !== "end") this.#at++;
    return token;
  }

  #accept(text: string): boolean {
    if (this.#next.text !== text || this.#next.kind === "string") return false;
    this.#take();
    return true;
  }

  #separator(): void {
    if (this.#next.kind === "symbol" && (this.#next.text === "," || this.#next.text === ";")) this.#take();
  }

  #symbol(text: string): Token {
    if (this.#next.kind !== "symbol" || this.#next.text !== text) throw this.#unexpected(text);
    return this.#take();
  }

  /** A word that may have dots. */
  #word(expected: string): Token {
    if (this.#next.kind !== "word") throw this.#unexpected(expected);
    return this.#take();
  }

  #name(what: string): Token {
    const name = this.#word(`the name of ${what}`);
    if (name.text.includes(".")) throw this.#report(name, `the name of ${what} may have no dots`);
    return name;
  }

  #unexpected(expected: string): typeof REPORTED {
    return this.#report(this.#next, `expected ${expected}, got ${described(this.#next)}`);
  }

  /** Reports a problem at a token; what is returned is to be thrown. `at` is where it is shown, if elsewhere. */
  #report(token: Token, message: string, at: Token = token): typeof REPORTED {
    this.#problems.add(this.#source, at.start, at.end, message);
    return REPORTED;
  }
}

function described(token: Token): string {
  if (token.kind === "end") return "the end of the file";
  return token.kind === "string" ? `the string ${JSON.stringify(token.text)}` : token.text;
}
