/** PINGs we sent and their answers (RFC 9113, section 6.7). */
import type { Connection } from "@kiteline/net";
import { writePing } from "./frame.ts";

interface Sent {
  readonly number: number;
  readonly atMs: number;
  readonly onAnswer: (milliseconds: number) => void;
}

/** Marks PINGs as ours for whoever looks at the wire. */
const MARK = 0x6b69_7465;

export class Pings {
  readonly #connection: Connection;
  #number = 0;
  #sent: Sent[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Sends one; `onAnswer` gets the time it took. */
  send(onAnswer: (milliseconds: number) => void): void {
    if (this.#connection.ended) return;
    const { loop } = this.#connection;
    this.#number = (this.#number + 1) >>> 0;
    this.#sent.push({ number: this.#number, atMs: loop.clock.now(), onAnswer });
    writePing(this.#connection.output, 0, MARK, this.#number);
    this.#connection.scheduleFlush(0);
  }

  /** Takes an answer; false when nobody asked. */
  onAnswer(high: number, low: number): boolean {
    const at = high === MARK ? this.#sent.findIndex((each) => each.number === low) : -1;
    const [sent] = at < 0 ? [] : this.#sent.splice(at, 1);
    if (sent === undefined) return false;
    sent.onAnswer(Math.max(0, this.#connection.loop.clock.now() - sent.atMs));
    return true;
  }
}
