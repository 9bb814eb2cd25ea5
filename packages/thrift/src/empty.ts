/** What is written for fields that were left out: made once, since making them costs more than writing them. Nobody else is given them. */

export const emptyBytes: Uint8Array = new Uint8Array();
export const emptySet: ReadonlySet<never> = new Set<never>();
export const emptyMap: ReadonlyMap<never, never> = new Map<never, never>();
