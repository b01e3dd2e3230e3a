/** The chain's own coin, in the place of the address of an ERC-20. */
export const NATIVE = 'native';

/** What a figure is of; the same on every surface. */
export interface FigureOf {
  /** Whose: a token, a holder of it, a snapshot. Addresses are in lower case. */
  readonly subject: string;
  /** `at block 7`, or `in blocks 3 to 7`. */
  readonly moment: string;
  readonly name: string;
  /** `native`, the address of an ERC-20, or `tokens` for amounts of the token itself. */
  readonly asset: string;
}

/** A figure as one surface says it. */
export interface Figure extends FigureOf {
  /** Digits, with a point and decimals for money in a currency. */
  readonly value: string;
}

/** A figure that two surfaces, or one surface twice, say differently. */
export interface Difference {
  readonly figure: string;
  readonly one: string;
  readonly other: string;
  readonly values: readonly [string, string];
}

/** Everything that one surface says about a draw. */
export class FigureSheet {
  private readonly byKey = new Map<string, Figure>();
  /** What the surface says twice, and differently. */
  readonly contradictions: Difference[] = [];

  constructor(readonly surface: string) {}

  put(of: FigureOf, value: bigint | number | string): void {
    const figure = { ...of, value: String(value) };
    const key = figureKey(of);
    const known = this.byKey.get(key);
    if (known === undefined) {
      this.byKey.set(key, figure);
    } else if (known.value !== figure.value) {
      const { surface } = this;
      const values = [known.value, figure.value] as const;
      this.contradictions.push({ figure: key, one: surface, other: surface, values });
    }
  }

  get(key: string): Figure | undefined {
    return this.byKey.get(key);
  }

  entries(): IterableIterator<[string, Figure]> {
    return this.byKey.entries();
  }

  get size(): number {
    return this.byKey.size;
  }

  /** The sheet with one figure only. */
  only(key: string): FigureSheet {
    const copy = new FigureSheet(this.surface);
    const figure = this.byKey.get(key);
    if (figure !== undefined) copy.put(figure, figure.value);
    return copy;
  }

  /** One figure as the surface would say it with a fault. */
  broken(key: string): FigureSheet {
    const copy = new FigureSheet(this.surface);
    const figure = this.byKey.get(key);
    if (figure !== undefined) copy.put(figure, offByOne(figure.value));
    return copy;
  }
}

/** The names of figures of windows, as opposed to those of moments. */
export function inWindow(names: readonly string[]): string[] {
  return names.map((name) => `${name} in a window`);
}

/** Its name, and whether it is of a window. */
export function figureName({ name, moment }: FigureOf): string {
  return moment.startsWith('in blocks') ? `${name} in a window` : name;
}

export function figureKey({ subject, moment, name, asset }: FigureOf): string {
  return `${name} in ${asset} of ${subject} ${moment}`;
}

/** One more in the last digit. */
function offByOne(value: string): string {
  const [whole = '', part = ''] = value.split('.');
  const digits = String(BigInt(whole + part) + 1n).padStart(part.length + 1, '0');
  const point = digits.length - part.length;
  return part === '' ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
}
