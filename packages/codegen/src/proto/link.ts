/** Names of types in a parsed file to what they name: full names with a dot before them, and the types of fields. */
import { defaultText } from "./defaults.ts";
import { FieldType, Visibility, type DescriptorProto, type FieldDescriptorProto } from "./descriptor.ts";
import { notFound, type Linking } from "./linking.ts";
import { within } from "./names.ts";
import { UNKNOWN_TYPE } from "./parse-field.ts";
import { described, type ProtoSymbol, type Symbols } from "./symbols.ts";

/** Looks up all names of types. */
export function link(linking: Linking): void {
  const { file } = linking;
  const scope = file.package ?? "";
  for (const each of file.messageType) linkMessage(linking, each, scope);
  for (const each of file.extension) linkField(linking, each, scope);
  for (const service of file.service) {
    const inside = within(scope, service.name);
    for (const method of service.method) {
      method.inputType = messageName(linking, method, method.inputType, inside, "type");
      method.outputType = messageName(linking, method, method.outputType, inside, "response");
    }
  }
}

function linkMessage(linking: Linking, message: DescriptorProto, scope: string): void {
  const inside = within(scope, message.name);
  for (const each of message.nestedType) linkMessage(linking, each, inside);
  for (const each of message.field) linkField(linking, each, inside);
  for (const each of message.extension) linkField(linking, each, inside);
}

function linkField(linking: Linking, field: FieldDescriptorProto, scope: string): void {
  if (field.extendee !== undefined) {
    field.extendee = messageName(linking, field, field.extendee, scope, "extendee");
    const symbol = linking.symbols.of(field);
    if (symbol?.kind === "extension") {
      const before = linking.symbols.extend(field.extendee.slice(1), symbol);
      if (before !== undefined && before.descriptor !== field) {
        const where = before.file === linking.file ? "" : `, of ${before.file.name}`;
        linking.about(field, `extension ${field.number} of ${field.extendee.slice(1)} is ${before.fullName} already${where}`, "number");
      }
    }
  }
  if (field.typeName !== undefined) {
    const found = lookup(linking, field, field.typeName, scope, "type");
    if (found?.kind === "message" || found?.kind === "enum") {
      if (field.type === UNKNOWN_TYPE) field.type = found.kind === "enum" ? FieldType.ENUM : FieldType.MESSAGE;
      field.typeName = `.${found.fullName}`;
    } else if (found !== undefined) {
      linking.about(field, `expected a type, but ${field.typeName} is ${described(found)}`, "type");
    }
  }
  const value = linking.parsed.places.get(field)?.defaultValue;
  if (value === undefined) return;
  const text = defaultText(linking, field, value);
  if (text !== undefined) field.defaultValue = text;
}

function messageName(linking: Linking, thing: object, name: string, scope: string, part: "type" | "response" | "extendee"): string {
  const found = lookup(linking, thing, name, scope, part);
  if (found === undefined) return name;
  if (found.kind === "message") return `.${found.fullName}`;
  linking.about(thing, `expected a message, but ${name} is ${described(found)}`, part);
  return name;
}

type Looked = ReturnType<Symbols["find"]>;

function lookup(linking: Linking, thing: object, name: string, scope: string, part: "type" | "response" | "extendee"): Looked {
  const { symbols, visible, file } = linking;
  const found = symbols.find(name, scope, visible, true);
  if (found === undefined) {
    linking.about(thing, notFound(linking, name, scope, true), part);
    return undefined;
  }
  if (found.kind !== "package" && found.file !== file && isLocal(symbols, found)) {
    linking.about(thing, `${found.fullName} is local to ${found.file.name}: write export before it there`, part);
  }
  return found;
}

/** Whether a message or enum may be used in its own file only. Source: `features.default_symbol_visibility`. */
function isLocal(symbols: Symbols, symbol: ProtoSymbol): boolean {
  if (symbol.kind !== "message" && symbol.kind !== "enum") return false;
  const { visibility } = symbol.descriptor;
  if (visibility !== undefined) return visibility === Visibility.VISIBILITY_LOCAL;
  const setting = symbols.features(symbol.file).get(symbol.file)?.defaultSymbolVisibility;
  const topLevel = symbol.parent === (symbol.file.package ?? "");
  return setting === "local_all" || setting === "strict" || (setting === "export_top_level" && !topLevel);
}
