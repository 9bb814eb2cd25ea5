/** Thrift's structs, as Kitex carries them over gRPC. */
import type { GrpcPayload } from "@kiteline/grpc";
import { bareThrift } from "@kiteline/thrift/wires";
import { thriftLimits, type ReceivedLimits } from "./message-limits.ts";

export function thriftPayload(limits: ReceivedLimits): GrpcPayload {
  return { name: "thrift", contentType: "application/grpc+thrift", format: bareThrift(thriftLimits(limits)) };
}
