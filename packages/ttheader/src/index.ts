/** TTHeader frames with any payload codec: metadata, multiplexing, drain, streaming. */
export { TTHeaderClientWire, type TTHeaderClientOptions } from "./client-wire.ts";
export { TTHeaderServerWire, type TTHeaderServerOptions } from "./server-wire.ts";
export { MeshHeaderServerWire, type MeshHeaderServerOptions } from "./mesh-wire.ts";
export { streamSessions, type StreamClientOptions } from "./streaming/client-session.ts";
export { recogniseStreams } from "./layout.ts";
export { streamingProtocol } from "./streaming/server-session.ts";
export type { StreamingOptions } from "./streaming/stream-connection.ts";
