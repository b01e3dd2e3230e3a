import { compareSheets } from './compareSheets.js';
import { type FigureSheet, figureName } from './figures.js';

/**
 * Whether the comparison finds one figure of that name that is off by one. Nothing: nobody else has one.
 *
 * @param sheets of one draw
 */
export function brokenAt(
  sheets: readonly FigureSheet[],
  surface: string,
  name: string,
): boolean | null {
  const own = sheets.find((one) => one.surface === surface);
  const others = sheets.filter((one) => one !== own);
  const isShared = (key: string) => others.some((other) => other.get(key) !== undefined);
  for (const [key, figure] of own?.entries() ?? []) {
    if (figureName(figure) !== name || figure.value === 'none' || !isShared(key)) continue;
    const broken = own?.broken(key);
    if (broken === undefined) return null;
    const { differences } = compareSheets([broken, ...others.map((other) => other.only(key))]);
    return differences.some(({ figure: which, one }) => which === key && one === surface);
  }
  return null;
}

/** Breaks one figure of each name of each surface, in the first draw that has it. */
export class Breaker {
  private readonly found = new Map<string, boolean>();

  constructor(
    private readonly surfaces: readonly {
      readonly surface: string;
      readonly names: readonly string[];
    }[],
  ) {}

  tryOn(sheets: readonly FigureSheet[]): void {
    for (const { surface, names } of this.surfaces) {
      for (const name of names) {
        const key = `${surface}: ${name}`;
        if (this.found.has(key)) continue;
        const isFound = brokenAt(sheets, surface, name);
        if (isFound !== null) this.found.set(key, isFound);
      }
    }
  }

  /** Names of figures that were broken, and those of which nobody noticed it. */
  result(): { readonly broken: number; readonly unnoticed: readonly string[] } {
    const unnoticed = [...this.found].filter(([, isFound]) => !isFound).map(([key]) => key);
    return { broken: this.found.size, unnoticed };
  }
}
