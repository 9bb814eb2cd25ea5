/** A program that a test gives orders to: each is a JSON line with an id, and so is each answer. Orders are carried out concurrently. */
import { LineProcess } from "./line-process.ts";

export class AskedProgram implements AsyncDisposable {
  readonly #process: LineProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;
  #ended: Error | undefined;

  constructor(program: string, args: readonly string[]) {
    this.#process = new LineProcess(
      program,
      args,
      (line) => this.#onAnswer(line as { id: number }),
      (reason) => {
        this.#ended = reason;
        for (const { reject } of this.#waiting.values()) reject(reason);
      },
    );
  }

  /** Resolves with what it answers. Rejects when it ends before. */
  async ask(order: object): Promise<unknown> {
    if (this.#ended !== undefined) throw this.#ended;
    this.#lastId += 1;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#lastId, waiting);
    this.#process.tell({ id: this.#lastId, ...order });
    return await waiting.promise;
  }

  /** Ends it once everything asked has been answered. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.finish();
  }

  #onAnswer(answer: { readonly id: number }): void {
    this.#waiting.get(answer.id)?.resolve(answer);
    this.#waiting.delete(answer.id);
  }
}
