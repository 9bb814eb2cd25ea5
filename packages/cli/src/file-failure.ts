/** What is said when a file cannot be read or written. */
import { invalidInput, type Failure } from "./failure.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is a file",
  EACCES: "it is not allowed",
  EPERM: "it is not allowed",
  EROFS: "the file system is read-only",
  ENOSPC: "there is no room left",
};

/** `doing` is what was tried, such as `read`; `path` is how the user named the file. */
export function fileFailure(doing: string, path: string, error: unknown): Failure {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return invalidInput(`cannot ${doing} ${path}: ${REASONS[code] ?? message}`, { fields: { path }, cause: error });
}
