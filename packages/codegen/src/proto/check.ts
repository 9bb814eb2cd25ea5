/** What must be true of a file beyond its grammar and names: the rules of proto2, proto3 and editions, each told with its line. */
import { checkEnum } from "./check-enum.ts";
import { checkExtension } from "./check-extension.ts";
import { checkField } from "./check-field.ts";
import { checkMessage } from "./check-message.ts";
import { checkNamingStyle } from "./check-names.ts";
import type { DescriptorProto } from "./descriptor.ts";
import type { Linking } from "./linking.ts";

/** Checks a file that is linked and whose options are interpreted. */
export function check(linking: Linking): void {
  const { file } = linking;
  const inMessage = (message: DescriptorProto): void => {
    // Entries of maps are checked with their field.
    if (message.options?.mapEntry === true && linking.parsed.places.get(message)?.name.text !== message.name) return;
    checkMessage(linking, message);
    for (const each of message.field) checkField(linking, each);
    for (const each of message.extension) checkExtension(linking, each);
    for (const each of message.enumType) checkEnum(linking, each);
    for (const each of message.nestedType) inMessage(each);
  };
  for (const each of file.messageType) inMessage(each);
  for (const each of file.extension) checkExtension(linking, each);
  for (const each of file.enumType) checkEnum(linking, each);
  checkNamingStyle(linking);
}
