import type { SheetComparison } from './compareSheets.js';
import type { Difference } from './figures.js';
import { pairsOf, type SurfaceNames } from './gaps.js';

export function describeDifference({ figure, one, other, values }: Difference): string {
  return `DIFFERS ${figure}: ${one} says ${values[0]}, ${other} says ${values[1]}`;
}

/** Figures that each surface said, and comparisons that it took part in, by surface. */
function tableOf(
  surfaces: readonly SurfaceNames[],
  { pairs, names }: SheetComparison,
): readonly string[] {
  const sumOf = (counts: ReadonlyMap<string, number>, is: (key: string) => boolean) =>
    [...counts].reduce((sum, [key, count]) => sum + (is(key) ? count : 0), 0);
  return [
    '   figures  comparisons  surface',
    ...surfaces.map(({ surface }) => {
      const said = sumOf(names, (key) => key.startsWith(`${surface}: `));
      const compared = sumOf(pairs, (key) => key.split(' | ').includes(surface));
      return `${String(said).padStart(10)}  ${String(compared).padStart(11)}  ${surface}`;
    }),
  ];
}

/** How many figures each pair of surfaces compared, and the pairs that have none in common. */
export function describeComparison(
  surfaces: readonly SurfaceNames[],
  { pairs, names }: SheetComparison,
): string[] {
  const { comparable, apart } = pairsOf(surfaces);
  const counted = comparable.map((pair) => `${String(pairs.get(pair) ?? 0).padStart(8)}  ${pair}`);
  const all = [...pairs.values()].reduce((sum, count) => sum + count, 0);
  const said = [...names.values()].reduce((sum, count) => sum + count, 0);
  return [
    ...counted,
    ...tableOf(surfaces, { pairs, names, differences: [] }),
    `${apart.length} pairs have no figure in common: ${apart.join('; ')}`,
    `${said} figures said, ${all} comparisons in ${comparable.length} pairs`,
  ];
}
