/** Where the benchmarks lie, for what is not compiled with them: generated code of peers, IDL. The same from `dist` as from the sources. */
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";

/** The path of a file of the benchmarks, from their folder. */
export function inBench(path: string): string {
  return join(dirname(findPackageJSON(import.meta.url) as string), path);
}

/**
 * A program that is measured, by its name: compiled, as what users run is. That matters beyond the time it takes to start: once Node
 * has stripped types in a process, whatever reads an ArrayBuffer there is slower (stripping runs in WebAssembly, whose memory grows, and
 * V8 then asks at each access whether a buffer is still there).
 */
export function programOf(name: string): string {
  return inBench(`dist/${name}.js`);
}
