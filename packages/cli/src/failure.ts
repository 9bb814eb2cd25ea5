/** Why a command did not do what it was asked to, and the exit code that says so to scripts. */

/** The exit codes. README.md lists them: what stands here is a promise. */
export const EXIT = {
  ok: 0,
  /** The call failed: nobody answered, or the answer was an error. */
  callFailed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** A file is wrong, missing, or cannot be written: IDL, JSON, plugin, port. */
  input: 3,
  /** `gen --check`: what is on disk is not what the IDL gives. */
  stale: 4,
  /** The call was answered, with an exception that the IDL declares or with a business status. */
  exception: 5,
  /** A fault in this tool. */
  bug: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a failure may say besides its message. */
export interface FailureFacts {
  /** What to do about it, one line each. */
  readonly hints?: readonly string[];
  /** Text shown as it is below the message, such as a line of a file with a mark under it. */
  readonly excerpt?: string;
  /** Further fields of the JSON form. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** A failure that the user can mend; everything else thrown is a fault in this tool. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly exit: ExitCode;
  /** For programs: `usage`, `invalid_input`, `stale`, or one of the codes of a failed call. */
  readonly code: string;
  readonly hints: readonly string[];
  readonly excerpt: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(exit: ExitCode, code: string, message: string, facts: FailureFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.exit = exit;
    this.code = code;
    this.hints = facts.hints ?? [];
    this.excerpt = facts.excerpt;
    this.fields = facts.fields ?? {};
  }

  /** The JSON form: one flat object. */
  toJSON(): Record<string, unknown> {
    const { code, message, hints, fields } = this;
    return { type: "error", code, message, ...fields, ...(hints.length === 0 ? {} : { hints }) };
  }
}

/** The command line is wrong. */
export function usage(message: string, ...hints: string[]): Failure {
  return new Failure(EXIT.usage, "usage", message, { hints });
}

/** A file or another input is wrong. */
export function invalidInput(message: string, facts: FailureFacts = {}): Failure {
  return new Failure(EXIT.input, "invalid_input", message, facts);
}
