/** Streams that wait for the same thing, first come, first served. A stream stands in one line at most. */

/** What stands in lines. */
export interface Lined<T extends Lined<T>> {
  line: StreamLine<T> | undefined;
  nextInLine: T | undefined;
  previousInLine: T | undefined;
}

export class StreamLine<T extends Lined<T>> {
  length = 0;
  #first: T | undefined;
  #last: T | undefined;

  push(stream: T): void {
    stream.line = this;
    stream.previousInLine = this.#last;
    if (this.#last === undefined) this.#first = stream;
    else this.#last.nextInLine = stream;
    this.#last = stream;
    this.length++;
  }

  remove(stream: T): void {
    const { previousInLine: previous, nextInLine: next } = stream;
    if (previous === undefined) this.#first = next;
    else previous.nextInLine = next;
    if (next === undefined) this.#last = previous;
    else next.previousInLine = previous;
    stream.line = undefined;
    stream.nextInLine = stream.previousInLine = undefined;
    this.length--;
  }

  shift(): T | undefined {
    const stream = this.#first;
    if (stream !== undefined) this.remove(stream);
    return stream;
  }
}
