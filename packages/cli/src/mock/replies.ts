/**
 * What a mock is told to answer: the file of `kiteline mock --reply`. An object by method (`Service.method`); each value is
 * one answer, or an array of answers that are given in turn, beginning again after the last.
 */
import { CODES, type Code, suggest } from "@kiteline/core";
import { invalidInput, type Failure } from "../failure.ts";
import { fullNameOf, streamsReplies, type IdlMethod } from "../services/service.ts";

/** One answer: a reply, a declared exception, a business status or a failure; none of them is a reply by example. */
export interface Answer {
  /** Milliseconds to wait before it; of a stream before each reply. */
  readonly delayMs: number;
  /** Of a stream: all that it answers, before the outcome if that is none of a reply. */
  readonly replies?: readonly unknown[] | undefined;
  readonly outcome:
    | { readonly kind: "example" }
    /** Fields that the file names replace those of the example; of a stream each time. */
    | { readonly kind: "reply"; readonly reply: unknown }
    /** By the name that the method's `throws` gives it. */
    | { readonly kind: "exception"; readonly name: string; readonly value: unknown }
    | { readonly kind: "business"; readonly status: number; readonly message: string; readonly extra: Readonly<Record<string, string>> }
    | { readonly kind: "error"; readonly code: Code; readonly message: string };
}

const OUTCOMES = ["reply", "exception", "business", "error"] as const;
const KEYS: readonly string[] = ["reply", "replies", "exception", "business", "error", "delayMs"];
const MAX_DELAY_MS = 2_147_483_647;

/** What answers depend on. */
export type MockedMethod = Pick<IdlMethod, "kind" | "throws" | "returnsNothing">;

/** Reads the file's content. Throws a failure that names the place in the file. */
export function readReplies(
  content: unknown,
  path: string,
  methods: ReadonlyMap<string, MockedMethod>,
): ReadonlyMap<string, readonly Answer[]> {
  const file = objectAt(content, path, "an object of answers by method");
  const names = [...methods.keys()];
  const replies = new Map<string, readonly Answer[]>();
  for (const [method, value] of Object.entries(file)) {
    const fullName = fullNameOf(methods, method);
    const mocked = methods.get(fullName);
    if (mocked === undefined) {
      throw wrong(path, `there is no method "${method}" to mock`, ...suggest(method, names), `there are ${names.join(", ")}`);
    }
    if (replies.has(fullName)) throw wrong(path, `there are answers of ${fullName} twice`, "write them in one list");
    const answers = Array.isArray(value) ? (value as unknown[]) : [value];
    if (answers.length === 0) throw wrong(path, `"${method}" has an empty list of answers`, "leave it out to answer by example");
    replies.set(
      fullName,
      answers.map((answer, index) => readAnswer(answer, mocked, `${path}: "${method}"${Array.isArray(value) ? `[${index}]` : ""}`)),
    );
  }
  return replies;
}

function readAnswer(content: unknown, method: MockedMethod, where: string): Answer {
  const answer = objectAt(content, where, `an answer: an object of ${KEYS.join(", ")}`);
  const unknown = Object.keys(answer).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    throw wrong(
      where,
      `there is no "${unknown}" in an answer, expected ${KEYS.join(", ")}`,
      ...suggest(unknown, KEYS),
      'the reply itself goes under "reply"',
    );
  }
  const { replies } = answer;
  if (replies !== undefined && !streamsReplies(method)) throw wrong(where, "the method answers once", 'its answer goes under "reply"');
  if (replies !== undefined && !Array.isArray(replies)) throw wrong(where, `replies expects an array, got ${JSON.stringify(replies)}`);
  if (replies !== undefined && answer["reply"] !== undefined) throw wrong(where, "expected reply or replies, got both");
  const given = OUTCOMES.filter((key) => answer[key] !== undefined);
  if (given.length > 1) throw wrong(where, `expected one of ${OUTCOMES.join(", ")}, got ${given.join(" and ")}`);
  const delayMs = answer["delayMs"] ?? 0;
  if (typeof delayMs !== "number" || !(delayMs >= 0 && delayMs <= MAX_DELAY_MS)) {
    throw wrong(where, `delayMs expects milliseconds from 0 to ${MAX_DELAY_MS}, got ${JSON.stringify(delayMs)}`);
  }
  const [kind] = given;
  const told = replies === undefined ? {} : { replies };
  return {
    delayMs,
    ...told,
    outcome: kind === undefined ? { kind: "example" } : readOutcome(kind, answer[kind], method, `${where}.${kind}`),
  };
}

function readOutcome(kind: (typeof OUTCOMES)[number], content: unknown, method: MockedMethod, where: string): Answer["outcome"] {
  if (kind === "reply") {
    if (method.returnsNothing && content !== null)
      throw wrong(where, "the method returns nothing", "null, or no reply at all, is its answer");
    return { kind, reply: content };
  }
  if (kind === "exception") {
    const entries = Object.entries(objectAt(content, where, "an object of one exception by its name in throws"));
    const [entry] = entries;
    if (entry === undefined || entries.length > 1)
      throw wrong(where, `expected one exception by its name in throws, got ${entries.length}`);
    const [name, value] = entry;
    if (!method.throws.includes(name)) {
      const declared = method.throws.length === 0 ? "none" : method.throws.join(", ");
      throw wrong(where, `the method does not throw "${name}"; it throws ${declared}`, ...suggest(name, method.throws));
    }
    return { kind, name, value };
  }
  const object = objectAt(content, where, kind === "error" ? "an object of code and message" : "an object of status, message and extra");
  const { message = "" } = object;
  if (typeof message !== "string") throw wrong(where, `message expects a string, got ${JSON.stringify(message)}`);
  if (kind === "error") {
    const { code } = object;
    if (!CODES.includes(code as Code)) {
      throw wrong(where, `code expects one of ${CODES.join(", ")}, got ${JSON.stringify(code)}`, ...suggest(String(code), CODES));
    }
    return { kind, code: code as Code, message: message === "" ? "mocked failure" : message };
  }
  const { status, extra = {} } = object;
  if (typeof status !== "number" || status !== (status | 0) || status === 0) {
    throw wrong(where, `status expects an int32 other than 0, got ${JSON.stringify(status)}`);
  }
  const strings = objectAt(extra, `${where}.extra`, "an object of strings");
  if (!Object.values(strings).every((each) => typeof each === "string")) throw wrong(`${where}.extra`, "expected strings only");
  return { kind, status, message, extra: strings as Record<string, string> };
}

function objectAt(content: unknown, where: string, expected: string): Record<string, unknown> {
  if (typeof content === "object" && content !== null && !Array.isArray(content)) return content as Record<string, unknown>;
  throw wrong(where, `expected ${expected}, got ${Array.isArray(content) ? "an array" : (JSON.stringify(content) ?? "nothing")}`);
}

function wrong(where: string, message: string, ...hints: string[]): Failure {
  return invalidInput(`${where}: ${message}`, { hints });
}
