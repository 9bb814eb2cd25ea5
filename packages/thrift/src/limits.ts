/** What a reader accepts before it calls a message hostile. */

export interface ThriftLimits {
  /**
   * Structs inside one another, where the IDL does not say how many: those of types that can hold themselves, and with containers in what is
   * skipped; without generated code all. In what is written all structs count. Defaults to 64, as in Apache Thrift.
   */
  readonly maxDepth?: number | undefined;
  /** Bytes of one string or binary. Defaults to 16 MiB, which is also the largest message by default. */
  readonly maxStringBytes?: number | undefined;
  /**
   * Elements of all containers of one message together. Defaults to 2 097 152: as many 64-bit numbers as fill a
   * message of 16 MiB. An element of one byte may become an object of a hundred, so this bounds what a message can make.
   */
  readonly maxContainerElements?: number | undefined;
}

export type ResolvedLimits = { readonly [K in keyof ThriftLimits]-?: number };

/** Fills in defaults and checks bounds. */
export function resolveLimits(options: ThriftLimits): ResolvedLimits {
  const { maxDepth = 64, maxStringBytes = 16 * 1024 * 1024, maxContainerElements = 2 * 1024 * 1024 } = options;
  requireBetween("maxDepth", maxDepth, 1, 1024);
  requireBetween("maxStringBytes", maxStringBytes, 1, 0x7fff_ffff);
  requireBetween("maxContainerElements", maxContainerElements, 1, 0x7fff_ffff);
  return { maxDepth, maxStringBytes, maxContainerElements };
}

function requireBetween(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} must be a whole number between ${least} and ${most}, got ${value}`);
  }
}

/** A scanner counts containers as deeply as structs, where a reader that knows the IDL need not. */
export const SCANNED_DEPTH = 4;

/** For bytes of our own making. */
export const UNLIMITED: ResolvedLimits = { maxDepth: 1024, maxStringBytes: 0x7fff_ffff, maxContainerElements: 0x7fff_ffff };
