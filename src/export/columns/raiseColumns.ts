import { column, unitColumns } from './columns.js';
import type { Column } from './dataset.js';

/** What a sale raises: its asset (the SQL of its text), and how its amounts are written. */
export function raiseColumns(asset: string): readonly Column[] {
  return [
    column(
      'raise_asset',
      'text',
      asset,
      "The raise asset: `native` for the chain's own coin, or the address of an ERC-20.",
    ),
    ...unitColumns('raise', 'b.raise', 'of the raise asset'),
  ];
}

/** What a row's `b` has of the unit of what a sale raises, found by `unitJoins`. */
export const RAISE_UNIT_FIELDS =
  'raise_unit.symbol AS raise_symbol, raise_unit.decimals AS raise_decimals';
