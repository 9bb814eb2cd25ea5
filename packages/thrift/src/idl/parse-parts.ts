/** The parts of the grammar that occur everywhere: types, values, annotations. */
import type { Cursor } from "./cursor.ts";
import type { Annotations } from "./model.ts";
import type { TypeSyntax, ValueSyntax, Word } from "./syntax.ts";
import type { Token } from "./tokens.ts";

const NONE: Annotations = new Map();

export function parseType(tokens: Cursor): TypeSyntax {
  return tokens.nested(() => {
    const name = tokens.word("a type");
    switch (name.text) {
      case "list":
      case "set": {
        passCppType(tokens);
        tokens.symbol("<");
        const element = parseType(tokens);
        tokens.symbol(">");
        passCppType(tokens);
        return { kind: name.text, element, annotations: parseAnnotations(tokens) };
      }
      case "map": {
        passCppType(tokens);
        tokens.symbol("<");
        const key = parseType(tokens);
        tokens.symbol(",");
        const value = parseType(tokens);
        tokens.symbol(">");
        return { kind: "map", key, value, annotations: parseAnnotations(tokens) };
      }
      default:
        return { kind: "name", name, annotations: parseAnnotations(tokens) };
    }
  });
}

/** How C++ holds a container, which is nobody else's concern. */
function passCppType(tokens: Cursor): void {
  if (tokens.accept("cpp_type")) tokens.string("the C++ type in quotes");
}

export function parseValue(tokens: Cursor): ValueSyntax {
  return tokens.nested(() => {
    const first = tokens.next;
    switch (first.kind) {
      case "integer":
      case "double":
      case "string":
        tokens.take();
        return { kind: first.kind, word: first };
      case "word":
        tokens.take();
        return { kind: "name", word: first };
      case "symbol":
      case "end":
        break;
    }
    if (first.text === "[") {
      const elements = tokens.list("[", "]", () => parseValue(tokens));
      return { kind: "list", elements, word: wordFrom(tokens, first) };
    }
    if (first.text === "{") {
      const entries = tokens.list("{", "}", () => {
        const key = parseValue(tokens);
        tokens.symbol(":");
        return [key, parseValue(tokens)] as const;
      });
      return { kind: "map", entries, word: wordFrom(tokens, first) };
    }
    throw tokens.unexpected("a value");
  });
}

/** From a token to the one taken last. */
function wordFrom(tokens: Cursor, first: Token): Word {
  const { end } = tokens.last;
  return { text: tokens.source.text.slice(first.start, end), start: first.start, end };
}

export function parseAnnotations(tokens: Cursor): Annotations {
  if (!tokens.isSymbol("(")) return NONE;
  const found = new Map<string, string[]>();
  tokens.list("(", ")", () => {
    const key = tokens.word("the annotation's name").text;
    const value = tokens.accept("=") ? tokens.string("the annotation's value in quotes").text : "1";
    found.set(key, [...(found.get(key) ?? []), value]);
  });
  return found;
}
