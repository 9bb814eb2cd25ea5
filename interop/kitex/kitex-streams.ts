/** What carries the streaming services with Kitex, and what each of it carries. */
import type { ProtocolName } from "kiteline";
import type { KitexProtocol } from "./kitex-client.ts";
import type { StreamsTraits } from "./streams.contract.ts";
import type { StreamingService } from "./streams.ts";

export interface Carrier {
  readonly service: StreamingService;
  readonly protocol: KitexProtocol;
  /** What Kiteline calls it; absent while Kiteline does not speak it. */
  readonly kiteline?: ProtocolName;
  readonly traits: StreamsTraits;
}

const GRPC: StreamsTraits = { streams: true, statuses: true, deadlines: true, unaryReply: "header and trailer" };

export const CARRIERS: readonly Carrier[] = [
  // Kitex's streams in TTHeader frames carry Thrift alone.
  {
    service: "Streams",
    protocol: "ttheader_streaming",
    kiteline: "ttheader",
    traits: { streams: true, statuses: false, deadlines: false, unaryReply: "backward" },
  },
  { service: "Streams", protocol: "grpc", kiteline: "grpc", traits: GRPC },
  { service: "PbStreams", protocol: "grpc", kiteline: "grpc", traits: GRPC },
  // Kitex Protobuf.
  {
    service: "PbStreams",
    protocol: "ttheader_framed",
    kiteline: "ttheader",
    traits: { streams: false, statuses: false, deadlines: true, unaryReply: "backward" },
  },
];

/** Those that Kiteline speaks too. */
export const SHARED: readonly (Carrier & Required<Pick<Carrier, "kiteline">>)[] = CARRIERS.flatMap(({ kiteline, ...carrier }) =>
  kiteline === undefined ? [] : [{ ...carrier, kiteline }],
);
