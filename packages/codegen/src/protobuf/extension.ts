/** An extension: its description, with a codec that reads and writes it as if it were the field `value` of a message. */
import type { schema } from "@kiteline/protobuf";
import { block, lines, type Layout } from "../layout.ts";
import { docAt } from "./comment.ts";
import type { Module } from "./module.ts";
import { readFields } from "./read.ts";
import { fieldType, type Use } from "./types.ts";
import { writeField } from "./write.ts";

export function extensionText(module: Module, field: schema.Field): Layout {
  const type = (use: Use): string => `${fieldType(module, field, use)}${field.cardinality === "singular" ? " | undefined" : ""}`;
  const [read, init] = [type("read"), type("init")];
  const message = { fields: [field] } as unknown as schema.MessageType;
  const codec = block(
    "codec: {",
    [
      `name: ${JSON.stringify(field.name)},`,
      "file,",
      `empty: () => ({ value: ${field.cardinality === "repeated" ? "[]" : "undefined"} }),`,
      block("write(out, value) {", [writeField(module, field)], "},"),
      block(
        `read(inp, message = { value: ${field.cardinality === "repeated" ? "[]" : "undefined"} }) {`,
        [...readFields(module, message, "inp.skip(tag);"), "return message;"],
        "},",
      ),
    ],
    "},",
  );
  return lines([
    ...docAt(field.file, field.path, field.proto.options?.deprecated),
    block(
      `export const ${module.names.of(field)}: ${module.type("Extension")}<${read === init ? read : `${read}, ${init}`}> = {`,
      [`name: ${JSON.stringify(field.name)},`, `extendee: ${JSON.stringify(field.extendee!.name)},`, `number: ${field.number},`, codec],
      "};",
    ),
  ]);
}
