import { testStreams } from "./streams.contract.ts";
import { Streams } from "./streams.fixture.ts";

testStreams({ name: "gRPC", service: Streams, trailers: true });
testStreams({ name: "gRPC in one process", service: Streams, inProcess: true, trailers: true });
