/** Sources that look at no files: for those who import at every start and must do so quickly. All of it is in the index too. */
export { resolveNames } from "./dns-source.ts";
export { staticSource } from "./static-source.ts";
