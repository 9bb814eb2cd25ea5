/** Builds the runner of Connect's conformance suite into the ignored folder `bin`. */
import { buildAsProgram, GoPrograms } from "../go.ts";

const programs = new GoPrograms(import.meta.dirname);

/** Where the runner is once it has been built. */
export const RUNNER: string = programs.path("connectconformance");

/** Throws with the compiler's words when it fails. The first time it fetches Go modules. */
export function buildConnect(): void {
  programs.build("connectrpc.com/conformance/cmd/connectconformance");
}

if (import.meta.main) buildAsProgram("connect", buildConnect);
