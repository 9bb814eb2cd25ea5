/** `enum`, and what is reserved in enums and messages. */
import type { DescriptorProto, EnumDescriptorProto, NumberRange } from "./descriptor.ts";
import { within } from "./names.ts";
import { parseOptionList, parseOptionStatement } from "./parse-options.ts";
import { MAX_FIELD_NUMBER, parseNumber, parseRanges } from "./parse-numbers.ts";
import type { Parsing } from "./parsing.ts";
import { textOf } from "./strings.ts";
import type { Word } from "./tokens.ts";

/** Parses what follows the keyword. `first` is the index of the statement's first token. */
export function parseEnum(parsing: Parsing, scope: string, first: number, visibility: number | undefined): EnumDescriptorProto {
  const { cursor } = parsing;
  const name = cursor.name("the name of the enum");
  const made: EnumDescriptorProto = { name: name.text, value: [], reservedRange: [], reservedName: [] };
  if (visibility !== undefined) made.visibility = visibility;
  parsing.places.set(made, { first, opened: cursor.at, name });
  const options = parsing.optionsOf("EnumOptions", scope, made);
  cursor.body(() => {
    if (cursor.accept(";")) return;
    if (cursor.is("option") && cursor.second.text !== "=") options.settings.push(parseOptionStatement(cursor));
    else if (cursor.is("reserved") && cursor.second.text !== "=") parseReserved(parsing, made, true);
    else parseValue(parsing, made, within(scope, name.text));
  });
  parsing.keep(options);
  return made;
}

function parseValue(parsing: Parsing, into: EnumDescriptorProto, scope: string): void {
  const { cursor } = parsing;
  const first = cursor.at;
  const name = cursor.name("the name of a value");
  cursor.expect("=");
  const number = parseNumber(cursor, "the number of the value", true);
  const made = { name: name.text, number: number.value };
  into.value.push(made);
  const options = parsing.optionsOf("EnumValueOptions", scope, made);
  parseOptionList(cursor, options.settings);
  parsing.keep(options);
  parsing.places.set(made, { first, opened: cursor.at, name, number: number.word });
  cursor.expect(";");
}

/** `reserved` numbers or names. Ranges of enums include their last number, those of messages do not. */
export function parseReserved(parsing: Parsing, into: DescriptorProto | EnumDescriptorProto, ofEnum: boolean): void {
  const { cursor } = parsing;
  cursor.expect("reserved");
  if (cursor.next.kind === "integer" || cursor.is("-")) {
    for (const { start, end, max, word } of parseRanges(cursor, ofEnum)) {
      const range: NumberRange = { start, end: ofEnum ? end : (max ? MAX_FIELD_NUMBER : end) + 1 };
      into.reservedRange.push(range);
      parsing.places.set(range, { first: cursor.at, opened: cursor.at, name: word });
    }
    cursor.expect(";");
    return;
  }
  do {
    const { text, word } = parseReservedName(parsing);
    if (into.reservedName.includes(text)) cursor.complain(word, `${text} is reserved twice`);
    into.reservedName.push(text);
  } while (cursor.accept(","));
  cursor.expect(";");
}

/** Editions write reserved names as names; before them they were strings. */
function parseReservedName({ cursor, hasFeatures }: Parsing): { readonly text: string; readonly word: Word } {
  if (hasFeatures) {
    if (cursor.next.kind === "string") throw cursor.report(cursor.next, "in editions, reserved names are written without quotes");
    const word = cursor.name("a number or name to reserve");
    return { text: word.text, word };
  }
  if (cursor.next.kind === "word") throw cursor.report(cursor.next, "before editions, reserved names are written in quotes");
  return textOf(cursor, "a number, or a name in quotes, to reserve");
}
