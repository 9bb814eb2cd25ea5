/**
 * Tokens to descriptors, as protoc's parser reads them; names of types are looked up later, by `link.ts`. After an error
 * it goes on with the next statement, so that one run tells of all.
 *
 * Keywords are only keywords where they can be meant: a field may be called `message` or `optional`.
 */
import type { Problems, Source } from "@kiteline/thrift";
import { Edition } from "./descriptor.ts";
import { parseExtend, parseType } from "./parse-message.ts";
import { parseOptionStatement } from "./parse-options.ts";
import { parseService } from "./parse-service.ts";
import { Parsing } from "./parsing.ts";
import { textOf } from "./strings.ts";
import type { ParsedFile } from "./syntax.ts";
import type { Token } from "./tokens.ts";

const EDITIONS: Readonly<Record<string, number>> = { "2023": Edition.EDITION_2023, "2024": Edition.EDITION_2024 };

/** Parses one file. What is wrong is added to `problems`; what could be read is returned all the same. */
export function parse(source: Source, problems: Problems): ParsedFile {
  const parsing = new Parsing(source, problems);
  const { cursor, file, places, imports } = parsing;
  const options = parsing.optionsOf("FileOptions", "", file);
  cursor.recovering(() => parseSyntax(parsing));
  while (cursor.next.kind !== "end") {
    cursor.recovering(() => {
      if (cursor.is("}")) throw cursor.report(cursor.take(), "this } closes nothing");
      if (cursor.is("option")) options.settings.push(parseOptionStatement(cursor));
      else parseTopLevel(parsing);
    });
  }
  parsing.keep({ ...options, scope: file.package ?? "" });
  const { edition, packageName } = parsing;
  return { source, tokens: cursor.tokens, file, edition, packageName, imports, places, options: parsing.options };
}

function parseSyntax(parsing: Parsing): void {
  const { cursor, file } = parsing;
  const first = cursor.at;
  const keyword = cursor.next;
  if (!(keyword.text === "syntax" || keyword.text === "edition") || cursor.second.text !== "=") return;
  cursor.take();
  cursor.expect("=");
  const name = textOf(cursor, keyword.text === "syntax" ? '"proto2" or "proto3" in quotes' : '"2023" or "2024" in quotes');
  parsing.places.set(file, { first, opened: cursor.at, name: name.word });
  if (keyword.text === "syntax") {
    if (name.text !== "proto2" && name.text !== "proto3") {
      throw cursor.report(name.word, `the syntax may be "proto2" or "proto3", got "${name.text}"; for editions write edition = ...`);
    }
    if (name.text === "proto3") {
      parsing.edition = Edition.EDITION_PROTO3;
      file.syntax = "proto3";
    }
  } else {
    const edition = Object.hasOwn(EDITIONS, name.text) ? EDITIONS[name.text] : undefined;
    // What follows is most likely as in the newest edition that is known.
    parsing.edition = edition ?? Edition.EDITION_2024;
    if (edition === undefined) throw cursor.report(name.word, `the edition may be "2023" or "2024", got "${name.text}"`);
    file.syntax = "editions";
    file.edition = edition;
  }
  cursor.expect(";");
}

function parseTopLevel(parsing: Parsing): void {
  const { cursor, file } = parsing;
  const { text } = cursor.next;
  switch (text) {
    case ";":
      cursor.take();
      return;
    case "import":
      return parseImport(parsing);
    case "package":
      return parsePackage(parsing);
    case "message":
    case "enum":
    case "export":
    case "local":
      return parseType(parsing, file.package ?? "", file.messageType, file.enumType);
    case "extend":
      return parseExtend(parsing, file.package ?? "", file.extension, file.messageType);
    case "service":
      return parseService(parsing);
    case "syntax":
    case "edition":
      throw cursor.report(cursor.take(), `${text} must be the first statement of a file, and there only once`);
    default:
      throw cursor.unexpected("import, package, option, message, enum, extend or service");
  }
}

function parseImport(parsing: Parsing): void {
  const { cursor, file, imports } = parsing;
  cursor.take();
  const modifier: Token | undefined = cursor.next.kind === "word" ? cursor.take() : undefined;
  const kind = modifier === undefined ? "plain" : modifier.text;
  if (kind !== "plain" && kind !== "public" && kind !== "weak" && kind !== "option") {
    throw cursor.report(modifier!, `expected public, weak, option or a path in quotes, got ${kind}`);
  }
  if (kind === "option" && parsing.edition < Edition.EDITION_2024) {
    cursor.complain(modifier!, "option imports can be said from edition 2024 on");
  }
  if (kind === "weak" && parsing.edition >= Edition.EDITION_2024) {
    cursor.complain(modifier!, "weak imports cannot be said in edition 2024: use import option for what only options need");
  }
  const { text: path, word } = textOf(cursor, "the file to import in quotes");
  cursor.expect(";");
  if (imports.some((each) => each.path === path)) throw cursor.report(word, `${path} is imported twice`);
  if (kind !== "option" && file.optionDependency.length > 0) {
    cursor.complain(word, "option imports must stand behind all other imports");
  }
  imports.push({ kind, path, word });
  if (kind === "option") {
    file.optionDependency.push(path);
    return;
  }
  if (kind === "public") file.publicDependency.push(file.dependency.length);
  if (kind === "weak") file.weakDependency.push(file.dependency.length);
  file.dependency.push(path);
}

function parsePackage(parsing: Parsing): void {
  const { cursor, file } = parsing;
  const keyword = cursor.take();
  const name = cursor.path("the name of the package");
  cursor.expect(";");
  if (file.package !== undefined) throw cursor.report(keyword, `a file has one package, and this one is ${file.package} already`);
  if (name.text.length > 511) throw cursor.report(name, "the name of a package may be 511 characters long");
  if (name.text.split(".").length > 100) throw cursor.report(name, "the name of a package may have 100 parts");
  if (file.messageType.length + file.enumType.length + file.extension.length + file.service.length > 0) {
    throw cursor.report(keyword, "package must stand before what is defined in it");
  }
  file.package = name.text;
  parsing.packageName = name;
}
