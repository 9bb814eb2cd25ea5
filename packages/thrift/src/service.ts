/** How a service's methods look in Thrift, and the description that generated code makes of them. */
import type { Idempotency, Messages, Method, MethodKind, ServiceDescription } from "@kiteline/core";
import type { StructCodec, ThriftReader, ThriftWriter } from "./protocol.ts";
import { idOfKey } from "./wire-types.ts";

/** A value that is a whole field: how a method's result is carried, as field 0. */
export interface FieldCodec {
  /** Of the field: its wire type, shifted as in every field's key. */
  readonly key: number;
  /** Writes the field, header and value. */
  write(out: ThriftWriter, value: unknown): void;
  /** Reads the value; the header has been read. */
  read(inp: ThriftReader): unknown;
}

/** An exception that a method declares. */
export interface DeclaredException {
  /** Its field id in the method's result, 1 or more. */
  readonly id: number;
  readonly codec: StructCodec<unknown>;
  is(error: Error): boolean;
}

/** What a method that streams sends and receives: structs by themselves, also on the side that sends but one. */
export interface StreamedMessages {
  readonly request: StructCodec<unknown>;
  readonly response: StructCodec<unknown>;
}

export interface ThriftMessages extends Messages {
  readonly format: "thrift";
  /** The struct of arguments. Its value is the request: the one argument, or the array of them. */
  readonly args: StructCodec<unknown>;
  /** What the arguments are called, by id: for texts. */
  readonly parameters?: Readonly<Record<number, string>> | undefined;
  /** Absent when the method returns nothing. */
  readonly result: FieldCodec | undefined;
  readonly exceptions: readonly DeclaredException[];
  /** Absent when the method does not stream. */
  readonly streamed?: StreamedMessages | undefined;
  /** The struct of the result with whatever it holds, instead of its parts: for those who pass it on. */
  readonly whole?: StructCodec<unknown> | undefined;
}

/** What is said of a method that differs from the usual. */
export interface MethodInit {
  /** The method's name on the wire. */
  readonly name: string;
  /** How many arguments it takes. */
  readonly arity: number;
  readonly args: StructCodec<unknown>;
  readonly parameters?: Readonly<Record<number, string>> | undefined;
  readonly result?: FieldCodec | undefined;
  readonly exceptions?: readonly DeclaredException[] | undefined;
  readonly streamed?: StreamedMessages | undefined;
  readonly whole?: StructCodec<unknown> | undefined;
  /** Defaults to `unary`. */
  readonly kind?: MethodKind | undefined;
  /** Defaults to `unknown`. */
  readonly idempotency?: Idempotency | undefined;
}

/**
 * Describes a service; `methods` is by the stub's name: the method's with a lower first letter. Throws a `TypeError` for code that is older
 * than the runtime, whose fields would be unknown to their readers, where the key of a result shows it.
 */
export function defineService<Client, Handler>(
  name: string,
  methods: Readonly<Record<string, MethodInit>>,
): ServiceDescription<Client, Handler> {
  return { name, methods: describe(name, methods) };
}

/** Describes a service that has the methods of another, too. */
export function extendService<Client, Handler>(
  name: string,
  base: { readonly methods: Readonly<Record<string, Method>> },
  methods: Readonly<Record<string, MethodInit>>,
): ServiceDescription<Client, Handler> {
  const inherited: Record<string, Method> = {};
  for (const [stub, method] of Object.entries(base.methods)) {
    inherited[stub] = { ...method, service: name, fullName: `${name}.${method.name}` };
  }
  return { name, methods: { ...inherited, ...describe(name, methods) } };
}

function describe(name: string, methods: Readonly<Record<string, MethodInit>>): Record<string, Method> {
  const described: Record<string, Method> = {};
  for (const [stub, init] of Object.entries(methods)) {
    const { exceptions = [], result } = init;
    if (result !== undefined && idOfKey(result.key) !== 0) throw outdated(name, result.key);
    const messages: ThriftMessages = {
      format: "thrift",
      args: init.args,
      parameters: init.parameters,
      result,
      exceptions,
      streamed: init.streamed,
      whole: init.whole,
      declares: (error) => exceptions.some((each) => each.is(error)),
    };
    described[stub] = {
      service: name,
      name: init.name,
      fullName: `${name}.${init.name}`,
      kind: init.kind ?? "unary",
      idempotency: init.idempotency ?? "unknown",
      arity: init.arity,
      messages,
    };
  }
  return described;
}

function outdated(name: string, key: number): TypeError {
  const got = `0x${key.toString(16).padStart(4, "0")}`;
  return new TypeError(
    `the code of ${name} is older than this @kiteline/thrift: it says ${got} for field 0 of a result. Generate it again (kiteline gen)`,
  );
}

/** The arguments of methods that take none. */
export const noArguments: StructCodec<readonly []> = {
  name: "args",
  write(out) {
    out.begin("args");
    out.end();
  },
  read(inp) {
    inp.begin();
    for (let key: number; (key = inp.field()) !== 0; ) inp.skip(key);
    return [];
  },
};
