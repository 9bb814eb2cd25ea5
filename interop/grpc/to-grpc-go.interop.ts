/** Kiteline's client to grpc-go's server. */
import { testSuite } from "./suite.contract.ts";
import { CASES, GRPC_GO_SERVER, KITELINE_CLIENT } from "./suite.ts";

testSuite(KITELINE_CLIENT, GRPC_GO_SERVER, CASES);
