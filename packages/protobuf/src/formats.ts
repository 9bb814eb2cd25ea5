/** Messages for calls, without descriptors and JSON: for those who import at every start and must do so quickly. All of it is in the index too. */
export { bareProtobuf } from "./bare-format.ts";
export { decode, encode } from "./encode.ts";
export { kitexProtobuf } from "./kitex-format.ts";
