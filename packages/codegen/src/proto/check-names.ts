/** How things are to be named since edition 2024, unless `features.enforce_naming_style` says otherwise. */
import type { DescriptorProto, Element, EnumDescriptorProto } from "./descriptor.ts";
import type { Linking } from "./linking.ts";

const PASCAL = { pattern: /^[A-Z][A-Za-z0-9]*$/, text: "PascalCase" };
/** A part that began with a digit could not be told from the one before it in other cases. */
const SNAKE = { pattern: /^[a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*$/, text: "lower_snake_case" };
const SCREAMING = { pattern: /^[A-Z][A-Z0-9]*(?:_[A-Z][A-Z0-9]*)*$/, text: "UPPER_SNAKE_CASE" };

/** Checks all names in a file. */
export function checkNamingStyle(linking: Linking): void {
  const { file, symbols } = linking;
  const features = symbols.features(file);
  const enforced = (thing: Element): boolean => features.get(thing)?.enforceNamingStyle === "style2024";
  const named = (thing: Element & { readonly name: string }, style: typeof PASCAL): void => {
    if (enforced(thing) && !style.pattern.test(thing.name)) {
      linking.about(thing, `since edition 2024 this must be named in ${style.text}, got ${thing.name}`);
    }
  };
  const inEnum = (descriptor: EnumDescriptorProto): void => {
    named(descriptor, PASCAL);
    for (const each of descriptor.value) named(each, SCREAMING);
  };
  const inMessage = (message: DescriptorProto): void => {
    if (message.options?.mapEntry === true) return;
    named(message, PASCAL);
    for (const each of [...message.field, ...message.oneofDecl, ...message.extension]) named(each, SNAKE);
    message.enumType.forEach(inEnum);
    message.nestedType.forEach(inMessage);
  };
  file.messageType.forEach(inMessage);
  file.enumType.forEach(inEnum);
  for (const each of file.extension) named(each, SNAKE);
  for (const service of file.service) {
    named(service, PASCAL);
    for (const each of service.method) named(each, PASCAL);
  }
  const word = linking.parsed.packageName;
  if (word !== undefined && enforced(file) && !word.text.split(".").every((part) => SNAKE.pattern.test(part))) {
    linking.complain(word, `since edition 2024 a package must be named in ${SNAKE.text}, got ${word.text}`);
  }
}
