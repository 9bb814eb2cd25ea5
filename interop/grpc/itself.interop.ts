/** The peers against each other, through the same programs that Kiteline is tested with: what fails here is the harness. */
import { testSuite } from "./suite.contract.ts";
import { CASES, GRPC_GO_CLIENT, GRPC_GO_SERVER, GRPC_JS_CLIENT, GRPC_JS_SERVER } from "./suite.ts";

testSuite(GRPC_GO_CLIENT, GRPC_GO_SERVER, CASES, ["TLS"]);
testSuite(GRPC_JS_CLIENT, GRPC_GO_SERVER, CASES, ["plaintext"]);
testSuite(GRPC_GO_CLIENT, GRPC_JS_SERVER, CASES, ["plaintext"]);
