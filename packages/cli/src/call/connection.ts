/** How a call reaches its server: what the command line says of it, for the call itself and for asking by reflection. */
import type { ServiceDescription } from "@kiteline/core";
import { createClient, type Client, type ClientOptions, type ProtocolName } from "kiteline";
import type { Args, OptionSpec } from "../args.ts";
import { usage } from "../failure.ts";
import type { Io } from "../io.ts";
import { inFlags } from "./flags.ts";
import { readTls, TLS_OPTIONS } from "./tls.ts";

const PROTOCOLS: readonly ProtocolName[] = ["ttheader", "ttheader-framed", "framed", "buffered", "grpc"];

export const CONNECTION_OPTIONS: readonly OptionSpec[] = [
  {
    name: "protocol",
    value: "NAME",
    choices: PROTOCOLS,
    help: `${PROTOCOLS.join(", ")}. Defaults to ttheader, of .proto grpc.`,
  },
  { name: "payload", value: "NAME", choices: ["binary", "compact"], help: "binary or compact, of Thrift. Defaults to binary." },
  ...TLS_OPTIONS,
];

/** Throws a usage failure for a target that is none, an input failure for a file that cannot be read. */
export function readConnection(args: Args, target: string, io: Io): ClientOptions {
  return {
    target,
    tls: readTls(args, io),
    protocol: args.choice<ProtocolName>("protocol"),
    payload: args.choice<"binary" | "compact">("payload"),
    name: "kiteline-cli",
    // What goes wrong with this one call is told by the call.
    log: () => undefined,
  };
}

export function connect<Stubs extends object>(description: ServiceDescription<Stubs>, connection: ClientOptions): Client<Stubs> {
  try {
    return createClient(description, connection);
  } catch (error) {
    // What createClient refuses here is what the user typed.
    if (error instanceof TypeError || error instanceof RangeError) throw usage(inFlags(error.message));
    throw error;
  }
}
