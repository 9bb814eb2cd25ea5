/** A file to write; `path` is relative to the output folder, with `/` between folders. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}
