/** Cycles in a graph of imports, of files or of packages. */

/**
 * One cycle for each group of nodes that reach each other, as the path that closes it (`a, b, a`). Nodes that only lead into a
 * cycle are not reported. Order follows the graph's own.
 */
export function findCycles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const done = new Set<string>();
  const cycles: string[][] = [];
  const inCycle = new Set<string>();

  const walk = (node: string, path: string[]): void => {
    const at = path.indexOf(node);
    if (at >= 0) {
      const cycle = path.slice(at);
      // A second way round the same group says nothing new.
      if (!cycle.some((each) => inCycle.has(each))) cycles.push([...cycle, node]);
      for (const each of cycle) inCycle.add(each);
      return;
    }
    if (done.has(node)) return;
    for (const next of graph.get(node) ?? []) walk(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) walk(node, []);
  return cycles;
}
