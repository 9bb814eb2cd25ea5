/**
 * Builds the grpc-go programs of this folder: Go's two plugins of protoc and what runs them, then Go code from the benchmark's IDL
 * into the ignored folder `go_gen`, then the programs. The first time it fetches Go modules and takes a minute. Run by itself it
 * does so and says how long it took; with `bench` it builds only what the benchmarks need.
 */
import { join } from "node:path";
import { buildAsProgram, GoPrograms } from "../go.ts";

const PLUGINS = ["google.golang.org/protobuf/cmd/protoc-gen-go", "google.golang.org/grpc/cmd/protoc-gen-go-grpc"];
const MODULE = "kiteline/interop/grpc";
const BENCH_IDL = join(import.meta.dirname, "../../bench/idl");

/** `client` and `server` are grpc-go's own ends of the interoperability suite, `bench` and `load` lie in `cmd/`. */
export const grpcPrograms: GoPrograms = new GoPrograms(import.meta.dirname);

/** Builds grpc-go's side of the benchmarks alone. */
export function buildGrpcBench(): void {
  grpcPrograms.build("./cmd/gen", ...PLUGINS);
  grpcPrograms.clear("go_gen");
  grpcPrograms.run(grpcPrograms.path("gen"), BENCH_IDL, "grpc_echo.proto", `${MODULE}/go_gen/bench`, join("go_gen", "bench"));
  grpcPrograms.build("./cmd/bench");
}

/** Builds everything. Throws with the compiler's words when a step fails. */
export function buildGrpc(): void {
  buildGrpcBench();
  grpcPrograms.build("./cmd/load", "google.golang.org/grpc/interop/client", "google.golang.org/grpc/interop/server");
}

/** Where grpc-go keeps the certificates of the suite: a test CA, and a server's that is valid for names like foo.test.google.fr. */
export function testCertificates(): { readonly ca: string; readonly cert: string; readonly key: string } {
  const module = grpcPrograms.run("go", "list", "-m", "-f", "{{.Dir}}", "google.golang.org/grpc").trim();
  const path = (name: string): string => join(module, "testdata", name);
  return { ca: path("ca.pem"), cert: path("server1.pem"), key: path("server1.key") };
}

if (import.meta.main) buildAsProgram("grpc-go", process.argv[2] === "bench" ? buildGrpcBench : buildGrpc);
