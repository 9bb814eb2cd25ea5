/** Thrift's structs, as Kitex carries them over gRPC. */
import type { GrpcPayload } from "@kiteline/grpc";
import { bareThrift } from "@kiteline/thrift/wires";

export function thriftPayload(maxReceivedBytes: number): GrpcPayload {
  return { name: "thrift", contentType: "application/grpc+thrift", format: bareThrift({ maxStringBytes: maxReceivedBytes }) };
}
