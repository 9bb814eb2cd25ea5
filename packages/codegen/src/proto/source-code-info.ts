/** Where the comments of a file stand, as `SourceCodeInfo`. What has no comments is left out: nobody asks for its place. */
import { commentsAt } from "./comments.ts";
import type { DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, Location } from "./descriptor.ts";
import type { ParsedFile } from "./syntax.ts";

/** Numbers of fields in descriptor.proto, of which paths consist. */
const FILE = { message: 4, enum: 5, service: 6, extension: 7, syntax: 12 } as const;
const MESSAGE = { field: 2, nested: 3, enum: 4, range: 5, extension: 6, oneof: 8 } as const;
const MEMBER = 2;

export function sourceCodeInfo(parsed: ParsedFile): { location: Location[] } {
  const location: Location[] = [];
  const add = (thing: object, path: readonly number[]): void => {
    const place = parsed.places.get(thing);
    if (place === undefined) return;
    const comments = commentsAt(parsed, place);
    if (comments === undefined) return;
    location.push({
      path: [...path],
      span: spanOf(parsed, place.first, place.last ?? place.opened),
      leadingComments: comments.leading,
      trailingComments: comments.trailing,
      leadingDetachedComments: comments.detached,
    });
  };
  const inEnum = (descriptor: EnumDescriptorProto, path: readonly number[]): void => {
    add(descriptor, path);
    for (const [index, each] of descriptor.value.entries()) add(each, [...path, MEMBER, index]);
  };
  const fields = (all: readonly FieldDescriptorProto[], path: readonly number[]): void => {
    for (const [index, each] of all.entries()) add(each, [...path, index]);
  };
  const inMessage = (message: DescriptorProto, path: readonly number[]): void => {
    // A map's comment is that of its field.
    if (message.options?.mapEntry === true) return;
    add(message, path);
    fields(message.field, [...path, MESSAGE.field]);
    for (const [index, each] of message.nestedType.entries()) inMessage(each, [...path, MESSAGE.nested, index]);
    for (const [index, each] of message.enumType.entries()) inEnum(each, [...path, MESSAGE.enum, index]);
    for (const [index, each] of message.extensionRange.entries()) add(each, [...path, MESSAGE.range, index]);
    fields(message.extension, [...path, MESSAGE.extension]);
    for (const [index, each] of message.oneofDecl.entries()) add(each, [...path, MESSAGE.oneof, index]);
  };
  const { file } = parsed;
  add(file, [FILE.syntax]);
  for (const [index, each] of file.messageType.entries()) inMessage(each, [FILE.message, index]);
  for (const [index, each] of file.enumType.entries()) inEnum(each, [FILE.enum, index]);
  for (const [index, each] of file.service.entries()) {
    add(each, [FILE.service, index]);
    for (const [method, one] of each.method.entries()) add(one, [FILE.service, index, MEMBER, method]);
  }
  fields(file.extension, [FILE.extension]);
  return { location };
}

/** Line and column of the start, line (where it is another) and column of the end, counted from 0. */
function spanOf({ source, tokens }: ParsedFile, first: number, last: number): number[] {
  const start = source.locate(tokens[first]!.start);
  const end = source.locate(tokens[last]!.end);
  const lines = start.line === end.line ? [] : [end.line - 1];
  return [start.line - 1, start.column - 1, ...lines, end.column - 1];
}
