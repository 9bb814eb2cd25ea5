/** A real Kitex client in a process of its own, driven by commands (`cmd/client` says what they mean). */
import { AskedProgram } from "../asked-program.ts";
import { kitexPrograms } from "./build.ts";
import type { Item, StreamEnd, StreamingService, StreamOrder, StreamOutcome } from "./streams.ts";

export type KitexProtocol = "framed" | "buffered" | "ttheader" | "ttheader_framed" | "ttheader_streaming" | "grpc";
export type KitexConnection = "pooled" | "mux" | "short";

/** What a Kitex client can be told: multiplexing needs TTHeader. */
export const COMBINATIONS: readonly (readonly [KitexProtocol, KitexConnection])[] = [
  ["buffered", "pooled"],
  ["buffered", "short"],
  ["framed", "pooled"],
  ["framed", "short"],
  ["ttheader", "pooled"],
  ["ttheader", "short"],
  ["ttheader", "mux"],
  ["ttheader_framed", "pooled"],
  ["ttheader_framed", "short"],
  ["ttheader_framed", "mux"],
];

export interface KitexClientOptions {
  readonly protocol: KitexProtocol;
  readonly connection: KitexConnection;
  /** Leave out what makes deadlines, business errors and service names travel, as Kitex does unless told. Defaults to false. */
  readonly plain?: boolean;
}

/** The arguments and results are in the JSON form of `internal/form`. */
export interface KitexCall {
  readonly service: "Echo" | "Interop" | "Other" | "Missing";
  readonly method: string;
  readonly args?: object;
  readonly persistent?: Readonly<Record<string, string>>;
  readonly transient?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

export interface KitexAnswer {
  /** `success`, or a declared exception under its name; nothing of a void method. */
  readonly result?: Readonly<Record<string, unknown>>;
  readonly backward?: Readonly<Record<string, string>>;
  readonly business?: { readonly status: number; readonly message: string; readonly extra?: Readonly<Record<string, string>> };
  /** `type` is the application exception's code, or -1 when the failure is not one, `status` gRPC's in the same way. */
  readonly error?: { readonly kind: string; readonly type: number; readonly status: number; readonly text: string };
}

/** Kitex's codes of streams in TTHeader frames. */
const CANCELLED = 12007;
const TIMED_OUT = 12015;

/** Protobuf's methods begin with a capital. */
function nameOf(service: StreamingService, method: string): string {
  return service === "PbStreams" ? `${method[0]?.toUpperCase()}${method.slice(1)}` : method;
}

function endOf({ business, error }: KitexAnswer): StreamEnd {
  if (business !== undefined) return "in a business error";
  if (error === undefined) return "well";
  // A server that is given up says so as a failed handler's, and may be faster than the client's own timer.
  if (error.type === CANCELLED || error.status === 1 || error.text.includes("context canceled")) return "cancelled";
  if (error.type === TIMED_OUT || error.status === 4 || error.text.includes("context deadline exceeded")) return "at its deadline";
  if (/the handler (failed|panicked)/.test(error.text)) return "in a failed handler";
  return error.status === -1 ? error.text : `with status ${error.status}`;
}

export interface KitexLoad {
  readonly ok: number;
  /** How often each failure was met. */
  readonly errors: Readonly<Record<string, number>>;
}

export class KitexClient implements AsyncDisposable {
  readonly #program: AskedProgram;

  constructor(target: string | readonly string[], options: KitexClientOptions) {
    const settings = { target: [target].flat().join(","), protocol: options.protocol, connection: options.connection };
    const args = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
    if (options.plain === true) args.push("--plain");
    this.#program = new AskedProgram(kitexPrograms.path("client"), args);
  }

  async call(call: KitexCall): Promise<KitexAnswer> {
    return (await this.#program.ask(call)) as KitexAnswer;
  }

  /** Makes the same call many times and counts what comes of it; an answer other than `expect` is a failure. */
  async load(call: KitexCall, load: { readonly calls: number; readonly concurrency: number; readonly expect: object }): Promise<KitexLoad> {
    return ((await this.#program.ask({ ...call, load })) as { load: KitexLoad }).load;
  }

  /** Names other servers, as a registry does; resolves when no call is sent to those that are not among them. */
  async name(target: readonly string[]): Promise<void> {
    await this.#program.ask({ targets: target.join(",") });
  }

  /** Makes the same streams many times and counts what comes of them; other items than `expect` are a failure. */
  async loadStreams(
    service: StreamingService,
    { method, ...stream }: StreamOrder,
    load: { readonly calls: number; readonly concurrency: number; readonly expect: readonly Item[] },
  ): Promise<KitexLoad> {
    const answer = await this.#program.ask({ service, method: nameOf(service, method), stream, load });
    return (answer as { readonly load: KitexLoad }).load;
  }

  /** A call of the streaming services. */
  async stream(service: StreamingService, order: StreamOrder): Promise<StreamOutcome> {
    const { method, persistent, transient, timeoutMs, ...stream } = order;
    const answer = (await this.#program.ask({
      service,
      method: nameOf(service, method),
      persistent,
      transient,
      timeoutMs,
      stream,
    })) as KitexAnswer & {
      readonly stream?: Omit<StreamOutcome, "ended">;
    };
    return { received: [], ...answer.stream, backward: answer.backward, business: answer.business, ended: endOf(answer) };
  }

  /** Ends it once everything asked has been answered. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}
