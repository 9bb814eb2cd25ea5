/** What there is to say of a target before the first call: for those who import at every start and must do so quickly. All of it is in the index too. */
export { staticSnapshot } from "./static-snapshot.ts";
export { parseTarget } from "./target.ts";
