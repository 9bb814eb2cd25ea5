/** What is said about messages that cannot be what their schema asks for. */
import { DecodeError } from "@kiteline/net";

/** The error for a message that lacks a required field. */
export function missingField(message: string, number: number, field: string): DecodeError {
  return new DecodeError(`${message} lacks its required field ${number}: ${field}`);
}
