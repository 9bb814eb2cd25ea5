/** An extension that is known only by its schema, as the field `value` of a message that has no other. */
import type { MessageCodec } from "../codec.ts";
import type { Field } from "../schema/model.ts";
import { codecOf } from "../schema/schema-of.ts";
import { DynamicCodec } from "./dynamic-codec.ts";

export function extensionCodec(field: Field): MessageCodec {
  const type = { name: field.name, fields: [field], members: [field], byNumber: new Map([[field.number, field]]), file: field.file };
  return new DynamicCodec(type, codecOf);
}
