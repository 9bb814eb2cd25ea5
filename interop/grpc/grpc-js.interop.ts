/** Kiteline and grpc-js, both ways, and Kiteline with itself. */
import { testSuite } from "./suite.contract.ts";
import { CASES, COMPRESSION_CASES, GRPC_JS_CLIENT, GRPC_JS_SERVER, KITELINE_CLIENT, KITELINE_SERVER } from "./suite.ts";

const ALL = [...CASES, "pick_first_unary"];

testSuite(KITELINE_CLIENT, GRPC_JS_SERVER, ALL);
testSuite(GRPC_JS_CLIENT, KITELINE_SERVER, ALL);
testSuite(KITELINE_CLIENT, KITELINE_SERVER, [...ALL, ...COMPRESSION_CASES]);
