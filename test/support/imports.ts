import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const IMPORT = /(?:\bfrom|\bimport\(|\bimport)\s*'(\.[^']+)'/g;

/** The files of `src` that each file of `src` imports, its types included. */
export function importsOfSrc(): ReadonlyMap<string, readonly string[]> {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join('src', name));
  return new Map(
    files.map((file) => [
      file,
      [...readFileSync(file, 'utf8').matchAll(IMPORT)]
        .map(([, target = '']) => normalize(join(dirname(file), target)).replace(/\.js$/, '.ts'))
        .filter((used) => used.startsWith('src/')),
    ]),
  );
}

/** Sets of nodes of a graph that reach each other, by Tarjan's algorithm: its cycles. */
export function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const places = new Map<string, { index: number; low: number; isOpen: boolean }>();
  const open: string[] = [];
  const cycles: string[][] = [];
  const visit = (node: string) => {
    const place = { index: places.size, low: places.size, isOpen: true };
    places.set(node, place);
    open.push(node);
    for (const next of graph.get(node) ?? []) {
      const known = places.get(next);
      if (known === undefined) place.low = Math.min(place.low, visit(next));
      else if (known.isOpen) place.low = Math.min(place.low, known.index);
    }
    if (place.low < place.index) return place.low;
    const cycle = open.splice(open.indexOf(node));
    for (const member of cycle) (places.get(member) ?? place).isOpen = false;
    if (cycle.length > 1) cycles.push(cycle.toSorted());
    return place.low;
  };
  for (const node of graph.keys()) if (!places.has(node)) visit(node);
  return cycles;
}
