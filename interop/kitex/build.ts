/**
 * Builds the Kitex programs of this folder: Kitex's own generator first, then Go code from the IDL, then the programs, into the
 * ignored folders `kitex_gen` and `bin`. The first time it fetches Go modules and takes a minute. Run by itself it does so and says how long it took.
 */
import { join } from "node:path";
import { buildAsProgram, GoPrograms } from "../go.ts";

const MODULE = "kiteline/interop/kitex";
const GENERATOR = "github.com/cloudwego/kitex/tool/cmd/kitex";

/** `bench`, `client`, `server` and `vectors`, each described where it lies in `cmd/`. */
export const kitexPrograms: GoPrograms = new GoPrograms(import.meta.dirname);

/** Builds everything. Throws with the compiler's words when a step fails. */
export function buildKitex(): void {
  kitexPrograms.build(GENERATOR);
  const generator = kitexPrograms.path("kitex");
  kitexPrograms.clear("kitex_gen");
  kitexPrograms.run(generator, "-module", MODULE, join("idl", "interop.thrift"));
  kitexPrograms.run(generator, "-module", MODULE, "-streamx", join("idl", "streams.thrift"));
  kitexPrograms.run(generator, "-module", MODULE, "-streamx", "-type", "protobuf", join("idl", "pb_streams.proto"));
  kitexPrograms.build("./cmd/...");
}

if (import.meta.main) buildAsProgram("kitex", buildKitex);
