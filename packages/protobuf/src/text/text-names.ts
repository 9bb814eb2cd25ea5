import type { Field } from "../schema/model.ts";

/** What a field is called in text: by its name, or as a group of proto2 is, by that of its type. */
export function textNameOf({ name, shape, extendee, file }: Field): string {
  if (shape.kind !== "message" || !shape.delimited || extendee !== undefined) return name;
  const type = shape.message.name.slice(shape.message.name.lastIndexOf(".") + 1);
  return type.toLowerCase() === name && shape.message.file === file ? type : name;
}
