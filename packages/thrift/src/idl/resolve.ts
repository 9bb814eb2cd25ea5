/**
 * Syntax to model: looks up every name and checks what grammar cannot. Definitions are made first, empty, so that they
 * can refer to one another in any order and in circles; then they are filled.
 */
import type { Idempotency, MethodKind } from "@kiteline/core";
import { circleFrom, defaultsIn, typedefsIn } from "./circles.ts";
import type { Problems } from "./idl-error.ts";
import type {
  BaseType,
  Constant,
  Document,
  Enum,
  EnumMember,
  Field,
  Include,
  Named,
  Service,
  ServiceFunction,
  Struct,
  Type,
  Typedef,
} from "./model.ts";
import { annotation, functionsOf, plainType, typeText } from "./model.ts";
import { parseInteger } from "./integer.ts";
import { Scope, type Declared } from "./scope.ts";
import type { Source } from "./source.ts";
import type {
  DefinitionSyntax,
  EnumSyntax,
  FieldSyntax,
  FileSyntax,
  FunctionSyntax,
  NamedSyntax,
  ServiceSyntax,
  StructSyntax,
  TypeSyntax,
  Word,
} from "./syntax.ts";
import { ValueReader } from "./values.ts";

/** A definition while it is being filled. */
type Filling<T> = { -readonly [K in keyof T]: T[K] };

const BASE_TYPES: Readonly<Record<string, BaseType["kind"]>> = {
  bool: "bool",
  byte: "byte",
  i8: "byte",
  i16: "i16",
  i32: "i32",
  i64: "i64",
  double: "double",
  string: "string",
  slist: "string",
  binary: "binary",
  uuid: "uuid",
};
const CONTAINERS: ReadonlySet<string> = new Set(["list", "set", "map", "void"]);

/** What the annotation `streaming.mode` says, as in Kitex. */
const STREAMING: Readonly<Record<string, MethodKind>> = {
  unary: "unary",
  client: "client_stream",
  server: "server_stream",
  bidirectional: "bidi_stream",
};
const IDEMPOTENCY: Readonly<Record<string, Idempotency>> = {
  "1": "idempotent",
  true: "idempotent",
  false: "unknown",
  no_side_effects: "no_side_effects",
};

const I16 = { least: -0x8000, most: 0x7fff };
const I32 = { least: -0x8000_0000, most: 0x7fff_ffff };

/** Resolves one file whose includes are resolved already. What is wrong is added to `problems`. */
export function resolve(file: FileSyntax, name: string, includes: readonly Include[], problems: Problems): Document {
  return new Resolver(file, name, includes, problems).resolve();
}

class Resolver {
  readonly #file: FileSyntax;
  readonly #source: Source;
  readonly #problems: Problems;
  readonly #document: Document;
  readonly #scope: Scope;
  readonly #values: ValueReader;
  /** What has a default or a value, to be read when all types are known. */
  readonly #later: (() => void)[] = [];
  /** Fields with defaults, to be checked when all of those are read. */
  readonly #defaults = new Map<Field, Word>();

  constructor(file: FileSyntax, name: string, includes: readonly Include[], problems: Problems) {
    this.#file = file;
    this.#source = file.source;
    this.#problems = problems;
    this.#document = {
      path: file.source.path,
      name,
      comment: file.comment,
      includes,
      namespaces: file.namespaces,
      typedefs: [],
      constants: [],
      enums: [],
      structs: [],
      services: [],
    };
    this.#scope = new Scope(this.#document);
    this.#values = new ValueReader(this.#source, this.#scope, problems);
  }

  resolve(): Document {
    const declared = this.#file.definitions.map((syntax) => ({ syntax, definition: this.#declare(syntax) }));
    for (const { syntax, definition } of declared) this.#fill(syntax, definition);
    for (const typedef of this.#document.typedefs) this.#checkCircle(typedef, (one) => typedefsIn(one.type));
    for (const service of this.#document.services) this.#checkCircle(service, (one) => (one.extends === undefined ? [] : [one.extends]));
    // Later steps follow typedefs and services to their ends, which circles do not have.
    if (!this.#problems.none) return this.#document;
    for (const each of this.#later) each();
    for (const constant of this.#document.constants) this.#values.constant(constant);
    if (!this.#problems.none) return this.#document;
    for (const [field, name] of this.#defaults) {
      if (circleFrom(field, defaultsIn) !== undefined)
        this.#report(name, `the default of ${name.text} is made of itself: give the inner one a value`);
    }
    return this.#document;
  }

  #declare(syntax: DefinitionSyntax): Declared {
    const { name } = syntax;
    if (Object.hasOwn(BASE_TYPES, name.text) || CONTAINERS.has(name.text)) {
      this.#report(name, `${name.text} is the name of a type of Thrift's own: choose another`);
    }
    const definition = this.#empty(syntax);
    const other = this.#scope.declare(definition);
    if (other !== undefined)
      this.#report(name, `${name.text} is already a ${other.kind}, at line ${other.location.line}: choose another name`);
    return definition;
  }

  #empty(syntax: DefinitionSyntax): Declared {
    const document = this.#document;
    const common = { ...this.#named(syntax), document };
    const add = <T>(list: readonly T[], definition: T): T => {
      (list as T[]).push(definition);
      return definition;
    };
    // Types and values are put in by #fill.
    const nothing = undefined as never;
    switch (syntax.kind) {
      case "typedef":
        return add<Typedef>(document.typedefs, { kind: "typedef", ...common, type: nothing });
      case "constant":
        return add<Constant>(document.constants, { kind: "constant", ...common, type: nothing, value: nothing });
      case "enum":
        return add<Enum>(document.enums, { kind: "enum", ...common, members: [] });
      case "service":
        return add<Service>(document.services, { kind: "service", ...common, extends: undefined, functions: [] });
      case "struct":
      case "union":
      case "exception":
        return add<Struct>(document.structs, { kind: syntax.kind, ...common, fields: [] });
    }
  }

  #named(syntax: NamedSyntax): Named {
    const { name, comment, annotations } = syntax;
    return { name: name.text, comment, annotations, location: this.#source.locate(name.start) };
  }

  #fill(syntax: DefinitionSyntax, definition: Declared): void {
    switch (syntax.kind) {
      case "typedef":
        (definition as Filling<Typedef>).type = this.#type(syntax.type);
        break;
      case "constant": {
        const constant = definition as Filling<Constant>;
        constant.type = this.#type(syntax.type);
        this.#values.await(constant, syntax.value);
        break;
      }
      case "enum":
        (definition as Filling<Enum>).members = this.#members(syntax);
        break;
      case "struct":
      case "union":
      case "exception":
        (definition as Filling<Struct>).fields = this.#structFields(syntax);
        break;
      case "service":
        this.#fillService(syntax, definition as Filling<Service>);
        break;
    }
  }

  #members(syntax: EnumSyntax): EnumMember[] {
    let next = 0;
    const members = syntax.members.map((member) => {
      const value = member.value === undefined ? next : this.#integer(member.value, "an enum's value", I32);
      if (value > I32.most) this.#report(member.name, `the number after ${I32.most} is no i32: give ${member.name.text} a value`);
      next = value + 1;
      return { ...this.#named(member), value };
    });
    this.#checkNames(syntax.members, `the enum ${syntax.name.text}`);
    return members;
  }

  #structFields(syntax: StructSyntax): Field[] {
    const what = `the ${syntax.kind} ${syntax.name.text}`;
    const fields = this.#fields(syntax.fields, what);
    if (syntax.kind !== "union") return fields;
    const withDefault = syntax.fields.filter((field) => field.value !== undefined);
    if (withDefault.length > 1) this.#report(withDefault[1]!.name, `${what} has a second default: of a union only one field is set`);
    return fields.map((field) => ({ ...field, requiredness: "optional" }));
  }

  #fields(syntaxes: readonly FieldSyntax[], what: string): Field[] {
    const ids = new Map<number, FieldSyntax>();
    const written = syntaxes.flatMap((syntax) => (syntax.id === undefined ? [] : [Number(syntax.id.text)]));
    let free = Math.max(0, ...written) + 1;
    const fields = syntaxes.map((syntax) => {
      const { id: word, name } = syntax;
      if (word === undefined)
        this.#report(name, `${name.text} has no id: write ${free}: before it (an id must never change once it is in use)`);
      const id = word === undefined ? free++ : this.#integer(word, "a field's id", I16);
      const other = ids.get(id);
      if (other !== undefined) this.#report(word ?? name, `the id ${id} is already that of ${other.name.text}: ${free++} is free`);
      ids.set(id, syntax);
      const field: Filling<Field> = {
        ...this.#named(syntax),
        id,
        requiredness: syntax.requiredness,
        type: this.#type(syntax.type),
        value: undefined,
      };
      const { value } = syntax;
      if (value !== undefined) this.#defaults.set(field, name);
      if (value !== undefined) this.#later.push(() => (field.value = this.#values.read(value, field.type, `the default of ${name.text}`)));
      return field;
    });
    this.#checkNames(syntaxes, what);
    return fields;
  }

  #fillService(syntax: ServiceSyntax, service: Filling<Service>): void {
    if (syntax.extends !== undefined) {
      const found = this.#scope.find(syntax.extends.text);
      if (found?.kind === "service") service.extends = found;
      else this.#unknown(syntax.extends, found, "a service");
    }
    service.functions = syntax.functions.map((each) => this.#function(each));
    this.#checkNames(syntax.functions, `the service ${syntax.name.text}`);
    this.#later.push(() => {
      const inherited = new Map(service.extends === undefined ? [] : functionsOf(service.extends).map((each) => [each.name, each]));
      for (const { name } of syntax.functions) {
        const { location } = inherited.get(name.text) ?? {};
        if (location !== undefined) {
          this.#report(
            name,
            `${name.text} is inherited from ${location.path}:${location.line} and cannot be declared again: choose another name`,
          );
        }
      }
    });
  }

  #function(syntax: FunctionSyntax): ServiceFunction {
    const { name, oneway } = syntax;
    const returns = syntax.returns === undefined ? undefined : this.#type(syntax.returns);
    const args = this.#fields(syntax.arguments, `the arguments of ${name.text}`);
    const throws = this.#fields(syntax.throws, `the exceptions of ${name.text}`);
    syntax.throws.forEach((thrown, index) => this.#checkThrown(thrown, throws[index]!));
    if (oneway && returns !== undefined) this.#report(name, `${name.text} is oneway, so that nothing comes back: its type must be void`);
    if (oneway && throws.length > 0) this.#report(name, `${name.text} is oneway, so that nothing comes back: it cannot throw`);
    const kind = this.#kind(syntax);
    const streams = kind !== "unary" && kind !== "oneway";
    if (streams) this.#checkStream(syntax, args, returns);
    const idempotency =
      this.#word(syntax, "idempotent", IDEMPOTENCY) ?? this.#word(syntax, "kiteline.idempotent", IDEMPOTENCY) ?? "unknown";
    return { ...this.#named(syntax), kind, idempotency, returns, arguments: args, throws };
  }

  /** What is streamed is structs by themselves, which nothing else could be told apart in. */
  #checkStream({ name }: FunctionSyntax, args: readonly Field[], returns: Type | undefined): void {
    const types = args.map(({ type }) => type);
    if (returns !== undefined) types.push(returns);
    this.#later.push(() => {
      const structs = types.filter((type) => plainType(type).kind === "struct").length;
      if (args.length === 1 && returns !== undefined && structs === 2) return;
      this.#report(name, `${name.text} streams (streaming.mode): it takes exactly one argument and returns a type, both of them structs`);
    });
  }

  #kind(syntax: FunctionSyntax): MethodKind {
    const kind = this.#word(syntax, "streaming.mode", STREAMING) ?? "unary";
    if (!syntax.oneway) return kind;
    if (kind !== "unary") this.#report(syntax.name, `${syntax.name.text} is oneway and cannot stream: remove streaming.mode`);
    return "oneway";
  }

  /** What an annotation of few words says. */
  #word<T>(syntax: NamedSyntax, key: string, words: Readonly<Record<string, T>>): T | undefined {
    const value = annotation(syntax, key);
    if (value === undefined) return undefined;
    if (!Object.hasOwn(words, value)) {
      this.#report(
        syntax.name,
        `expected the annotation ${key} to be one of ${Object.keys(words).join(", ")}, got ${JSON.stringify(value)}`,
      );
    }
    return words[value];
  }

  #checkThrown(syntax: FieldSyntax, field: Field): void {
    if (field.id < 1 && syntax.id !== undefined) this.#report(syntax.id, "the ids of exceptions begin with 1: 0 is the result");
    this.#later.push(() => {
      const type = plainType(field.type);
      if (type.kind === "struct" && type.definition.kind === "exception") return;
      this.#report(syntax.name, `${syntax.name.text} cannot be thrown: expected an exception, got ${typeText(type)}`);
    });
  }

  #type(syntax: TypeSyntax): Type {
    const { annotations } = syntax;
    switch (syntax.kind) {
      case "list":
      case "set":
        return { kind: syntax.kind, element: this.#type(syntax.element), annotations };
      case "map":
        return { kind: "map", key: this.#type(syntax.key), value: this.#type(syntax.value), annotations };
      case "name":
        break;
    }
    const { name } = syntax;
    if (Object.hasOwn(BASE_TYPES, name.text)) return { kind: BASE_TYPES[name.text]!, annotations };
    const found = this.#scope.find(name.text);
    switch (found?.kind) {
      case "typedef":
        return { kind: "typedef", definition: found, annotations };
      case "enum":
        return { kind: "enum", definition: found, annotations };
      case "struct":
      case "union":
      case "exception":
        return { kind: "struct", definition: found, annotations };
      case "constant":
      case "service":
      case undefined:
        this.#unknown(name, found, "a type");
        return { kind: "bool", annotations };
    }
  }

  #unknown(name: Word, found: Declared | undefined, expected: string): void {
    const why = found === undefined ? this.#scope.whyUnknown(name.text) : `it is a ${found.kind}`;
    this.#report(name, `expected ${expected}, but ${name.text} is none: ${why}`);
  }

  #integer(word: Word, what: string, { least, most }: { readonly least: number; readonly most: number }): number {
    const value = parseInteger(word.text);
    if (value < least || value > most) this.#report(word, `${what} must be between ${least} and ${most}, got ${word.text}`);
    return Number(value);
  }

  #checkNames(syntaxes: readonly NamedSyntax[], what: string): void {
    const seen = new Set<string>();
    for (const { name } of syntaxes) {
      if (seen.has(name.text)) this.#report(name, `${what} already has a ${name.text}: choose another name`);
      seen.add(name.text);
    }
  }

  #checkCircle<T extends Typedef | Service>(start: T, next: (one: T) => readonly T[]): void {
    const path = circleFrom(start, next);
    if (path === undefined) return;
    const at = this.#file.definitions.find((syntax) => syntax.name.text === start.name)!;
    this.#report(at.name, `the ${start.kind} ${start.name} is made of itself: ${path.map((each) => each.name).join(" -> ")}`);
  }

  #report(word: Word, message: string): void {
    this.#problems.add(this.#source, word.start, word.end, message);
  }
}
