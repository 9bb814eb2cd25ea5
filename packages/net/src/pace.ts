/**
 * How much of what is written in a turn leaves together. Writing all of it at once makes the fewest system calls, but then two
 * processes that talk over one connection work by turns, each waiting for the other's whole batch. Written in parts, they work at
 * the same time. Four parts keep both busy: with 16 callers that is half as fast again as one, and with more of them takes fewer
 * system calls than parts of one size for all.
 */

/** Where nobody says how many calls the peer has to do with. More saves hardly any more CPU, and fewer callers would wait for one another. */
const MOST_MESSAGES = 32;
const LEAST_MESSAGES = 2;
const PARTS = 4;

export class Pace {
  /** Messages that leave together although the turn has not ended. */
  messages: number = MOST_MESSAGES;
  /** So many calls were under way when answers last came. */
  #underWay = Infinity;

  /** Answers have come while so many calls were under way: as many will be again when those who got one have called again. */
  onAnswers(underWay: number): void {
    this.#underWay = underWay;
    this.messages = Math.max(LEAST_MESSAGES, Math.min(Math.ceil(underWay / PARTS), MOST_MESSAGES));
  }

  /** Another call begins beside so many. */
  onCall(underWay: number): void {
    // More than before: a program that begins many at once may go on for long.
    if (underWay >= this.#underWay) this.onAnswers(Infinity);
  }
}
