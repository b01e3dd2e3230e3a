import { checksummed } from '../../../address.js';
import type { Participation } from '../../../ledger/sales/sale.js';
import { assetName } from '../read/names.js';
import type { SaleStatement, StatedAsset } from '../read/statement.js';
import { worthCells, worthColumns } from '../read/worth.js';
import { saleWorth, worthNotes } from '../read/worthSums.js';
import { accountCells, accountColumns } from './accountColumns.js';
import { statementAmountColumn } from './amounts.js';
import type { StatementRow, StatementSection } from './document.js';
import { PLACE_COLUMNS, placeCells, type Shown } from './sections.js';

/** Figures of a participation: what they are called, and what they are amounts of. */
export const SALE_FIGURES: readonly (readonly [keyof Participation, 'raise' | 'token', string])[] =
  [
    ['deposited', 'raise', 'paid in'],
    ['refunded', 'raise', 'refunded'],
    ['allocated', 'token', 'bought or allocated'],
    ['claimed', 'token', 'paid out'],
    ['sold', 'token', 'sold back'],
    ['proceeds', 'raise', 'proceeds'],
  ];

/** What somebody did in a sale, and what it cost. */
export function saleSection(statement: SaleStatement, shown: Shown): StatementSection {
  const { currency } = shown;
  const { sale, raise, token, opening, movements, closing, costBasis } = statement;
  const amountIn = {
    raise: statementAmountColumn(amountsIn(statement, 'raise'), raise.decimals),
    token: statementAmountColumn(amountsIn(statement, 'token'), token.decimals),
  };
  const totals = (what: string, participation: Participation): StatementRow[] =>
    SALE_FIGURES.filter(([name]) => participation[name] !== 0n).map(([name, unit, title]) => ({
      isTotal: true,
      cells: [
        ...placeCells(null, `${what}: ${title}`),
        ...accountCells(shown, null),
        unit === 'raise' ? amountIn.raise(participation[name]) : '',
        unit === 'token' ? amountIn.token(participation[name]) : '',
        ...worthCells(currency, null),
        '',
      ],
    }));
  const { paid, got, isFinal } = costBasis;
  return {
    title: `Sale: ${sale.label ?? sale.kind}`,
    subtitle: `${sale.kind}, ${checksummed(sale.address)} on chain ${sale.chainId}${unitsOf(raise)}`,
    columns: [
      ...PLACE_COLUMNS,
      ...accountColumns(shown),
      { title: raiseTitle(raise), align: 'right' },
      { title: assetName(token), align: 'right' },
      ...worthColumns(currency),
      { title: 'TRANSACTION', align: 'left' },
    ],
    rows: [
      ...totals('opening', opening),
      ...movements.map(({ kind, place, account, raiseAmount, tokenAmount, value }) => ({
        isTotal: false,
        cells: [
          ...placeCells(place, kind),
          ...accountCells(shown, account),
          raiseAmount === 0n ? '' : amountIn.raise(raiseAmount),
          tokenAmount === 0n ? '' : amountIn.token(tokenAmount),
          ...worthCells(currency, value),
          place.transactionHash ?? '',
        ],
      })),
      ...totals('closing', closing),
      {
        isTotal: true,
        cells: [
          ...placeCells(null, 'cost basis'),
          ...accountCells(shown, null),
          amountIn.raise(paid),
          amountIn.token(got),
          ...worthCells(currency, null),
          '',
        ],
      },
    ],
    notes: [
      ...(isFinal ? [] : ['The cost basis may still change: the sale is not over.']),
      ...worthNotes(currency, saleWorth({ movements })),
    ],
  };
}

function amountsIn(statement: SaleStatement, unit: 'raise' | 'token'): bigint[] {
  const { opening, movements, closing, costBasis } = statement;
  const figures = SALE_FIGURES.filter(([, of]) => of === unit);
  return [
    ...figures.flatMap(([name]) => [opening[name], closing[name]]),
    ...movements.map(({ raiseAmount, tokenAmount }) =>
      unit === 'raise' ? raiseAmount : tokenAmount,
    ),
    unit === 'raise' ? costBasis.paid : costBasis.got,
  ];
}

/** An ERC-20 of which nothing is known but its address is counted in its smallest units. */
function raiseTitle(raise: StatedAsset): string {
  return raise.address !== null && raise.symbol === null ? 'RAISE UNITS' : assetName(raise);
}

function unitsOf({ address, symbol }: StatedAsset): string {
  return address === null || symbol !== null
    ? ''
    : `; paid in smallest units of ${checksummed(address)}`;
}
