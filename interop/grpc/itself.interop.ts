/** grpc-go against itself, through the same programs that Kiteline is tested with: what fails here is the harness. */
import { testSuite } from "./suite.contract.ts";
import { CASES, GRPC_GO_CLIENT, GRPC_GO_SERVER } from "./suite.ts";

testSuite(GRPC_GO_CLIENT, GRPC_GO_SERVER, CASES);
