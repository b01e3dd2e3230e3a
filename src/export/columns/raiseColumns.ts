import { trustedSymbol } from '../../books/moneySymbols.js';
import { NATIVE_DECIMALS, nativeSymbol } from '../../books/nativeCoins.js';
import { readSales } from '../../store/read/sales/sales.js';
import { column } from './columns.js';
import type { Column } from './dataset.js';
import type { ExportScope } from './scope.js';
import { integerLiteral, literalTable, textLiteral } from './sqlText.js';

const MAYBE = { isNullable: true };

/** What a sale raises: its asset (the SQL of its text), and how its amounts are written. */
export function raiseColumns(asset: string): readonly Column[] {
  return [
    column(
      'raise_asset',
      'text',
      asset,
      "The raise asset: `native` for the chain's own coin, or the address of an ERC-20.",
    ),
    column(
      'raise_symbol',
      'text',
      'raise_unit.symbol',
      'Its symbol. Null if it has none, or if it may be mistaken for money.',
      MAYBE,
    ),
    column(
      'raise_decimals',
      'integer',
      'raise_unit.decimals',
      'Its decimals. Null if the contract does not say them.',
      MAYBE,
    ),
  ];
}

/** `raise_unit(number, symbol, decimals)`: what every sale raises, by its number, for WITH. */
export async function raiseUnitTable({ db }: ExportScope): Promise<string> {
  const rows = (await readSales(db)).map((sale) => {
    const { number, chainId, raiseAsset, raiseSymbol, raiseDecimals } = sale;
    const symbol =
      raiseAsset === null
        ? nativeSymbol(chainId)
        : plainSymbol(trustedSymbol(chainId, raiseAsset, raiseSymbol));
    const decimals = raiseAsset === null ? NATIVE_DECIMALS : raiseDecimals;
    return [
      integerLiteral(number),
      symbol === null ? 'NULL' : textLiteral(symbol),
      decimals === null ? 'NULL' : integerLiteral(decimals),
    ];
  });
  return literalTable(
    'raise_unit',
    { number: 'integer', symbol: 'text', decimals: 'integer' },
    rows,
  );
}

/** A contract calls itself what it likes: nothing of it may be a formula of a spreadsheet. */
export function plainSymbol(symbol: string | null): string | null {
  const plain = (symbol ?? '').replaceAll(/[^A-Za-z0-9._-]/g, '').replace(/^[^A-Za-z0-9]+/, '');
  return plain === '' ? null : plain;
}
