/** Types as IDL writes them, for texts and comments. */
import type { Document, Type } from "./model.ts";

/** A type as it would be written in the file `from`; names from other files have that file's name before them. */
export function typeText(type: Type, from?: Document): string {
  switch (type.kind) {
    case "list":
    case "set":
      return `${type.kind}<${typeText(type.element, from)}>`;
    case "map":
      return `map<${typeText(type.key, from)}, ${typeText(type.value, from)}>`;
    case "enum":
    case "struct":
    case "typedef": {
      const { name, document } = type.definition;
      return from === undefined || from === document ? name : `${document.name}.${name}`;
    }
    case "bool":
    case "byte":
    case "i16":
    case "i32":
    case "i64":
    case "double":
    case "string":
    case "binary":
    case "uuid":
      return type.kind;
  }
}
