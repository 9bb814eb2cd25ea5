/** Where a client's calls can go: its target is checked and listened to from the beginning, and how to get there is loaded meanwhile. */
import { RpcError, runOutsideCall, textOf, type Attempt, type ClientCall, type Counters } from "@kiteline/core";
import type { Loop } from "@kiteline/net";
import type { Snapshot, Source, Subscription } from "@kiteline/policy";
import { parseTarget, staticSnapshot } from "@kiteline/policy/start";
import { requireBetween } from "./check.ts";
import type { ResolvedClientOptions } from "./client-options.ts";
import type { Transport } from "./connector.ts";
import { DEFAULTS } from "./defaults.ts";
import { carriesMetadata } from "./protocols.ts";
import type { resolved, Routing } from "./routing.ts";

/** `idle`: no connection yet or any more. `ready`: at least one stands. `failing`: the last dial failed. */
export type ClientState = "idle" | "ready" | "failing" | "closed";

/** What a server of this process is called by, where a name is needed. */
const IN_PROCESS = "in-process:1";
/** Between looks whether a client has become ready. */
const READY_STEP_MS = 20;

export class Destinations {
  /** The target as servers are told it. */
  readonly callee: string;
  readonly #options: ResolvedClientOptions;
  readonly #loop: Loop;
  readonly #counters: Counters;
  /** Of the target; `undefined` for addresses that are what they are. */
  #source: Source | undefined;
  /** The source, where nobody else closes it. */
  #owned: Source | undefined;
  #subscription: Subscription | undefined;
  /** The last one. */
  #snapshot: Snapshot | undefined;
  /** One of names, which are yet to be resolved. */
  #names: Snapshot | undefined;
  #routing: Routing | undefined;
  #loading: Promise<Routing> | undefined;
  #untilCallable: Promise<void> | undefined;
  /** Ends the wait for the first snapshot. */
  #giveUp: ((reason: RpcError) => void) | undefined;
  #closed = false;

  /** Throws a `TypeError` for a target that is none. */
  constructor(options: ResolvedClientOptions, loop: Loop, counters: Counters) {
    const { target, source, loadBalancing } = options;
    const local = typeof target === "object" && "inProcess" in target;
    const addresses = local ? IN_PROCESS : target;
    this.callee = typeof addresses === "string" ? addresses : (addresses[0] ?? "");
    parseTarget(this.callee);
    this.#options = options;
    this.#loop = loop;
    this.#counters = counters;
    if (!local && source !== undefined) {
      this.#listen(source);
    } else {
      const snapshot = staticSnapshot(addresses, { loadBalancing: { kind: loadBalancing } });
      if (local || Object.values(snapshot.clusters).every(({ resolution }) => resolution === "static")) this.#snapshot = snapshot;
      else this.#names = snapshot;
    }
    // What is wrong is the calls' to say.
    this.#loaded().catch(() => undefined);
  }

  get state(): ClientState {
    return this.#closed ? "closed" : (this.#routing?.state ?? "idle");
  }

  /** There once `untilRoutes` has nothing to wait for. */
  get routing(): Routing | undefined {
    return this.#routing;
  }

  /** `undefined` once calls can be routed. Until then they wait, for a snapshot at most `readyMs`, and no longer than the client is open. */
  untilRoutes(): Promise<void> | undefined {
    if (this.#snapshot !== undefined && this.#routing !== undefined) return undefined;
    this.#untilCallable ??= this.#awaitCallable().finally(() => {
      this.#untilCallable = undefined;
    });
    return this.#untilCallable;
  }

  /** As `Routing` has it, of a client that is open. */
  route(call: ClientCall): RpcError | undefined {
    return this.#closed ? wasClosed() : (this.#routing as Routing).route(call);
  }

  launch(attempt: Attempt): void {
    if (this.#closed) attempt.fail(wasClosed());
    else (this.#routing as Routing).launch(attempt);
  }

  /** Tries until a connection to an endpoint of the call's route stands. Rejects with the last reason after `timeoutMs`. */
  async ready(call: ClientCall, timeoutMs: number): Promise<void> {
    const { clock } = this.#options;
    requireBetween("the time that ready() is given", timeoutMs, 0, Infinity);
    const endMs = clock.now() + timeoutMs;
    for (;;) {
      try {
        const routing = await this.#loaded();
        await routing.warm(call);
        return;
      } catch (error) {
        if (this.#closed || clock.now() >= endMs) throw error;
      }
      await new Promise<void>((resolve) => clock.after(READY_STEP_MS, resolve, true));
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // First: what ends with the source would otherwise be said to waiting calls.
    this.#giveUp?.(wasClosed());
    this.#subscription?.close();
    this.#owned?.close();
    await Promise.all([this.#untilCallable?.catch(() => undefined), this.#routing?.close()]);
  }

  #listen(source: Source): void {
    this.#source = source;
    this.#subscription = runOutsideCall(() =>
      source.subscribe((snapshot) => {
        this.#snapshot = snapshot;
        this.#routing?.update(snapshot);
      }),
    );
  }

  /** Where loading has failed, the next who asks tries again: files may have been out of reach for a moment, or the snapshot wrong. */
  async #loaded(): Promise<Routing> {
    if (this.#closed) throw wasClosed();
    this.#loading ??= runOutsideCall(() => this.#load()).finally(() => {
      if (this.#routing === undefined) this.#loading = undefined;
    });
    const routing = await this.#loading;
    if (this.#closed) throw wasClosed();
    return routing;
  }

  async #load(): Promise<Routing> {
    const modules = await this.#modules();
    let routing: Routing;
    try {
      const transport = await modules.callTransport(this.#options, this.#loop);
      routing = new modules.Routing({
        options: this.#options,
        callee: this.callee,
        loop: this.#loop,
        counters: this.#counters,
        transport,
        outdated: () => this.#source?.refresh(),
      });
      if (this.#snapshot !== undefined) routing.update(this.#snapshot);
    } catch (error) {
      // Options or a snapshot that are wrong: a call that is made once more will find them so.
      throw RpcError.from(error, "invalid_argument", { executed: "no", retriable: false });
    }
    if (this.#closed) throw wasClosed();
    this.#routing = routing;
    if (this.#names !== undefined) {
      this.#owned = modules.resolved(this.#names, this.#options);
      this.#listen(this.#owned);
    }
    return routing;
  }

  async #modules(): Promise<Modules> {
    try {
      return await loadModules(this.#options);
    } catch (error) {
      throw RpcError.from(error, "internal", { executed: "no", retriable: true });
    }
  }

  async #awaitCallable(): Promise<void> {
    if (this.#snapshot !== undefined) {
      await this.#loaded();
      return;
    }
    const { readyMs } = DEFAULTS.client;
    const given = Promise.withResolvers<never>();
    this.#giveUp = given.reject;
    const late = (): void => {
      given.reject(this.#unknown("unavailable", `delivered nothing within ${readyMs} ms`));
    };
    const timer = this.#options.clock.after(readyMs, late, true);
    try {
      await Promise.race([this.#awaitSnapshot(), given.promise]);
    } finally {
      timer.cancel(); // or the process would wait for it
    }
  }

  async #awaitSnapshot(): Promise<void> {
    await this.#loaded();
    try {
      await (this.#source as Source).ready();
    } catch (error) {
      // Not `unavailable`, which calls may wait to be over: a source that has ended delivers nothing any more.
      throw this.#unknown("failed_precondition", `ended (${textOf(error)})`, error);
    }
  }

  #unknown(code: "unavailable" | "failed_precondition", why: string, cause?: unknown): RpcError {
    const facts = { executed: "no", retriable: code === "unavailable", cause } as const;
    return new RpcError(code, `nothing is known of ${this.callee}: its source has ${why}`, facts);
  }
}

interface Modules {
  readonly Routing: typeof Routing;
  readonly resolved: typeof resolved;
  readonly callTransport: (options: ResolvedClientOptions, loop: Loop) => Transport | Promise<Transport>;
}

/** What routes, what connects and what speaks in one piece: each `import()` walks through all that is beneath it, loaded before or not. */
function loadModules({ protocol, payload, messagesFormat }: ResolvedClientOptions): Promise<Modules> {
  if (protocol === "grpc") return import("./grpc.ts");
  const byDefault = carriesMetadata(protocol) && payload === "binary" && messagesFormat === "thrift";
  return byDefault ? import("./default-transport.ts") : import("./client-wire.ts");
}

function wasClosed(): RpcError {
  return new RpcError("cancelled", "the client was closed", { executed: "no", retriable: false });
}
