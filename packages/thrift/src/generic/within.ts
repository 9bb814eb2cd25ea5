/** Errors that learn where they happened while they pass. Costs nothing until there is one. */
import { ValueError } from "../value-error.ts";

/** The error to throw on: a wrong value is told to be found by `step`; all else is not about the value. */
export function within(error: unknown, step: string): unknown {
  return error instanceof ValueError ? error.within(step) : error;
}
