/** grpc-go's client to Kiteline's server. */
import { testSuite } from "./suite.contract.ts";
import { CASES, GRPC_GO_CLIENT, KITELINE_SERVER } from "./suite.ts";

// grpc-go's own server does not say who it is, which this case wants to know.
testSuite(GRPC_GO_CLIENT, KITELINE_SERVER, [...CASES, "pick_first_unary"]);
