/** A line for each call that a mock answers, when it has ended. */
import type { ServerCall } from "@kiteline/core";
import { milliseconds, rounded } from "../call/timing.ts";
import { toJson, type Printer } from "../printer.ts";
import { streamsReplies, streamsRequests, type IdlMethod } from "../services/service.ts";
import type { CallWatcher } from "./handler.ts";
import type { Response } from "./respond.ts";

/** Messages of a stream that are shown; of the others only how many they were. */
const MAX_SHOWN = 10;

export class CallReport implements CallWatcher {
  readonly #startMs = performance.now();
  readonly #method: IdlMethod;
  readonly #peer: string;
  readonly #printer: Printer;
  readonly #requests: Messages;
  readonly #replies: Messages;
  #failure: Exclude<Response, { kind: "reply" }> | undefined;

  constructor(method: IdlMethod, { peer }: ServerCall, printer: Printer) {
    this.#method = method;
    this.#peer = peer;
    this.#printer = printer;
    this.#requests = new Messages(streamsRequests(method));
    this.#replies = new Messages(streamsReplies(method));
  }

  asked(request: unknown): void {
    this.#requests.add(request);
  }

  answered(response: Response): void {
    if (response.kind === "reply") this.#replies.add(response.shown);
    else this.#failure = response;
  }

  ended(complete: boolean): void {
    const ms = performance.now() - this.#startMs;
    const { bold, green, red, dim } = this.#printer.paint;
    const { fullName } = this.#method;
    const outcome = [
      ...(this.#replies.areShown(this.#failure) ? [green(this.#replies.text())] : []),
      ...(this.#failure === undefined ? [] : [red(`${this.#failure.kind} ${toJson(this.#failure.shown)}`)]),
      ...(complete ? [] : [red("the caller left")]),
    ].join(" ");
    this.#printer.result(`${bold(fullName)} ${this.#requests.text()} ${dim("->")} ${outcome} ${dim(`${milliseconds(ms)} ${this.#peer}`)}`, {
      type: "call",
      method: fullName,
      peer: this.#peer,
      ...this.#requests.json("request", "requests"),
      ...(this.#replies.areShown(this.#failure) ? this.#replies.json("reply", "replies") : {}),
      ...(this.#failure === undefined ? {} : { [this.#failure.kind]: this.#failure.shown }),
      ...(complete ? {} : { left: true }),
      ms: rounded(ms),
    });
  }
}

/** What one side sent: one message, or a stream of them. */
class Messages {
  readonly #streams: boolean;
  readonly #shown: unknown[] = [];
  #count = 0;

  constructor(streams: boolean) {
    this.#streams = streams;
  }

  add(message: unknown): void {
    this.#count++;
    if (this.#shown.length < MAX_SHOWN) this.#shown.push(message);
  }

  areShown(failure: unknown): boolean {
    return failure === undefined || this.#count > 0;
  }

  text(): string {
    if (!this.#streams) return toJson(this.#shown[0]);
    const more = this.#count - this.#shown.length;
    return `${toJson(this.#shown)}${more > 0 ? ` and ${more} more` : ""}`;
  }

  json(one: string, many: string): Record<string, unknown> {
    return this.#streams ? { [many]: this.#shown, [`${one}Count`]: this.#count } : { [one]: this.#shown[0] };
  }
}
