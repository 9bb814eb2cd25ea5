/** Who is measured. All send messages of 1 KB on one connection unless told otherwise. */
import { Pair } from "../pair.ts";
import type { Contender } from "./compare.ts";

const KB = 1024;

/** A peer in Node, by its name in `peers.ts`. */
export function inNode(name: string, bytes = KB): Contender {
  return { name, start: ({ cores }) => Pair.startNode(name, { connections: 1, bytes, cores }) };
}

/** Kitex in Go, built by `interop/kitex`. */
export function kitex(connection: "mux" | "pooled"): Contender {
  return {
    name: `kitex ${connection}`,
    start: ({ kitex: program, cores }) =>
      program === undefined ? undefined : Pair.startProgram(program, [`-connection=${connection}`], { connections: 1, bytes: KB, cores }),
  };
}

/** grpc-go, built by `interop/grpc`. */
export function grpcGo(bytes = KB): Contender {
  return {
    name: "grpc-go",
    start: ({ grpcGo: program, cores }) =>
      program === undefined ? undefined : Pair.startProgram(program, [], { connections: 1, bytes, cores }),
  };
}
