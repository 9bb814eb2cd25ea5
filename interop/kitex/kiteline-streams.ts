/** Kiteline's ends of the streaming services: what serves them as `cmd/server` does, and what calls them as `cmd/client` does. */
import { once } from "node:events";
import { codeNumber, codeOfNumber } from "@kiteline/core";
import { BusinessError, CallInfo, type CallOptions, Metadata, type MetadataScope, RpcError, type ServerCall } from "kiteline";
import type { Item as Message, PbStreamsClient, PbStreamsHandler } from "./gen/pb_streams.ts";
import { Notes } from "./notes.ts";
import type { Item, StreamEnd, StreamOrder, StreamOutcome } from "./streams.ts";

/** The message is the same in Thrift's and in Protobuf's code. */
export function streamsHandler(notes: Notes = new Notes()): PbStreamsHandler {
  return {
    once: (item, call) => answer(item, call, notes),

    async collect(items, call) {
      const texts: string[] = [];
      let number = 0n;
      for await (const item of items) {
        texts.push(item.text);
        number += item.number;
        if (item.text === "stop") break;
        await answer(item, call, notes);
      }
      return { text: texts.join(" "), number };
    },

    async *expand(item, call) {
      // What is said of the header has to be said before the first item.
      const early = item.text === "header";
      if (early) await answer(item, call, notes);
      for (let number = 0n; number < item.number; number += 1n) yield { text: item.text, number };
      if (!early && item.text !== "stop") await answer(item, call, notes);
    },

    async *chat(items, call) {
      for await (const item of items) {
        if (item.text === "stop") return;
        yield await answer(item, call, notes);
      }
    },
  };
}

async function answer(item: Message, call: ServerCall, notes: Notes): Promise<Message> {
  const { text, number, extra } = item;
  const [verb, argument = ""] = text.split(":");
  const answered = { text, number: number + 1n, extra };
  switch (verb) {
    case "error":
      throw new Error("the handler failed");
    case "panic":
      throw new TypeError("the handler panicked");
    case "business":
      throw new BusinessError(1001, "not enough", new Map([["left", "3"]]));
    case "status":
      throw new RpcError(codeOfNumber(Number(argument)), `a status of ${argument}`);
    case "seen":
      return { ...answered, extra: seenBy(call) };
    case "back":
      for (const [name, value] of extra) call.reply.set(name, value, "backward");
      return answered;
    case "header":
      for (const [name, value] of extra) call.reply.set(name, value);
      return answered;
    case "trailer":
      for (const [name, value] of extra) call.trailers.set(name, value);
      return answered;
    case "wait":
      if (!call.signal.aborted) await once(call.signal, "abort");
      notes.add(argument, "noted");
      throw call.signal.reason as Error;
    case "noted":
      await notes.wait(argument);
      return { ...answered, text: "noted" };
    default:
      return answered;
  }
}

function seenBy(call: ServerCall): Map<string, string> {
  const seen = new Map([
    ["service", call.method.service],
    ["method", call.method.name],
    ["caller", call.caller],
  ]);
  for (const { scope, name, value } of call.metadata) seen.set(`${scope} ${name}`, String(value));
  if (Number.isFinite(call.timeLeftMs)) seen.set("leftMs", call.timeLeftMs.toFixed(0));
  return seen;
}

/** Makes the call that is ordered. `transientPrefix` goes before the names of transient metadata. */
export async function callStreams(client: PbStreamsClient, order: StreamOrder, transientPrefix = ""): Promise<StreamOutcome> {
  const conversation = new Conversation(order, transientPrefix);
  let business: StreamOutcome["business"];
  let ended: StreamEnd = "well";
  try {
    await conversation.run(client);
  } catch (error) {
    ended = endOf(error);
    if (error instanceof BusinessError) business = { status: error.status, message: error.detail, extra: Object.fromEntries(error.extra) };
  }
  const { info, received } = conversation;
  const backward = valuesOf(info.reply, "backward");
  return { received, ended, business, backward, header: valuesOf(info.reply), trailer: valuesOf(info.trailers) };
}

class Conversation {
  readonly info: CallInfo = new CallInfo();
  readonly received: Item[] = [];
  readonly #order: StreamOrder;
  readonly #transientPrefix: string;
  readonly #cancel = new AbortController();
  #turn = Promise.withResolvers<void>();

  constructor(order: StreamOrder, transientPrefix: string) {
    this.#order = order;
    this.#transientPrefix = transientPrefix;
  }

  async run(client: PbStreamsClient): Promise<void> {
    const { method, send } = this.#order;
    const options = this.#options();
    const [only] = send.map(toMessage);
    switch (method) {
      case "once":
        this.#receive(await client.once(only ?? {}, options));
        break;
      case "collect":
        this.#receive(await client.collect(this.#requests(), options));
        break;
      case "expand":
        for await (const item of client.expand(only ?? {}, options)) this.#receive(item);
        break;
      case "chat":
        for await (const item of client.chat(this.#requests(), options)) this.#receive(item);
    }
  }

  #options(): CallOptions {
    const { persistent = {}, transient = {}, timeoutMs } = this.#order;
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(persistent)) metadata.set(name, value, "persistent");
    for (const [name, value] of Object.entries(transient)) metadata.set(this.#transientPrefix + name, value);
    return { metadata, timeoutMs, info: this.info, signal: this.#cancel.signal };
  }

  #receive({ text, number, extra }: Message): void {
    this.received.push({ text, number: Number(number), ...(extra.size > 0 ? { extra: Object.fromEntries(extra) } : {}) });
    this.#turn.resolve();
  }

  async *#requests(): AsyncGenerator<Message> {
    const { send, repeat = 1, inTurns = false, cancelAfter } = this.#order;
    for (let turn = 0; turn < repeat; turn += 1) {
      for (const item of send) {
        yield toMessage({ ...item, number: item.number + turn });
        if (!inTurns) continue;
        // Asked for more, the last one has gone out.
        if (this.received.length === cancelAfter) this.#cancel.abort();
        await this.#turn.promise;
        this.#turn = Promise.withResolvers();
      }
    }
  }
}

function toMessage({ text, number, extra = {} }: Item): Message {
  return { text, number: BigInt(number), extra: new Map(Object.entries(extra)) };
}

/** Without a scope, whatever came: what a header is depends on the protocol. */
function valuesOf(metadata: Metadata, scope?: MetadataScope): Record<string, string> {
  const entries = [...metadata].filter((entry) => scope === undefined || entry.scope === scope);
  return Object.fromEntries(entries.map(({ name, value }) => [name, String(value)]));
}

function endOf(error: unknown): StreamEnd {
  if (error instanceof BusinessError) return "in a business error";
  if (!(error instanceof RpcError)) return String(error);
  if (error.code === "cancelled") return "cancelled";
  if (error.code === "deadline_exceeded") return "at its deadline";
  if (/the handler (failed|panicked)/.test(error.detail)) return "in a failed handler";
  return `with status ${codeNumber(error.code)}`;
}
