/** What carries the streaming services with Kitex, and what each of it carries. */
import type { KitexProtocol } from "./kitex-client.ts";
import type { StreamsTraits } from "./streams.contract.ts";
import type { StreamingService } from "./streams.ts";

const GRPC: StreamsTraits = { streams: true, statuses: true, deadlines: true, unaryReply: "header and trailer" };

export const KITEX_STREAMS: readonly { service: StreamingService; protocol: KitexProtocol; traits: StreamsTraits }[] = [
  // Kitex's streams in TTHeader frames carry Thrift alone.
  {
    service: "Streams",
    protocol: "ttheader_streaming",
    traits: { streams: true, statuses: false, deadlines: false, unaryReply: "backward" },
  },
  { service: "Streams", protocol: "grpc", traits: GRPC },
  { service: "PbStreams", protocol: "grpc", traits: GRPC },
  // Kitex Protobuf.
  {
    service: "PbStreams",
    protocol: "ttheader_framed",
    traits: { streams: false, statuses: false, deadlines: true, unaryReply: "backward" },
  },
];
