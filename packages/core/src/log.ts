/** Where a client or server says what no call's error can say: a peer that sends rubbish, a file that does not parse. */

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

export const consoleLog: Log = ({ level, message, peer, error }) => {
  if (level === "debug" || level === "info") return;
  const where = peer === undefined ? "" : ` (${peer})`;
  const why = error === undefined ? "" : `: ${error instanceof Error ? error.message : String(error)}`;
  console.error(`kiteline ${level}: ${message}${where}${why}`);
};
