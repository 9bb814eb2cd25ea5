/** What is known of a method before it is called. Generated code makes these; nobody else needs to. */

/** Streaming kinds as in gRPC; `oneway` is Thrift's: the caller learns only that the call was sent. */
export type MethodKind = "unary" | "oneway" | "client_stream" | "server_stream" | "bidi_stream";

/**
 * Whether running a call twice is the same as running it once (`idempotency_level` in Protobuf, the annotation
 * `idempotent` in Thrift). Retries ask it when a call may have run.
 */
export type Idempotency = "unknown" | "idempotent" | "no_side_effects";

/** How the messages of a method look as bytes. Each payload format has an interface of its own that extends this. */
export interface Messages {
  /** Whose it is: `thrift` or `protobuf`. */
  readonly format: string;
  /** Whether the method declares this error: then it is an answer of the handler, not its failure. */
  declares?(error: Error): boolean;
}

export interface Method {
  /** The service's name in the IDL. */
  readonly service: string;
  /** The method's name on the wire. */
  readonly name: string;
  /** `service.name`, for texts. */
  readonly fullName: string;
  readonly kind: MethodKind;
  readonly idempotency: Idempotency;
  /** How many arguments the stub takes. With one the request is that argument; else it is the array of them. */
  readonly arity: number;
  readonly messages: Messages;
}

/**
 * A service as generated code describes it. `Client` is the interface of its stubs and `Handler` what implements
 * it; the two live in the type only.
 */
export interface ServiceDescription<out Client = unknown, in Handler = never> {
  readonly name: string;
  /** By the name of the stub: the IDL's name with a lower first letter. */
  readonly methods: Readonly<Record<string, Method>>;
  /** Never present: carries the types. */
  readonly types?: { client: () => Client; handler: (handler: Handler) => void };
}

/** A service's name without its package: all that Kitex says and looks at. */
export function bareName(service: string): string {
  return service.slice(service.lastIndexOf(".") + 1);
}

/** What implements a service: the object that a server's `add` takes. */
export type HandlerOf<S> = S extends ServiceDescription<unknown, infer Handler> ? Handler : never;

/** The stubs of a service. */
export type ClientOf<S> = S extends ServiceDescription<infer Client, never> ? Client : never;
