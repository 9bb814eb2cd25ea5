/** What only those need who make snapshots of files. It is not in the index, which programs import at every start and must do so quickly. */
export { describeProblem } from "./files.ts";
export { RETRY_CONDITIONS } from "./route.ts";
export { problemsOf } from "./snapshot.ts";
