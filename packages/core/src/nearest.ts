/** Which known word somebody may have meant. */

/** The known word nearest to what was typed, if it is near enough to be a slip; the first of several. */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  const most = Math.max(1, Math.floor(typed.length / 3));
  let best: string | undefined;
  let least = most + 1;
  for (const word of known) {
    // So many letters have to come or go at the least.
    if (Math.abs(word.length - typed.length) >= least) continue;
    const distance = word.toLowerCase() === typed.toLowerCase() ? 0 : editDistance(typed, word);
    if (distance < least) [best, least] = [word, distance];
  }
  return best;
}

/** A hint for an unknown word: the nearest, if there is one, and what there is. */
export function suggest(typed: string, known: readonly string[]): string[] {
  const meant = nearest(typed, known);
  return meant === undefined ? [] : [`did you mean ${meant}?`];
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b` (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (beforeLast[j - 2] ?? Infinity) + 1);
      row.push(cost);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
