/**
 * Regular expressions whose cost is linear in the length of the text. Patterns and texts both come from elsewhere, and
 * a backtracking engine can be made to hang with them; RE2, whose syntax Istio promises, cannot, and neither can this.
 *
 * A pattern becomes a nondeterministic automaton (Thompson), of which a deterministic one is made state by state as
 * texts need it. Only whole texts are tested, so there are no groups to remember. A text that needs a new one at every character is
 * cheaper to read without making any.
 */
import { accepts, type CharacterSet, parseRegex, RegexError, type RegexNode } from "./regex-syntax.ts";

export { RegexError };

export interface Regex {
  /** Whether the whole text matches. */
  test(text: string): boolean;
}

/** Throws a `RegexError` for a pattern that is not RE2 syntax or that is too large. */
export function compileRegex(pattern: string): Regex {
  return new Automaton(pattern);
}

/** Repetitions with counts are written out: this is the limit of what comes of it. */
const MAX_STATES = 10_000;
/** Deterministic states remembered; when there are more they are forgotten and made again. */
const MAX_REMEMBERED = 500;
/** So many new ones in one text: then the rest of it is read without, as it would be thrown away before it is of use. */
const MAX_MADE = 250;

/** Either reads a character and goes on to `next`, or goes on to both without reading. */
interface State {
  readonly index: number;
  /** By which search it was reached last. */
  reached: number;
  kind: "read" | "split" | "start" | "end" | "accept";
  set: CharacterSet | undefined;
  next: State | undefined;
  other: State | undefined;
}

/** A set of states of which some may be the right one. */
class Together {
  readonly states: readonly State[];
  readonly accepting: boolean;
  /** By ASCII code, as far as known. */
  readonly next: (Together | undefined)[] = [];

  constructor(states: readonly State[], accepting: boolean) {
    this.states = states;
    this.accepting = accepting;
  }
}

class Automaton implements Regex {
  readonly #pattern: string;
  readonly #states: State[] = [];
  readonly #entry: State;
  readonly #known = new Map<string, Together>();
  #start: Together;
  /** How many searches there have been. */
  #searches = 0;
  /** How many deterministic states have been made. */
  #made = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#entry = this.#build(parseRegex(pattern), this.#state("accept"));
    this.#start = this.#together([this.#entry], true);
  }

  test(text: string): boolean {
    let current = this.#start;
    const most = this.#made + MAX_MADE;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < 128) {
        current = current.next[code] ?? this.#step(current, code);
      } else {
        const codePoint = text.codePointAt(index) as number;
        if (codePoint > 0xffff) index++;
        current = this.#step(current, codePoint);
      }
      if (current.states.length === 0) return false;
      if (this.#made >= most) return this.#read(current.states, text, index + 1);
    }
    return current.accepting;
  }

  /** Whether the rest of the text leads from these states, which are not at its beginning, to the end. */
  #read(from: readonly State[], text: string, start: number): boolean {
    let states = from;
    for (let index = start; index < text.length && states.length > 0; index++) {
      const codePoint = text.codePointAt(index) as number;
      if (codePoint > 0xffff) index++;
      states = this.#reach(after(states, codePoint), false, false);
    }
    return this.#accept(states, false);
  }

  #step(from: Together, codePoint: number): Together {
    const next = this.#together(after(from.states, codePoint), false);
    if (codePoint < 128) from.next[codePoint] = next;
    return next;
  }

  /** Everything that these states reach without reading. */
  #together(from: readonly State[], atStart: boolean): Together {
    const reached = this.#reach(from, atStart, false);
    const states = reached.filter((state) => state.kind === "read" || state.kind === "end" || state.kind === "accept");
    const key = states
      .map((state) => state.index)
      .sort((a, b) => a - b)
      .join();
    // The beginning is a case of its own: after it, "^" fits no more.
    const known = atStart ? undefined : this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_REMEMBERED) {
      this.#known.clear();
      // The old states still point at each other: without a new beginning they would all stay.
      this.#start = new Together(this.#start.states, this.#start.accepting);
    }
    this.#made++;
    const together = new Together(states, this.#accept(states, atStart));
    if (!atStart) this.#known.set(key, together);
    return together;
  }

  /** Whether the text may end here. */
  #accept(states: readonly State[], atStart: boolean): boolean {
    return this.#reach(states, atStart, true).some((state) => state.kind === "accept");
  }

  #reach(from: readonly State[], atStart: boolean, atEnd: boolean): State[] {
    const search = ++this.#searches;
    const seen: State[] = [];
    const pending = from.slice();
    for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
      if (state.reached === search) continue;
      state.reached = search;
      seen.push(state);
      const passes = state.kind === "split" || (state.kind === "start" && atStart) || (state.kind === "end" && atEnd);
      if (!passes) continue;
      if (state.next !== undefined) pending.push(state.next);
      if (state.other !== undefined) pending.push(state.other);
    }
    return seen;
  }

  /** The entry of what reads `node` and then goes on to `after`. */
  #build(node: RegexNode, after: State): State {
    switch (node.kind) {
      case "set":
        return this.#state("read", after, undefined, node.set);
      case "start":
      case "end":
        return this.#state(node.kind, after);
      case "sequence":
        return node.parts.reduceRight((next, part) => this.#build(part, next), after);
      case "choice":
        return node.parts.map((part) => this.#build(part, after)).reduceRight((other, next) => this.#state("split", next, other));
      case "repeat": {
        let entry = after;
        if (node.max === Infinity) {
          const loop = this.#state("split", undefined, after);
          loop.next = this.#build(node.part, loop);
          entry = loop;
        } else {
          for (let count = node.min; count < node.max; count++) entry = this.#state("split", this.#build(node.part, entry), after);
        }
        for (let count = 0; count < node.min; count++) entry = this.#build(node.part, entry);
        return entry;
      }
    }
  }

  #state(kind: State["kind"], next?: State, other?: State, set?: CharacterSet): State {
    if (this.#states.length >= MAX_STATES)
      throw new RegexError(`the regular expression "${this.#pattern}" is too large: it needs more than ${MAX_STATES} states`);
    const state: State = { index: this.#states.length, reached: 0, kind, set, next, other };
    this.#states.push(state);
    return state;
  }
}

/** Where reading a character leads from these. */
function after(states: readonly State[], codePoint: number): State[] {
  const next: State[] = [];
  for (const state of states) {
    if (state.kind === "read" && accepts(state.set as CharacterSet, codePoint)) next.push(state.next as State);
  }
  return next;
}
