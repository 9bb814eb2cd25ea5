import { testStreams } from "./streams.contract.ts";
import { Streams } from "./streams.fixture.ts";
import { ThriftStreams } from "./thrift-streams.fixture.ts";

testStreams({ name: "gRPC", service: Streams, trailers: true });
testStreams({ name: "gRPC with Thrift", service: ThriftStreams, client: { protocol: "grpc" }, trailers: true });
testStreams({ name: "TTHeader", service: ThriftStreams, trailers: true });
testStreams({ name: "TTHeader, a connection per stream", service: ThriftStreams, client: { connection: "pooled" }, trailers: true });
testStreams({ name: "TTHeader with Protobuf", service: Streams, client: { protocol: "ttheader" }, trailers: true });
testStreams({ name: "TTHeader in one process", service: ThriftStreams, inProcess: true, trailers: true });
testStreams({ name: "gRPC in one process", service: Streams, inProcess: true, trailers: true });
