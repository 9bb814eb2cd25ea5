/** The contract between who watches files and who understands them. */
import type { Snapshot } from "./snapshot.ts";

export interface TextFile {
  /** As people know it; unique among the files given together. */
  readonly path: string;
  readonly text: string;
}

/** Files to a snapshot. Always makes the best snapshot that the files allow, and says what is wrong with them. */
export type ParseFiles = (files: readonly TextFile[]) => ParsedFiles;

export interface ParsedFiles {
  readonly snapshot: Snapshot;
  readonly problems: readonly Problem[];
}

/** Something wrong with a file. */
export interface Problem {
  /** `error`: part of the file means nothing, so a state of it without errors is better. `warning`: it works, but not as its author may think. */
  readonly severity: "error" | "warning";
  /** The path of the file. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** `Kind namespace/name`; left out when it could not be made out. */
  readonly object?: string | undefined;
  /** Such as `spec.http[0].route[1].weight`; left out for the object as a whole. */
  readonly field?: string | undefined;
  /** What was expected and what came. */
  readonly message: string;
}

/** One line for people. */
export function describeProblem({ file, line, object, field, message }: Problem): string {
  const where = [object, field].filter((part) => part !== undefined).join(": ");
  return `${file}:${line}: ${where === "" ? "" : `${where}: `}${message}`;
}
