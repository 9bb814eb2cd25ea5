/**
 * From paths to descriptors: reads the files and what they import, parses, links and checks them, those first that
 * others import.
 */
import { Problems, Source } from "@kiteline/thrift";
import { check } from "./check.ts";
import type { FileDescriptorProto } from "./descriptor.ts";
import { interpretOptions } from "./interpret.ts";
import { link } from "./link.ts";
import { Linking } from "./linking.ts";
import { parse } from "./parser.ts";
import { sourceCodeInfo } from "./source-code-info.ts";
import { described, Symbols, type Visible } from "./symbols.ts";
import type { ImportSyntax, ParsedFile } from "./syntax.ts";

/** The text of a file, `undefined` when there is none; throws when there is one that cannot be read. */
export type ReadFile = (path: string) => string | undefined | Promise<string | undefined>;

/** What `.proto` files say. */
export interface LoadedProto {
  /** All files, each after those that it imports. */
  readonly files: readonly FileDescriptorProto[];
  /** The files that were asked for. */
  readonly roots: readonly FileDescriptorProto[];
}

export interface LoadSettings {
  readonly files: readonly string[];
  readonly includePaths: readonly string[];
  readonly read: ReadFile;
  /** A file that is known by its descriptor, for when there is no text of it. */
  readonly known: (path: string) => Promise<FileDescriptorProto | undefined>;
}

const DESCRIPTOR = "google/protobuf/descriptor.proto";
/** How long a chain of imports may be, so that no tree of files can exhaust the stack. */
const MAX_CHAIN = 200;

interface Loaded {
  readonly file: FileDescriptorProto;
  /** What others see that import the file: itself and its public imports. */
  readonly shown: Visible;
}

/** Loads files. Throws an `IdlError` that tells all that is wrong with them. */
export async function load(settings: LoadSettings): Promise<LoadedProto> {
  const loader = new Loader(settings);
  return loader.load();
}

class Loader {
  readonly #settings: LoadSettings;
  /** What keeps files from being read or parsed. Nothing is linked then: half a file would make others seem wrong. */
  readonly #broken = new Problems();
  readonly #problems = new Problems();
  readonly #symbols = new Symbols();
  /** By the name that is imported; each behind what it imports. Tokens and places are not kept: they are many. */
  readonly #loaded = new Map<string, Loaded>();

  constructor(settings: LoadSettings) {
    this.#settings = settings;
  }

  async load(): Promise<LoadedProto> {
    // What options there are stands in this file, imported or not.
    await this.#readRoot(DESCRIPTOR, DESCRIPTOR);
    const names = new Set<string>();
    for (const path of this.#settings.files) {
      const name = this.#nameOf(normalize(path));
      names.add(name);
      if (!(await this.#readRoot(name, path))) this.#broken.addFile(path, `there is no such file${this.#searched()}`);
    }
    this.#broken.check();
    this.#problems.check();
    const asked = this.#reached(names);
    const files = [...this.#loaded.values()].map((each) => each.file).filter((file) => asked.has(file.name));
    return { files, roots: files.filter((file) => names.has(file.name)) };
  }

  /** Files, and all that they import. */
  #reached(names: ReadonlySet<string>): ReadonlySet<string> {
    const reached = new Set(names);
    for (const name of reached) {
      const file = this.#loaded.get(name)?.file;
      for (const each of [...(file?.dependency ?? []), ...(file?.optionDependency ?? [])]) reached.add(each);
    }
    return reached;
  }

  /** A file is named by its path from the folder of the search path that it is in. */
  #nameOf(path: string): string {
    const folder = this.#settings.includePaths
      .map((each) => `${normalize(each).replace(/\/$/, "")}/`)
      .filter((each) => path.startsWith(each))
      .toSorted((a, b) => b.length - a.length)[0];
    return folder === undefined ? path : path.slice(folder.length);
  }

  /** As `#read`, for what nothing imports. A file that cannot be read is told, and counts as one that is there. */
  async #readRoot(name: string, path: string): Promise<boolean> {
    try {
      return await this.#read(name, []);
    } catch (error) {
      this.#broken.addFile(path, `cannot be read: ${reasonOf(error)}`);
      return true;
    }
  }

  /** Reads a file and what it imports, and links it. Returns whether there is one. */
  async #read(name: string, chain: readonly string[]): Promise<boolean> {
    if (this.#loaded.has(name)) return true;
    const text = await this.#text(name);
    if (text === undefined) {
      const known = await this.#settings.known(name);
      if (known === undefined) return false;
      for (const each of known.dependency) await this.#read(each, [...chain, name]);
      this.#add(known);
      this.#symbols.addFile(known, () => {});
      this.#symbols.settle(known);
      return true;
    }
    const parsed = parse(new Source(name, text), this.#broken);
    for (const each of parsed.imports) await this.#import(parsed, each, [...chain, name]);
    this.#add(parsed.file);
    if (this.#broken.none) this.#link(parsed);
    return true;
  }

  async #import({ source }: ParsedFile, { path, word }: ImportSyntax, chain: readonly string[]): Promise<void> {
    const complain = (message: string): void => this.#broken.add(source, word.start, word.end, message);
    if (chain.includes(path)) {
      const circle = [...chain.slice(chain.indexOf(path)), path].join(" -> ");
      return complain(`files cannot import one another in a circle: ${circle}`);
    }
    if (path.split("/").some((part) => part === "" || part === "." || part === "..") || path.includes("\\")) {
      return complain(`an import is a path from a folder that is searched, with / and without . and .., got ${path}`);
    }
    if (chain.length > MAX_CHAIN) return complain(`files may import one another ${MAX_CHAIN} deep`);
    try {
      if (!(await this.#read(path, chain)))
        complain(`there is no ${path}${this.#searched()}${(await this.#elsewhere(path)) || published(path)}`);
    } catch (error) {
      complain(`${path} cannot be read: ${reasonOf(error)}`);
    }
  }

  async #text(name: string): Promise<string | undefined> {
    const { includePaths } = this.#settings;
    const folders = includePaths.length === 0 ? [""] : includePaths;
    for (const folder of folders) {
      const text = await this.#textIn(normalize(folder), name);
      if (text !== undefined) return text;
    }
    return undefined;
  }

  #textIn(folder: string, name: string): ReturnType<ReadFile> {
    return this.#settings.read(folder === "" ? name : `${folder.replace(/\/$/, "")}/${name}`);
  }

  /** Imports count from the root of a tree, and who gives a file deep in it without the root finds none: the root is above then. */
  async #elsewhere(name: string): Promise<string> {
    for (const folder of this.#settings.includePaths) {
      const parts = normalize(folder).replace(/\/$/, "").split("/");
      while (parts.pop() !== undefined) {
        const above = parts.join("/");
        if ((await this.#textIn(above, name)) !== undefined)
          return `; there is one in ${above || "."}: have that searched, too (-I ${above || "."})`;
      }
    }
    return "";
  }

  #searched(): string {
    const { includePaths } = this.#settings;
    return includePaths.length === 0 ? ": is a search directory missing?" : ` in ${includePaths.join(", ")}`;
  }

  #add(file: FileDescriptorProto): void {
    const shown = this.#shownBy(file.publicDependency.map((index) => file.dependency[index]!));
    this.#loaded.set(file.name, { file, shown: shown.add(file) });
  }

  #shownBy(names: readonly string[]): Set<FileDescriptorProto> {
    return new Set(names.flatMap((name) => [...(this.#loaded.get(name)?.shown ?? [])]));
  }

  #link(parsed: ParsedFile): void {
    const { file } = parsed;
    const visible = this.#shownBy(file.dependency).add(file);
    const forOptions = this.#shownBy([...file.dependency, ...file.optionDependency]).add(file);
    const linking = new Linking(parsed, this.#symbols, visible, forOptions, this.#problems);
    this.#symbols.addFile(file, (descriptor, fullName, before) => {
      const where = before.kind === "package" || before.file === file ? "" : ` in ${before.file.name}`;
      linking.about(descriptor, `${fullName} is ${described(before)} already${where}`);
    });
    link(linking);
    interpretOptions(linking);
    check(linking);
    file.sourceCodeInfo = sourceCodeInfo(parsed);
  }
}

/** With `/` between folders, also on Windows, and without detours. */
function normalize(path: string): string {
  return path.replaceAll("\\", "/").replace(/^(?:\.\/)+/, "");
}

/** Where files that many import, and few have, are to be had. */
function published(path: string): string {
  if (!/^google\/(?!protobuf\/)/.test(path)) return "";
  return "; Google's APIs are npm's google-proto-files: have it searched, once installed (-I node_modules/google-proto-files)";
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
