/** JSON that a user gives: on the command line, in a file, on standard input. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { excerpt, placeOf } from "./excerpt.ts";
import { invalidInput } from "./failure.ts";
import { fileFailure } from "./file-failure.ts";
import type { Io } from "./io.ts";
import { JsonTexts } from "./json-texts.ts";

/** An argument that is JSON, `@FILE` that holds it, or `-` for standard input. Throws a failure that shows what is wrong where. */
export async function readJsonArgument(argument: string, io: Io): Promise<unknown> {
  if (argument === "-") {
    const pieces = await Array.fromAsync(io.stdin());
    return parseJson(pieces.join(""), "standard input");
  }
  if (argument.startsWith("@")) return readJsonFile(argument.slice(1), io);
  return parseArgument(argument);
}

/**
 * The values of several such arguments, one after the other; a file and standard input may hold any number, which are given
 * as they come. `until` ends standard input before its time.
 */
export async function* readJsonArguments(args: readonly string[], io: Io, until: AbortSignal): AsyncGenerator<unknown> {
  for (const argument of args) {
    if (argument === "-") yield* readValues(io.stdin(until), "standard input");
    else if (argument.startsWith("@"))
      yield* readValues([readText(resolve(io.cwd, argument.slice(1)), argument.slice(1))], argument.slice(1));
    else yield parseArgument(argument);
  }
}

async function* readValues(pieces: AsyncIterable<string> | Iterable<string>, origin: string): AsyncGenerator<unknown> {
  const texts = new JsonTexts();
  let count = 0;
  const parse = (text: string): unknown => parseJson(text, `value ${++count} of ${origin}`);
  for await (const piece of pieces) for (const text of texts.push(piece)) yield parse(text);
  const rest = texts.rest();
  if (rest !== undefined) yield parse(rest);
}

function parseArgument(argument: string): unknown {
  // `{msg: "hi"}` and `'{...`: a shell took the quotes away, or left those that it should have taken.
  const hints = /^\s*('|\{\s*\w)/.test(argument)
    ? ["did the shell change the quotes? give the JSON as @FILE, or on standard input with -"]
    : [];
  return parseJson(argument, "the JSON argument", hints);
}

export function readJsonFile(path: string, { cwd }: Io): unknown {
  return parseJson(readText(resolve(cwd, path), path), path);
}

/** A file as text, without a byte order mark. `shown` is how the user named it. */
export function readText(path: string, shown: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw fileFailure("read", shown, error);
  }
}

/** Integers that a number would round become bigints. */
export function parseJson(text: string, origin: string, hints: readonly string[] = []): unknown {
  try {
    return JSON.parse(text, exactInteger);
  } catch (error) {
    const message = (error as Error).message;
    const offset =
      text.trim() === "" ? undefined : (/ at position (\d+)/.exec(message)?.[1] ?? (/end of JSON/.test(message) ? text.length : undefined));
    const what =
      text.trim() === "" ? "it is empty" : message.replace(/(, ".*" is not valid JSON| in JSON at position .*| at position .*)$/s, "");
    if (offset === undefined) throw invalidInput(`${origin} is not JSON: ${what}`, { hints, cause: error });
    const { line, column, lineText } = placeOf(text, Number(offset));
    throw invalidInput(`${origin} is not JSON: ${what} (line ${line}, column ${column})`, {
      hints,
      excerpt: excerpt(lineText, line, column),
      fields: { origin, line, column },
      cause: error,
    });
  }
}

// TypeScript does not know the third argument yet (ES2026, "JSON.parse source text access").
function exactInteger(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
    ? BigInt(source)
    : value;
}
