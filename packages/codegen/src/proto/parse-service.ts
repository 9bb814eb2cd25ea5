/** `service` and its methods. */
import type { MethodDescriptorProto, ServiceDescriptorProto } from "./descriptor.ts";
import { within } from "./names.ts";
import { parseOptionStatement } from "./parse-options.ts";
import type { Parsing } from "./parsing.ts";
import type { Word } from "./tokens.ts";

export function parseService(parsing: Parsing): void {
  const { cursor, file } = parsing;
  const first = cursor.at;
  const scope = file.package ?? "";
  cursor.expect("service");
  const name = cursor.name("the name of the service");
  const made: ServiceDescriptorProto = { name: name.text, method: [] };
  file.service.push(made);
  parsing.places.set(made, { first, opened: cursor.at, name });
  const options = parsing.optionsOf("ServiceOptions", scope, made);
  cursor.body(() => {
    if (cursor.accept(";")) return;
    if (cursor.is("option")) options.settings.push(parseOptionStatement(cursor));
    else if (cursor.is("rpc")) made.method.push(parseMethod(parsing, within(scope, name.text)));
    else throw cursor.unexpected("rpc or option");
  });
  parsing.keep(options);
}

function parseMethod(parsing: Parsing, scope: string): MethodDescriptorProto {
  const { cursor } = parsing;
  const first = cursor.at;
  cursor.expect("rpc");
  const name = cursor.name("the name of the method");
  const request = parseMessageName(parsing);
  cursor.expect("returns");
  const response = parseMessageName(parsing);
  const made: MethodDescriptorProto = { name: name.text, inputType: request.type.text, outputType: response.type.text };
  if (request.stream) made.clientStreaming = true;
  if (response.stream) made.serverStreaming = true;
  parsing.places.set(made, { first, opened: cursor.at, name, type: request.type, response: response.type });
  if (!cursor.is("{")) {
    cursor.expect(";");
    return made;
  }
  // As protoc has it: a method with a body has options, even if they are empty.
  made.options = { uninterpretedOption: [] };
  const options = parsing.optionsOf("MethodOptions", scope, made);
  cursor.body(() => {
    if (cursor.accept(";")) return;
    if (!cursor.is("option")) throw cursor.unexpected("option or }");
    options.settings.push(parseOptionStatement(cursor));
  });
  parsing.keep(options);
  return made;
}

/** `(stream Message)` */
function parseMessageName({ cursor }: Parsing): { readonly type: Word; readonly stream: boolean } {
  cursor.expect("(");
  // A message may be called stream, too, or be in a package of that name.
  const stream =
    cursor.is("stream") && cursor.second.text !== ")" && !(cursor.second.text === "." && cursor.second.start === cursor.next.end);
  if (stream) cursor.take();
  const type = cursor.path("the name of a message", true);
  cursor.expect(")");
  return { type, stream };
}
