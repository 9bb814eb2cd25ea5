/** What all parts of the grammar share while a file is parsed. */
import type { Problems, Source } from "@kiteline/thrift";
import { Cursor } from "./cursor.ts";
import { Edition, type Element, type FileDescriptorProto } from "./descriptor.ts";
import type { ImportSyntax, OptionsKind, OptionsSyntax, Place } from "./syntax.ts";
import type { Word } from "./tokens.ts";

export class Parsing {
  readonly cursor: Cursor;
  readonly file: FileDescriptorProto;
  readonly places: Map<object, Place> = new Map();
  readonly options: OptionsSyntax[] = [];
  readonly imports: ImportSyntax[] = [];
  packageName: Word | undefined;
  edition: number = Edition.EDITION_PROTO2;

  constructor(source: Source, problems: Problems) {
    this.cursor = new Cursor(source, problems);
    this.file = {
      name: source.path,
      dependency: [],
      publicDependency: [],
      weakDependency: [],
      optionDependency: [],
      messageType: [],
      enumType: [],
      service: [],
      extension: [],
    };
  }

  /** Whether the file is of an edition, and not proto2 or proto3. */
  get hasFeatures(): boolean {
    return this.edition >= Edition.EDITION_2023;
  }

  /** Where options of a thing are collected; nothing is kept of things without any. */
  optionsOf(kind: OptionsKind, scope: string, ...targets: Element[]): OptionsSyntax {
    return { kind, scope, targets, settings: [] };
  }

  keep(options: OptionsSyntax): void {
    if (options.settings.length > 0) this.options.push(options);
  }
}
