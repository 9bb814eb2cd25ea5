/** What a reader accepts before it calls a message hostile. */

export interface ProtobufLimits {
  /** Messages inside one another. Defaults to 100, as in Google's implementations. */
  readonly maxDepth?: number | undefined;
  /**
   * Messages, map entries and unknown fields inside one message, all together. Defaults to 1 048 576. A message of two
   * bytes may become an object of a thousand, so this bounds what a message can make.
   */
  readonly maxMessages?: number | undefined;
  /** Whether fields that the schema does not know are kept, to be written again. Defaults to true. */
  readonly keepUnknown?: boolean | undefined;
}

export interface ResolvedLimits {
  readonly maxDepth: number;
  readonly maxMessages: number;
  readonly keepUnknown: boolean;
}

export const DEFAULT_LIMITS: ResolvedLimits = { maxDepth: 100, maxMessages: 1024 * 1024, keepUnknown: true };

/** Fills in defaults and checks bounds. Throws a `RangeError`. */
export function resolveLimits(options: ProtobufLimits): ResolvedLimits {
  const { maxDepth = DEFAULT_LIMITS.maxDepth, maxMessages = DEFAULT_LIMITS.maxMessages, keepUnknown = true } = options;
  requireBetween("maxDepth", maxDepth, 1, 1000);
  requireBetween("maxMessages", maxMessages, 1, 0x7fff_ffff);
  return { maxDepth, maxMessages, keepUnknown };
}

function requireBetween(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} must be a whole number between ${least} and ${most}, got ${value}`);
  }
}
