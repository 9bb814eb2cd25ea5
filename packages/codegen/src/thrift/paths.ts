/**
 * Where generated files go: `name.ts` for a file that was asked for; an included one keeps the place that it has beside
 * the including one, as written there, but never above the output folder. A namespace `js` or `ts` is a folder instead.
 */
import { posix } from "node:path";
import { IdlError, type idl } from "@kiteline/thrift";

export interface Place {
  /** The IDL file as seen from the output folder, for texts. */
  readonly source: string;
  /** The generated file. */
  readonly path: string;
}

/** Throws an `IdlError` when two files would go to the same place. */
export function placesOf(set: idl.DocumentSet): ReadonlyMap<idl.Document, Place> {
  const sources = new Map<idl.Document, string>();
  for (const root of set.roots) sources.set(root, `${root.name}.thrift`);
  for (const root of set.roots) placeIncluded(sources, root, sources.get(root)!);
  const places = new Map<idl.Document, Place>();
  const taken = new Map<string, idl.Document>();
  for (const document of set.documents) {
    const source = sources.get(document)!;
    const namespace = document.namespaces.get("ts") ?? document.namespaces.get("js");
    const path = `${namespace === undefined ? source.replace(/\.thrift$/, "") : `${namespace.replaceAll(".", "/")}/${document.name}`}.ts`;
    const other = taken.get(path);
    if (other !== undefined) {
      const message = `${other.path} and this file would both become ${path}: give one of them a namespace ts`;
      throw new IdlError([{ path: document.path, line: 1, column: 1, message, text: "", length: 0 }]);
    }
    taken.set(path, document);
    places.set(document, { source, path });
  }
  return places;
}

function placeIncluded(sources: Map<idl.Document, string>, document: idl.Document, source: string): void {
  for (const include of document.includes) {
    if (sources.has(include.document)) continue;
    const absolute = /^([A-Za-z]:)?[/\\]/.test(include.path);
    const written = absolute ? posix.basename(include.document.path) : include.path.replaceAll("\\", "/");
    // From "/", so that no number of ".." leads above it.
    const included = posix.join("/", posix.dirname(source), written).slice(1);
    sources.set(include.document, included);
    placeIncluded(sources, include.document, included);
  }
}
