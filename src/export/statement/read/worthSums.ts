import { sumOfDecimals } from '../../../ledger/price.js';
import type { RevenueStatement, SaleStatement, TokenStatement, Worth } from './statement.js';

/** What all lines of one kind were worth together: each at the price of its own time. */
export interface WorthSum {
  readonly kind: string;
  /** Exact. `null`: no line has a price, so nothing is known. */
  readonly amount: string | null;
  /** Lines that moved something. */
  readonly lines: number;
  /** Those of them without a price: nothing of them is in the sum. */
  readonly missing: number;
}

interface ValuedLine {
  readonly kind: string;
  readonly value: Worth | null;
}

/** @param lines only those that moved something at a time of their own */
function worthSums(lines: readonly ValuedLine[]): WorthSum[] {
  const byKind = new Map<string, ValuedLine[]>();
  for (const line of lines) byKind.set(line.kind, [...(byKind.get(line.kind) ?? []), line]);
  return [...byKind].map(([kind, all]) => {
    const known = all.flatMap(({ value }) => (value === null ? [] : [value.amount]));
    const amount = known.length === 0 ? null : sumOfDecimals(known);
    return { kind, amount, lines: all.length, missing: all.length - known.length };
  });
}

/** Accruals come from many moments, so they have no price. */
export function revenueWorth({ movements }: Pick<RevenueStatement, 'movements'>): WorthSum[] {
  return worthSums(movements.filter(({ kind, place }) => kind !== 'accrual' && place !== null));
}

export function saleWorth({ movements }: Pick<SaleStatement, 'movements'>): WorthSum[] {
  return worthSums(movements.filter(({ raiseAmount }) => raiseAmount !== 0n));
}

/** A token that no feed prices has no sums. */
export function tokenWorth({ movements }: Pick<TokenStatement, 'movements'>): WorthSum[] {
  const moved = movements.filter(({ change }) => change !== 0n);
  return moved.some(({ value }) => value !== null) ? worthSums(moved) : [];
}

/** A line of text for a section; none without sums. */
export function worthNotes(currency: string | null, sums: readonly WorthSum[]): string[] {
  if (currency === null || sums.length === 0) return [];
  const parts = sums.map(({ kind, amount, lines, missing }) => {
    const gap = missing === 0 ? '' : ` (${missing} of ${lines} lines have no price)`;
    return `${kind} ${amount ?? 'not known'}${gap}`;
  });
  return [`Sums in ${currency}, each line at the price of its time: ${parts.join('; ')}`];
}
