/** What a server needs for calls, and to know streams when they come: for those who listen quickly. All of it is in the index too. */
export { recogniseStreams } from "./layout.ts";
export { MeshHeaderServerWire } from "./mesh-wire.ts";
export { TTHeaderServerWire } from "./server-wire.ts";
