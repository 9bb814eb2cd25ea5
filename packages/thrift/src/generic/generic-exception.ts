/** A declared exception of a call without generated code. A handler throws it, a caller's promise rejects with it. */
export class GenericException extends Error {
  override readonly name = "GenericException";
  /** The exception's name in the IDL. */
  readonly exception: string;
  /** Its fields, in the form of the call: an object, JSON or the bytes of the struct. */
  readonly value: unknown;

  constructor(exception: string, value: unknown) {
    super(`${exception}${textOf(value)}`);
    this.exception = exception;
    this.value = value;
  }
}

function textOf(value: unknown): string {
  if (typeof value === "string") return `: ${value}`;
  const message = typeof value === "object" && value !== null && "message" in value ? value.message : undefined;
  return typeof message === "string" ? `: ${message}` : "";
}
