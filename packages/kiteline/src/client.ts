/** `createClient`: stubs for a service, and what keeps them supplied with connections. */
import {
  ClientCall,
  Counters,
  currentCall,
  Metadata,
  MethodBinding,
  RpcError,
  stack,
  type CallOptions,
  type Method,
  type Service,
  type ServiceDescription,
} from "@kiteline/core";
import { Loop } from "@kiteline/net/start";
import { attempts, streamingAttempts, type AttemptsContext } from "./attempts.ts";
import { checkCallOptions, requireDescription } from "./check.ts";
import { requireObeyed, resolveClientOptions, type ResolvedClientOptions } from "./client-options.ts";
import { DEFAULTS } from "./defaults.ts";
import { Destinations, type ClientState } from "./destinations.ts";
import { missingColours } from "./observers.ts";
import { PendingStream } from "./pending-stream.ts";
import { clientSettings, type ClientOptions } from "./suite.ts";
import { carriesFormat, carriesMetadata, carriesStreams, type ProtocolName } from "./protocols.ts";

/** What a client can do besides calling. */
export interface ClientControl extends AsyncDisposable {
  /**
   * Resolves when the target is known and a connection to one of its endpoints stands. Keeps trying for `timeoutMs`
   * (5000 unless given) and rejects then with the last reason why not.
   */
  ready(timeoutMs?: number): Promise<void>;
  /** Takes no more calls; resolves when those in flight have ended, at the latest after `exitWaitMs`, when they are cut. Also `await using`. */
  close(): Promise<void>;
  readonly state: ClientState;
  readonly counters: Counters;
}

/**
 * The stubs of a service and the control of its client. A method of the service that is called like one of the
 * control's takes its place; `controlOf` finds the control then.
 */
export type Client<Stubs> = Stubs & (string extends keyof Stubs ? ClientControl : Omit<ClientControl, keyof Stubs>);

const CONTROLS = new WeakMap<object, ClientControl>();

/** The control of a client whose service has methods of the same names. Throws a `TypeError` for anything but a client. */
export function controlOf(client: object): ClientControl {
  const control = CONTROLS.get(client);
  if (control === undefined) throw new TypeError("expected a client made by createClient");
  return control;
}

/**
 * Makes a client. Make one per service and keep it: it owns the connections. It connects when first called, or on
 * `ready()`. Throws a `TypeError` or `RangeError` for wrong options.
 */
export function createClient<Stubs extends object>(description: ServiceDescription<Stubs>, options: ClientOptions): Client<Stubs> {
  requireDescription(description);
  const settings = clientSettings(options);
  const format = Object.values(description.methods)[0]?.messages.format;
  const protocol = protocolFor(description.name, format, settings.protocol);
  const resolved = resolveClientOptions({ ...settings, protocol }, format);
  requireObeyed(options, protocol, format);
  const core = new ClientCore(resolved);
  const control = core.control(() => Object.values(description.methods)[0] ?? noMethods(description));
  const client = Object.create(null) as Record<string | symbol, unknown>;
  Object.defineProperties(client, Object.getOwnPropertyDescriptors(control));
  try {
    for (const [name, method] of Object.entries(description.methods)) {
      Object.defineProperty(client, name, { value: makeStub(name, core.caller(method)), enumerable: true });
    }
  } catch (error) {
    // Of middleware: nobody has the client, which listens to its source already.
    void control.close();
    throw error;
  }
  CONTROLS.set(client, control);
  return client as Client<Stubs>;
}

/**
 * A client without its stubs: what all of them call through. A call passes, the outermost first:
 *
 * 1. middleware, the client's own, then that of its suites: it sees typed messages, and each call once, however often it is tried;
 * 2. what is counted and noted (`observers.ts`): below middleware, which may answer without calling, above all that can fail a call;
 * 3. the parent's end and the caller's signal: they end a call wherever it is from here on;
 * 4. the route, then the deadline, which it may shorten: before the attempts, so that a retry stays on the route that was taken
 *    and in the time that is left;
 * 5. attempts and the decision about another one: above the endpoint, so that each may go elsewhere;
 * 6. the endpoint, chosen per attempt (`Routing.launch`), and its connections, which are the endpoint's;
 * 7. the wire, which alone sees bytes.
 *
 * From the second on these are plain calls and hooks, not layers, so that a call makes the one promise that its caller holds.
 */
export class ClientCore {
  readonly #options: ResolvedClientOptions;
  readonly #loop: Loop;
  readonly #counters = new Counters();
  readonly #destinations: Destinations;
  readonly #context: AttemptsContext;

  constructor(options: ResolvedClientOptions) {
    const { clock, protocol, log } = options;
    const loop = new Loop(clock);
    const counters = this.#counters;
    const destinations = new Destinations(options, loop, counters);
    const colours = carriesMetadata(protocol)
      ? []
      : [missingColours((call) => destinations.routing?.lanes.laneOf(call), protocol, destinations.callee, log)];
    this.#options = options;
    this.#loop = loop;
    this.#destinations = destinations;
    this.#context = {
      clock,
      wheel: loop.wheel,
      counters,
      observers: colours,
      untilRoutes: () => destinations.untilRoutes(),
      route: (call) => destinations.route(call),
      launch: (attempt) => {
        destinations.launch(attempt);
      },
      retry: (attempt, error) => destinations.routing?.retry(attempt, error),
      maxReplayBytes: DEFAULTS.client.maxReplayBytes,
    };
  }

  /** What makes the calls of a method. */
  caller(method: Method): Caller {
    const binding = new MethodBinding(method, this.#options.name, this.#destinations.callee);
    const service = stack(this.#options.middleware, clientBottom(method, this.#context, this.#options), method);
    return new Caller(binding, service, this.#options, this.#loop);
  }

  /** `method` gives one whose route says where connections are to be readied. */
  control(method: () => Method): ClientControl {
    const destinations = this.#destinations;
    return {
      ready: (timeoutMs = DEFAULTS.client.readyMs) => destinations.ready(this.caller(method()).probe(), timeoutMs),
      close: () => destinations.close(),
      get state() {
        return destinations.state;
      },
      counters: this.#counters,
      [Symbol.asyncDispose]: () => destinations.close(),
    };
  }
}

/** Throws a `TypeError` for a protocol that does not carry the service's messages. */
function protocolFor(service: string, format: string | undefined, wanted: ProtocolName | undefined): ProtocolName {
  const protocol = wanted ?? (format === "protobuf" ? "grpc" : "ttheader");
  if (format === undefined || carriesFormat(protocol, format)) return protocol;
  throw new TypeError(`the messages of ${service} are ${format}, which protocol ${protocol} does not carry`);
}

function clientBottom(method: Method, context: AttemptsContext, { protocol }: ResolvedClientOptions): Service {
  const streams = streamsRequest(method) || streamsResponse(method);
  if (streams && !carriesStreams(protocol)) return noStreams(method, protocol);
  return streamsRequest(method) ? streamingAttempts(context) : attempts(context);
}

function noStreams(method: Method, protocol: ProtocolName): Service {
  return () =>
    Promise.reject(
      new RpcError("unimplemented", `${method.fullName} streams, which ${protocol} does not carry`, { executed: "no", retriable: false }),
    );
}

function streamsRequest({ kind }: Method): boolean {
  return kind === "client_stream" || kind === "bidi_stream";
}

function streamsResponse({ kind }: Method): boolean {
  return kind === "server_stream" || kind === "bidi_stream";
}

const NO_OPTIONS: CallOptions = {};

/** Makes the calls of one method. */
export class Caller {
  readonly binding: MethodBinding;
  readonly #service: Service;
  readonly #options: ResolvedClientOptions;
  readonly #loop: Loop;

  constructor(binding: MethodBinding, service: Service, options: ResolvedClientOptions, loop: Loop) {
    this.binding = binding;
    this.#service = service;
    this.#options = options;
    this.#loop = loop;
  }

  /** A call that is never sent, to ask where it would go. */
  probe(): ClientCall {
    return new ClientCall(this.binding, NO_OPTIONS, undefined, undefined, this.#loop.now());
  }

  call(request: unknown, options: CallOptions = NO_OPTIONS): Promise<unknown> {
    let call: ClientCall;
    try {
      call = this.#prepare(options);
    } catch (error) {
      return Promise.reject(wrongOptions(error));
    }
    return this.#service(request, call);
  }

  /** Hands the response out before there is one. */
  stream(request: unknown, options: CallOptions = NO_OPTIONS): AsyncIterableIterator<unknown, undefined> {
    let call: ClientCall;
    try {
      call = this.#prepare(options);
    } catch (error) {
      return new PendingStream(Promise.reject(wrongOptions(error)), () => undefined);
    }
    return new PendingStream(this.#service(request, call) as Promise<AsyncIterable<unknown>>, () => {
      const left = new RpcError("cancelled", "the caller stopped reading");
      call.cancel(left);
      // Where the call has ended: nobody will read what has come of it, which its connection holds.
      call.incoming?.abort(left);
    });
  }

  /** Throws a `TypeError` for options of the call that are wrong. */
  #prepare(options: CallOptions): ClientCall {
    if (options !== NO_OPTIONS) checkCallOptions(options);
    const timeoutMs = options.timeoutMs ?? this.#options.timeoutMs;
    const parent = options.parent === undefined ? (this.#options.inherit ? currentCall() : undefined) : (options.parent ?? undefined);
    const metadata = outgoingMetadata(options, parent?.inherited);
    const call = new ClientCall(this.binding, options, parent, metadata, this.#loop.now());
    const inheritedMs = parent === undefined || parent.ended ? Infinity : parent.deadlineMs;
    if (timeoutMs === undefined && inheritedMs === Infinity) return call;
    // The clock itself, not the turn's: neither may a deadline suffer from what this turn computed before, nor the next hop be given the time it took.
    call.startMs = this.#options.clock.now();
    call.deadlineMs = Math.min(inheritedMs, timeoutMs === undefined ? Infinity : call.startMs + timeoutMs);
    return call;
  }
}

/** A call that never began, for what its options are. */
function wrongOptions(error: unknown): RpcError {
  return RpcError.from(error, "invalid_argument", { executed: "no", retriable: false });
}

function noMethods(description: ServiceDescription): never {
  throw new TypeError(`${description.name} has no methods to call`);
}

/** What is inherited, and over it what the options say. Inherited metadata alone is shared, not copied. */
function outgoingMetadata(options: CallOptions, inherited: Metadata | undefined): Metadata | undefined {
  if (options.metadata === undefined) return inherited;
  const own = Metadata.from(options.metadata);
  if (inherited === undefined) return own;
  const all = inherited.clone();
  for (const entry of own) all.delete(entry.name);
  for (const entry of own) all.append(entry.name, entry.value, entry.scope);
  return all;
}

function makeStub(name: string, caller: Caller): (...args: unknown[]) => unknown {
  const { method } = caller.binding;
  const { arity } = method;
  const call = streamsResponse(method)
    ? (request: unknown, options?: CallOptions) => caller.stream(request, options)
    : (request: unknown, options?: CallOptions) => caller.call(request, options);
  const stub = arity === 1 ? call : (...args: unknown[]) => call(args.slice(0, arity), args[arity] as CallOptions | undefined);
  // So that stack traces and debuggers say which method was called.
  Object.defineProperty(stub, "name", { value: name });
  return stub as (...args: unknown[]) => unknown;
}
