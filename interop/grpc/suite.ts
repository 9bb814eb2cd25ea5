/**
 * gRPC's interoperability suite: programs of several implementations with the same flags, one being a server, the other a client
 * that makes one test case and ends with 0 when it passed. Source: gRPC, "Interoperability Test Case Descriptions".
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { grpcPrograms, testCertificates } from "./build.ts";

/** A program of the suite: what is run before the suite's flags. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

export const GRPC_GO_SERVER: Program = { name: "grpc-go's server", command: grpcPrograms.path("server"), args: [] };
export const GRPC_GO_CLIENT: Program = { name: "grpc-go's client", command: grpcPrograms.path("client"), args: [] };

export const GRPC_JS_SERVER: Program = inNode("grpc-js's server", "grpc-js-server.ts");
export const GRPC_JS_CLIENT: Program = inNode("grpc-js's client", "grpc-js-client.ts");
export const KITELINE_SERVER: Program = inNode("Kiteline's server", "server.ts");
export const KITELINE_CLIENT: Program = inNode("Kiteline's client", "client.ts");

function inNode(name: string, file: string): Program {
  return {
    name,
    command: process.execPath,
    args: [...process.execArgv.filter((each) => !each.startsWith("--test")), join(import.meta.dirname, file)],
  };
}

/** The cases that need nothing but the two programs, and that grpc-go has. */
export const CASES: readonly string[] = [
  "empty_unary",
  "large_unary",
  "client_streaming",
  "server_streaming",
  "ping_pong",
  "empty_stream",
  "timeout_on_sleeping_server",
  "cancel_after_begin",
  "cancel_after_first_response",
  "status_code_and_message",
  "special_status_message",
  "custom_metadata",
  "unimplemented_method",
  "unimplemented_service",
  "rpc_soak",
  "channel_soak",
  "orca_per_rpc",
  "orca_oob",
];

/** Those that only Kiteline's two ends have: grpc-go and grpc-js do not say which messages are compressed. */
export const COMPRESSION_CASES: readonly string[] = [
  "client_compressed_unary",
  "client_compressed_streaming",
  "server_compressed_unary",
  "server_compressed_streaming",
];

/** A server has to listen by then: a busy machine starts slowly. */
const START_PATIENCE_MS = 20_000;
const ASK_EVERY_MS = 20;
/** No case takes a third of it. */
const CASE_PATIENCE_MS = 30_000;
/** What ORCA's reports are read by in gRPC's own clients. */
const ORCA_CONFIG = JSON.stringify({ loadBalancingConfig: [{ test_backend_metrics_load_balancer: {} }] });

/** A server of the suite in a process of its own. */
export class SuiteServer implements AsyncDisposable {
  readonly port: number;
  readonly tls: boolean;
  readonly #child: ChildProcess;

  private constructor(port: number, tls: boolean, child: ChildProcess) {
    this.port = port;
    this.tls = tls;
    this.#child = child;
  }

  static async start(program: Program, tls: boolean): Promise<SuiteServer> {
    const port = await freePort();
    const { cert, key } = testCertificates();
    const flags = [`--port=${port}`, ...(tls ? ["--use_tls=true", `--tls_cert_file=${cert}`, `--tls_key_file=${key}`] : [])];
    const child = spawn(program.command, [...program.args, ...flags], { stdio: ["ignore", "ignore", "inherit"] });
    const server = new SuiteServer(port, tls, child);
    const patientUntilMs = performance.now() + START_PATIENCE_MS;
    while (!(await listens(port))) {
      if (child.exitCode !== null || performance.now() > patientUntilMs) {
        await server[Symbol.asyncDispose]();
        throw new Error(`${program.name} does not listen on 127.0.0.1:${port}`);
      }
      await delay(ASK_EVERY_MS);
    }
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await gone;
  }
}

/** Has a client make one case. Throws with what it said when the case did not pass. */
export async function runCase(program: Program, server: Pick<SuiteServer, "port" | "tls">, testCase: string): Promise<void> {
  const flags = [`--server_host=127.0.0.1`, `--server_port=${server.port}`, `--test_case=${testCase}`];
  if (server.tls) {
    flags.push("--use_tls=true", "--use_test_ca=true", `--ca_file=${testCertificates().ca}`, "--server_host_override=foo.test.google.fr");
  }
  if (testCase.startsWith("orca")) flags.push(`--service_config_json=${ORCA_CONFIG}`);
  const child = spawn(program.command, [...program.args, ...flags], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8").on("data", (text: string) => (said += text));
  const tired = setTimeout(() => child.kill("SIGKILL"), CASE_PATIENCE_MS);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(tired);
  if (code !== 0) throw new Error(`${program.name} failed ${testCase} with ${code}: ${said.trim()}`);
}

/** A port that was free a moment ago: the suite's servers cannot say which one they took. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
