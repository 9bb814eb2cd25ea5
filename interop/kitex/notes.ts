/** What handlers were told, by key, for calls that ask for it later. */
import { setTimeout as delay } from "node:timers/promises";

/** How long it is waited for the first note under a key. */
const WAIT_MS = 5000;

export class Notes {
  readonly #lists = new Map<string, { texts: string[]; arrived: PromiseWithResolvers<void> }>();

  add(key: string, text: string): void {
    const list = this.#listOf(key);
    list.texts.push(text);
    list.arrived.resolve();
  }

  /** The notes under a key, once there is one. */
  async wait(key: string): Promise<string[]> {
    const list = this.#listOf(key);
    const tooLong = delay(WAIT_MS, undefined, { ref: false }).then(() => {
      throw new Error(`nothing noted under "${key}" in ${WAIT_MS} ms`);
    });
    await Promise.race([list.arrived.promise, tooLong]);
    tooLong.catch(() => {});
    return [...list.texts];
  }

  #listOf(key: string): { texts: string[]; arrived: PromiseWithResolvers<void> } {
    let list = this.#lists.get(key);
    if (list === undefined) {
      list = { texts: [], arrived: Promise.withResolvers<void>() };
      this.#lists.set(key, list);
    }
    return list;
  }
}
