/** What is generated. */
import { IdlError } from "@kiteline/thrift";

/** A file to write; `path` is relative to the output folder, with `/` between folders. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** The same files. Throws an `IdlError` where two would go to the same place, as `a.thrift` and `a.proto` would. */
export function distinct(files: readonly GeneratedFile[]): readonly GeneratedFile[] {
  const twin = files.find((file, index) => files.findIndex(({ path }) => path === file.path) !== index);
  if (twin === undefined) return files;
  const message = "two files would be generated here, of Thrift and of Protobuf: give the Thrift file a namespace ts";
  throw new IdlError([{ path: twin.path, line: 1, column: 1, message, text: "", length: 0 }]);
}
