/** A real Kitex server in a process of its own. */
import { kitexPrograms } from "./build.ts";
import { LineProcess } from "../line-process.ts";

export interface KitexServerOptions {
  /** Serve multiplexed clients, which excludes all protocols but TTHeader. Defaults to false. */
  readonly multiplexed?: boolean;
  /** How long draining may take. Defaults to 5 seconds. */
  readonly exitWaitMs?: number;
}

export class KitexServer implements AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  readonly #process: LineProcess;

  private constructor(address: string, started: LineProcess) {
    this.address = address;
    this.#process = started;
  }

  static async start(options: KitexServerOptions = {}): Promise<KitexServer> {
    const args = options.multiplexed === true ? ["--mux"] : [];
    if (options.exitWaitMs !== undefined) args.push("--exit-wait", String(options.exitWaitMs));
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const onLine = (line: unknown): void => {
      const { listening } = line as { listening?: string };
      if (listening !== undefined) resolve(listening);
    };
    const started = new LineProcess(kitexPrograms.path("server"), args, onLine, reject);
    return new KitexServer(await promise, started);
  }

  /** Tells it to drain and waits until it has ended. */
  async stop(): Promise<void> {
    await this.#process.signal("SIGTERM");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.signal("SIGKILL");
  }
}
