import { type Difference, type FigureSheet, figureName } from './figures.js';

/** What a comparison of surfaces found. */
export interface SheetComparison {
  /** Figures compared, by the two surfaces. */
  readonly pairs: Map<string, number>;
  /** Figures by surface and name. */
  readonly names: Map<string, number>;
  readonly differences: Difference[];
}

export function nothingCompared(): SheetComparison {
  return { pairs: new Map(), names: new Map(), differences: [] };
}

/** Compares every figure of each surface with the same figure of every other one. */
export function compareSheets(
  sheets: readonly FigureSheet[],
  total: SheetComparison = nothingCompared(),
): SheetComparison {
  for (const [place, one] of sheets.entries()) {
    total.differences.push(...one.contradictions);
    for (const [, figure] of one.entries()) {
      count(total.names, nameOf(one.surface, figureName(figure)), 1);
    }
    for (const other of sheets.slice(place + 1)) comparePair(one, other, total);
  }
  return total;
}

function comparePair(one: FigureSheet, other: FigureSheet, total: SheetComparison): void {
  let compared = 0;
  for (const [key, { value }] of one.entries()) {
    const same = other.get(key);
    if (same === undefined) continue;
    compared += 1;
    if (same.value === value) continue;
    const values = [value, same.value] as const;
    total.differences.push({ figure: key, one: one.surface, other: other.surface, values });
  }
  count(total.pairs, pairOf(one.surface, other.surface), compared);
}

/** Names a pair, whichever surface comes first. */
export function pairOf(one: string, other: string): string {
  return [one, other].toSorted().join(' | ');
}

export function nameOf(surface: string, name: string): string {
  return `${surface}: ${name}`;
}

function count(counts: Map<string, number>, key: string, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more);
}
