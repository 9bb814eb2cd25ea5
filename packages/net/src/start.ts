/** What there is before the first connection: for those who import at every start and must do so quickly. All of it is in the index too. */
export { formatAddress, parseAddress } from "./address.ts";
export { Loop } from "./loop.ts";
export { hasFields, shown } from "./value-error.ts";
