/** Where a client or server says what no call's error can say: a peer that sends rubbish, a file that does not parse. */

import { textOf } from "./errors.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface LogEvent {
  readonly level: LogLevel;
  /** One sentence: what happened and what was done about it. */
  readonly message: string;
  readonly peer?: string | undefined;
  readonly error?: unknown;
}

/** Must not throw and should not wait. Without one, warnings and errors go to `console.error`. */
export type Log = (event: LogEvent) => void;

/** What has a code was foreseen by whoever threw it; of anything else the stack tells where it comes from. */
function describe(error: unknown): string {
  try {
    return error instanceof Error && !("code" in error) ? String(error.stack ?? error.message) : textOf(error);
  } catch {
    return textOf(error);
  }
}

export const consoleLog: Log = ({ level, message, peer, error }) => {
  if (level === "debug" || level === "info") return;
  const where = peer === undefined ? "" : ` (${peer})`;
  const why = error === undefined ? "" : `: ${describe(error)}`;
  console.error(`kiteline ${level}: ${message}${where}${why}`);
};
