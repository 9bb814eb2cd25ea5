/** Constants and defaults: from what is written to values that fit their types. */
import type { Problems } from "./idl-error.ts";
import { parseInteger } from "./integer.ts";
import { plainType, type Constant, type Enum, type Field, type Struct, type Type, type Value, typeText } from "./model.ts";
import type { Scope } from "./scope.ts";
import type { Source } from "./source.ts";
import type { ValueSyntax, Word } from "./syntax.ts";

type PlainType = ReturnType<typeof plainType>;
type MapSyntax = Extract<ValueSyntax, { kind: "map" }>;

const BITS = { byte: 8, i16: 16, i32: 32, i64: 64 } as const;
/** The brackets are what some languages put around it. */
const UUID_FORM = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i;

/** Reads the values of one file. */
export class ValueReader {
  readonly #source: Source;
  readonly #scope: Scope;
  readonly #problems: Problems;
  /** Constants that were not read yet; one that is being read is `undefined`. */
  readonly #waiting = new Map<Constant, ValueSyntax | undefined>();

  constructor(source: Source, scope: Scope, problems: Problems) {
    this.#source = source;
    this.#scope = scope;
    this.#problems = problems;
  }

  /** Remembers the value of a constant, which is read when all types are known. */
  await(constant: Constant, value: ValueSyntax): void {
    this.#waiting.set(constant, value);
  }

  /** Reads a constant, unless another that names it came first. */
  constant(constant: Constant): void {
    const syntax = this.#waiting.get(constant);
    if (syntax === undefined) return;
    this.#waiting.set(constant, undefined);
    const value = this.read(syntax, constant.type, constant.name);
    if (value !== undefined) (constant as { value: Value }).value = value;
    this.#waiting.delete(constant);
  }

  /** Reads a value of `type`; `what` it is for is told in errors. Nothing when there was one. */
  read(syntax: ValueSyntax, type: Type, what: string): Value | undefined {
    const plain = plainType(type);
    switch (syntax.kind) {
      case "list":
        if (plain.kind === "list" || plain.kind === "set") return this.#list(syntax.elements, plain, what);
        if (syntax.elements.length === 0 && plain.kind === "map") return { kind: "map", entries: [] };
        return this.#wrong(syntax.word, plain, what, "a list");
      case "map":
        if (plain.kind === "map") return this.#map(syntax, plain, what);
        if (plain.kind === "struct") return this.#struct(syntax, plain.definition, what);
        if (syntax.entries.length === 0 && (plain.kind === "list" || plain.kind === "set")) return { kind: "list", elements: [] };
        return this.#wrong(syntax.word, plain, what, "a map");
      case "integer":
      case "double":
      case "string":
      case "name": {
        const given = this.#given(syntax.kind, syntax.word, plain, what);
        if (given === undefined) return undefined;
        return fit(given, plain) ?? this.#wrong(syntax.word, plain, what, described(given));
      }
    }
  }

  /** What a single word says, whatever its type should be. */
  #given(kind: "integer" | "double" | "string" | "name", word: Word, plain: PlainType, what: string): Value | undefined {
    switch (kind) {
      case "integer":
        return { kind: "integer", value: parseInteger(word.text) };
      case "double":
        return { kind: "double", value: Number(word.text) };
      case "string":
        return { kind: "string", value: word.text };
      case "name":
        break;
    }
    const { text } = word;
    if (text === "true" || text === "false") return { kind: "bool", value: text === "true" };
    const found = this.#scope.find(text);
    if (found?.kind === "constant") {
      if (this.#waiting.has(found) && this.#waiting.get(found) === undefined) {
        this.#report(word, `${what} cannot be ${text}: that is made of ${what} itself`);
        return undefined;
      }
      this.constant(found);
      return found.value;
    }
    // The type says which enum is meant, so that older files leave out its name, or that of its file.
    const own = plain.kind === "enum" ? memberOf(plain.definition, text) : undefined;
    if (own !== undefined) return own;
    const member = this.#scope.findMember(text);
    if (member !== undefined) return { kind: "enum", ...member, value: member.member.value };
    const why = found === undefined ? this.#scope.whyUnknown(text) : `it is a ${found.kind}`;
    this.#report(word, `expected a constant or the value of an enum for ${what}, but ${text} is none: ${why}`);
    return undefined;
  }

  #list(syntaxes: readonly ValueSyntax[], type: Extract<PlainType, { kind: "list" | "set" }>, what: string): Value {
    const elements: Value[] = [];
    const seen = new Set<string>();
    for (const syntax of syntaxes) {
      const value = this.read(syntax, type.element, `an element of ${what}`);
      if (value === undefined) continue;
      const text = identity(value);
      if (type.kind === "set" && seen.has(text)) continue;
      seen.add(text);
      elements.push(value);
    }
    return { kind: "list", elements };
  }

  #map(syntax: MapSyntax, type: Extract<PlainType, { kind: "map" }>, what: string): Value {
    const entries: [Value, Value][] = [];
    const seen = new Set<string>();
    for (const [keySyntax, valueSyntax] of syntax.entries) {
      const key = this.read(keySyntax, type.key, `a key of ${what}`);
      const value = this.read(valueSyntax, type.value, `a value of ${what}`);
      if (key === undefined || value === undefined) continue;
      const text = identity(key);
      if (seen.has(text)) this.#report(keySyntax.word, `${what} has this key twice`);
      seen.add(text);
      entries.push([key, value]);
    }
    return { kind: "map", entries };
  }

  #struct(syntax: MapSyntax, struct: Struct, what: string): Value {
    const fields = new Map<Field, Value>();
    for (const [key, valueSyntax] of syntax.entries) {
      const name = key.kind === "string" ? key.word.text : undefined;
      const field = struct.fields.find((each) => each.name === name);
      if (field === undefined) {
        const names = struct.fields.map((each) => JSON.stringify(each.name)).join(", ");
        this.#report(key.word, `${struct.name} has no field ${key.word.text}: expected one of ${names === "" ? "none" : names}`);
        continue;
      }
      if (fields.has(field)) this.#report(key.word, `${what} has ${field.name} twice`);
      const value = this.read(valueSyntax, field.type, `${field.name} of ${what}`);
      if (value !== undefined) fields.set(field, value);
    }
    if (struct.kind === "union" && syntax.entries.length !== 1) {
      this.#report(syntax.word, `${what} must set exactly one field of the union ${struct.name}, not ${syntax.entries.length}`);
    }
    const missing = struct.fields.find((each) => each.requiredness === "required" && each.value === undefined && !fields.has(each));
    // With other problems it may only seem to be missing.
    if (missing !== undefined && this.#problems.none)
      this.#report(syntax.word, `${what} lacks ${missing.name}, which ${struct.name} requires`);
    return { kind: "struct", definition: struct, fields };
  }

  #wrong(word: Word, plain: PlainType, what: string, got: string): undefined {
    this.#report(word, `expected ${expected(plain)} for ${what}, got ${got}`);
  }

  #report(word: Word, message: string): void {
    this.#problems.add(this.#source, word.start, word.end, message);
  }
}

/** A value as one of a type; nothing when it is none. Integers become doubles, enum values integers, and so on. */
function fit(value: Value, plain: PlainType): Value | undefined {
  switch (plain.kind) {
    case "bool":
      if (value.kind === "bool") return value;
      return value.kind === "integer" && (value.value === 0n || value.value === 1n)
        ? { kind: "bool", value: value.value === 1n }
        : undefined;
    case "byte":
    case "i16":
    case "i32":
    case "i64": {
      if (value.kind !== "integer" && value.kind !== "enum") return undefined;
      const integer = BigInt(value.value);
      return BigInt.asIntN(BITS[plain.kind], integer) === integer ? { kind: "integer", value: integer } : undefined;
    }
    case "double":
      if (value.kind === "integer") return { kind: "double", value: Number(value.value) };
      return value.kind === "double" && Number.isFinite(value.value) ? value : undefined;
    case "string":
    case "binary":
      return value.kind === "string" && value.value.isWellFormed() ? value : undefined;
    case "uuid": {
      const uuid = value.kind === "string" ? UUID_FORM.exec(value.value)?.[1] : undefined;
      return uuid === undefined ? undefined : { kind: "string", value: uuid.toLowerCase() };
    }
    case "enum": {
      const { definition } = plain;
      if (value.kind === "enum") return value.definition === definition ? value : undefined;
      if (value.kind !== "integer" || BigInt.asIntN(32, value.value) !== value.value) return undefined;
      const number = Number(value.value);
      return { kind: "enum", definition, value: number, member: definition.members.find((each) => each.value === number) };
    }
    case "list":
    case "set": {
      if (value.kind !== "list") return undefined;
      const elements = fitAll(value.elements, plain.element);
      return elements === undefined ? undefined : { kind: "list", elements };
    }
    case "map": {
      if (value.kind !== "map") return undefined;
      const keys = fitAll(
        value.entries.map(([key]) => key),
        plain.key,
      );
      const values = fitAll(
        value.entries.map(([, each]) => each),
        plain.value,
      );
      if (keys === undefined || values === undefined) return undefined;
      return { kind: "map", entries: keys.map((key, index) => [key, values[index]!]) };
    }
    case "struct":
      return value.kind === "struct" && value.definition === plain.definition ? value : undefined;
  }
}

function fitAll(values: readonly Value[], type: Type): Value[] | undefined {
  const plain = plainType(type);
  const fitted = values.map((value) => fit(value, plain));
  return fitted.every((value) => value !== undefined) ? fitted : undefined;
}

/** The value of an enum that `NAME`, `Enum.NAME` or `file.NAME` means. */
function memberOf(definition: Enum, text: string): Value | undefined {
  const [name = "", before, ...more] = text.split(".").reverse();
  const mayBeLeftOut = before === undefined || before === definition.name || before === definition.document.name;
  const member = mayBeLeftOut && more.length === 0 ? definition.members.find((each) => each.name === name) : undefined;
  return member === undefined ? undefined : { kind: "enum", definition, value: member.value, member };
}

/** The same text for the same values, and only for those. */
function identity(value: Value): string {
  switch (value.kind) {
    case "list":
      return `[${value.elements.map(identity).join(",")}]`;
    case "map":
      return `{${value.entries.map(([key, each]) => `${identity(key)}:${identity(each)}`).join(",")}}`;
    case "struct":
      return `(${[...value.fields].map(([field, each]) => `${field.id}:${identity(each)}`).join(",")})`;
    case "string":
      return JSON.stringify(value.value);
    case "bool":
    case "integer":
    case "double":
    case "enum":
      return String(value.value);
  }
}

function expected(plain: PlainType): string {
  switch (plain.kind) {
    case "byte":
    case "i16":
    case "i32":
    case "i64": {
      const half = 1n << BigInt(BITS[plain.kind] - 1);
      return `a whole number between ${-half} and ${half - 1n} (${plain.kind === "byte" ? "i8" : plain.kind})`;
    }
    case "bool":
      return "true or false";
    case "double":
      return "a number (double)";
    case "string":
    case "binary":
      return `a string in quotes (${plain.kind})`;
    case "uuid":
      return 'a UUID in quotes, of the form "00000000-0000-0000-0000-000000000000",';
    case "enum":
      return `a value of the enum ${plain.definition.name} (${plain.definition.name}.NAME)`;
    case "list":
    case "set":
      return `a ${typeText(plain)} in square brackets`;
    case "map":
      return `a ${typeText(plain)} in curly brackets`;
    case "struct":
      return `a ${plain.definition.name} in curly brackets`;
  }
}

function described(value: Value): string {
  switch (value.kind) {
    case "bool":
    case "integer":
    case "double":
      return String(value.value);
    case "string":
      return `the string ${JSON.stringify(value.value)}`;
    case "enum":
      return `${value.definition.name}.${value.member?.name ?? value.value}`;
    case "list":
    case "map":
      return `a ${value.kind}`;
    case "struct":
      return `a ${value.definition.name}`;
  }
}
