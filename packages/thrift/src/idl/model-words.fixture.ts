/** A model as the words of the IDL that says it, in one order and one way of writing: what was parsed must give them back. */
import {
  typeText,
  type Annotations,
  type Definition,
  type Document,
  type Field,
  type Service,
  type ServiceFunction,
  type Struct,
  type Value,
} from "./model.ts";

export function wordsOf(document: Document): string[] {
  const { typedefs, constants, enums, structs, services } = document;
  const definitions: readonly (Definition & { readonly words: () => string[] })[] = [
    ...typedefs.map((each) => ({ ...each, words: () => ["typedef", typeText(each.type), each.name] })),
    ...constants.map((each) => ({ ...each, words: () => ["const", typeText(each.type), each.name, "=", ...valueWords(each.value)] })),
    ...enums.map((each) => ({
      ...each,
      words: () => [
        "enum",
        each.name,
        "{",
        ...each.members.flatMap((one) => [one.name, "=", String(one.value), ...annotationWords(one)]),
        "}",
      ],
    })),
    ...structs.map((each) => ({ ...each, words: () => structWords(each) })),
    ...services.map((each) => ({ ...each, words: () => serviceWords(each) })),
  ];
  return [
    ...[...document.namespaces].flatMap(([scope, name]) => ["namespace", scope, name]),
    ...definitions
      .toSorted((a, b) => a.location.line - b.location.line || a.location.column - b.location.column)
      .flatMap((each) => [...each.words(), ...annotationWords(each)]),
  ];
}

function structWords(struct: Struct): string[] {
  return [struct.kind, struct.name, "{", ...struct.fields.flatMap((field) => fieldWords(field, struct.kind === "union")), "}"];
}

function fieldWords(field: Field, inUnion = false): string[] {
  const requiredness = field.requiredness === "default" || inUnion ? [] : [field.requiredness];
  const value = field.value === undefined ? [] : ["=", ...valueWords(field.value)];
  return [String(field.id), ":", ...requiredness, typeText(field.type), field.name, ...value, ...annotationWords(field)];
}

function serviceWords(service: Service): string[] {
  const base = service.extends === undefined ? [] : ["extends", service.extends.name];
  return ["service", service.name, ...base, "{", ...service.functions.flatMap(functionWords), "}"];
}

function functionWords(one: ServiceFunction): string[] {
  const throws = one.throws.length === 0 ? [] : ["throws", "(", ...one.throws.flatMap((field) => fieldWords(field)), ")"];
  return [
    ...(one.kind === "oneway" ? ["oneway"] : []),
    one.returns === undefined ? "void" : typeText(one.returns),
    one.name,
    "(",
    ...one.arguments.flatMap((field) => fieldWords(field)),
    ")",
    ...throws,
    ...annotationWords(one),
  ];
}

function annotationWords({ annotations }: { readonly annotations: Annotations }): string[] {
  if (annotations.size === 0) return [];
  return ["(", ...[...annotations].flatMap(([key, values]) => values.flatMap((value) => [key, "=", quoted(value)])), ")"];
}

function valueWords(value: Value): string[] {
  switch (value.kind) {
    case "bool":
    case "integer":
      return [String(value.value)];
    case "double":
      return [doubleWord(value.value)];
    case "string":
      return [quoted(value.value)];
    case "enum":
      return [value.member === undefined ? String(value.value) : `${value.definition.name}.${value.member.name}`];
    case "list":
      return ["[", ...value.elements.flatMap(valueWords), "]"];
    case "map":
      return ["{", ...value.entries.flatMap(([key, each]) => [...valueWords(key), ":", ...valueWords(each)]), "}"];
    case "struct":
      return ["{", ...[...value.fields].flatMap(([field, each]) => [quoted(field.name), ":", ...valueWords(each)]), "}"];
  }
}

export function doubleWord(value: number): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

export function quoted(text: string): string {
  const escaped = text.replace(/["\\\n\r\t]/g, (character) => ({ "\n": "\\n", "\r": "\\r", "\t": "\\t" })[character] ?? `\\${character}`);
  return `"${escaped}"`;
}
