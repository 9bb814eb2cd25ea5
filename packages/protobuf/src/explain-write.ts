/**
 * Says where in a message a value is that cannot be written. The writer knows the numbers of the fields in which it stood; names,
 * and which element of a list it was, are found afterwards, so that writing costs nothing for it.
 */
import { caseHint, Output, shown, Slabs, ValueError } from "@kiteline/net";
import type { MessageCodec, ProtoFile } from "./codec.ts";
import { findCodec, noteMessage, type FieldNote, type MessageNote } from "./schema/field-notes.ts";
import { plainPropertyName } from "./schema/property-names.ts";
import { caseOf, hintForBare, requireSome, WrongCase, WrongValue } from "./value-errors.ts";
import { ProtobufWriter } from "./writer.ts";

/** Beyond it a path tells nobody anything. */
const MOST_STEPS = 20;
const MAX_BYTES = 0x7fff_ffff;
const ENTRY_KEY = 1;
const ENTRY_VALUE = 2;

/** `error` for one of TypeScript's; `numbers` are the fields in which the writer stood, the outermost first. */
export function explainWrite(
  error: TypeError,
  codec: Pick<MessageCodec, "name" | "file">,
  value: unknown,
  numbers: readonly number[],
): ValueError {
  const place = new Place(codec, value, error instanceof WrongValue ? error.got : error);
  const steps = numbers.length > MOST_STEPS ? [] : numbers;
  for (let at = 0; at < steps.length; at++) if (place.enter(steps[at]!, steps[at + 1]) === "entry") at++;
  if (error instanceof WrongValue) place.findGot();
  const problem = (error instanceof ValueError ? error.problem : place.whatIsWrong(error)) + place.hint(error);
  // What a `ValueError` says is said here, and more.
  const explained = new ValueError(problem, error instanceof ValueError ? undefined : { cause: error });
  explained.path = place.path;
  explained.message = aboutMessage(codec.name, place.path, problem);
  return explained;
}

/** The whole text of what is wrong with a message, which is named once. */
export function aboutMessage(name: string, path: string, problem: string): string {
  if (path !== "") return `${name}: ${path.replace(/^\./, "")}: ${problem}`;
  return problem.includes(name) ? problem : `${name}: ${problem}`;
}

/** A walk from a message to the value that is wrong. */
class Place {
  /** Steps so far, such as `.items[3].price`. */
  path = "";
  readonly #file: ProtoFile;
  /** What was wrong, or the error for which it is not known. */
  readonly #got: unknown;
  #value: unknown;
  /** Of the message that the value is. */
  #note: MessageNote | undefined;
  /** The name of the message that the value ought to be, where it is in another. */
  #message: string | undefined;
  /** Whether the value ought to be a list, and is none. */
  #isNoList = false;

  constructor({ name, file }: Pick<MessageCodec, "name" | "file">, value: unknown, got: unknown) {
    this.#file = file;
    this.#got = got;
    this.#value = value;
    this.#note = noteMessage(file, name);
  }

  /** Goes into a field; of a map's entry into what `next` says, its key or its value. */
  enter(number: number, next: number | undefined): "field" | "entry" {
    const field = this.#note?.fields.get(number);
    if (field === undefined) {
      // An extension, whose codec is no message's, or what is inside of one.
      this.path += `.field ${number}`;
      this.#value = undefined;
      return "field";
    }
    const { oneof, property, isRepeated, message } = field;
    const holder = propertyOf(this.#value, oneof ?? property);
    this.#value = oneof === undefined ? holder : propertyOf(holder, "value");
    this.path += oneof === undefined ? `.${property}` : `.${oneof}.value`;
    const note = message === undefined ? undefined : noteMessage(this.#file, message);
    this.#message = message;
    if (note?.isMapEntry === true) return this.#enterEntry(note.fields.get(ENTRY_VALUE), next);
    if (isRepeated) this.#enterElement(message);
    this.#note = note;
    return "field";
  }

  #enterElement(message: string | undefined): void {
    const list = this.#value;
    this.#isNoList = !Array.isArray(list);
    if (!Array.isArray(list)) return;
    const index = list.findIndex((each: unknown) => this.#isWrong(each, message));
    if (index < 0) return;
    this.#value = list[index];
    this.path += `[${index}]`;
  }

  #enterEntry(field: FieldNote | undefined, next: number | undefined): "field" | "entry" {
    const map = this.#value;
    this.#note = undefined;
    if (!(map instanceof Map)) return "field";
    const isKey = next === ENTRY_KEY;
    const found = [...map].find(([key, value]) => (isKey ? Object.is(key, this.#got) : this.#isWrong(value, field?.message)));
    if (found !== undefined) this.path += isKey ? ` key` : `[${shown(found[0])}]`;
    this.#value = found?.[1];
    this.#message = field?.message;
    if (field?.message !== undefined) this.#note = noteMessage(this.#file, field.message);
    return next === undefined ? "field" : "entry";
  }

  #isWrong(value: unknown, message: string | undefined): boolean {
    if (Object.is(value, this.#got)) return true;
    const codec = message === undefined ? undefined : findCodec(this.#file, message);
    return codec !== undefined && !canWrite(codec, value);
  }

  /** Goes into the member whose value it is, where the writer did not say: a oneof, a 64-bit integer that is no bigint. */
  findGot(): void {
    if (this.#value === this.#got || this.#got === undefined) return;
    for (const { property, oneof } of this.#note?.fields.values() ?? []) {
      const own = propertyOf(this.#value, oneof ?? property);
      const isInside = oneof !== undefined && Object.is(propertyOf(own, "value"), this.#got);
      if (!isInside && !Object.is(own, this.#got)) continue;
      this.path += `.${oneof ?? property}${isInside ? ".value" : ""}`;
      return;
    }
  }

  /** Which cases a oneof has; and where a bare value stands for a message of Google's, how it becomes one. */
  hint(error: TypeError): string {
    if (error instanceof WrongCase) return caseHint(caseOf(error.got), this.#casesOf(error.oneof));
    const isBare = error instanceof WrongValue && error.problem === `expected a message (an object), got ${shown(this.#got)}`;
    return isBare && this.#message !== undefined ? hintForBare(this.#message) : "";
  }

  #casesOf(oneof: string): string[] {
    const property = plainPropertyName(oneof.slice(oneof.lastIndexOf(".") + 1));
    const fields = [...(this.#note?.fields.values() ?? [])];
    return fields.filter((field) => field.oneof === property).map((field) => field.property);
  }

  /** What JavaScript means with an error of its own. */
  whatIsWrong(error: TypeError): string {
    const value = this.#value;
    if (this.#isNoList) return `expected an array, got ${shown(value)}`;
    if (typeof value !== "object" || value === null) return `expected a message (an object), got ${shown(value)}`;
    for (const { property, oneof, isRepeated, message } of this.#note?.fields.values() ?? []) {
      const own = propertyOf(value, property);
      if (!isRepeated || oneof !== undefined || own === undefined) continue;
      const isMap = message !== undefined && noteMessage(this.#file, message)?.isMapEntry === true;
      if (isMap ? own instanceof Map : isIterable(own)) continue;
      this.path += `.${property}`;
      return `expected ${isMap ? "a Map" : "an array"}, got ${shown(own)}`;
    }
    return error.message;
  }
}

function canWrite(codec: MessageCodec, value: unknown): boolean {
  const out = new Output(new Slabs(), MAX_BYTES);
  const writer = new ProtobufWriter();
  out.begin();
  writer.reset(out);
  try {
    codec.write(writer, value);
    if (writer.finish()) requireSome(codec, value);
    return true;
  } catch {
    return false;
  }
}

function propertyOf(value: unknown, property: string): unknown {
  return value === undefined || value === null ? undefined : (value as Readonly<Record<string, unknown>>)[property];
}

function isIterable(value: unknown): boolean {
  return typeof (value as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === "function";
}
