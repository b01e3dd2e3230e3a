import { column } from '../columns/columns.js';
import type { Column, Dataset } from '../columns/dataset.js';
import {
  empty,
  MAYBE,
  RECEIVED,
  RECEIVED_COIN,
  SENT,
  SENT_COIN,
  SYMBOL_MEANING,
  TAX_NOTE,
  taxLayout,
  taxWord,
  VALUE_MEANING,
  WHOLE,
} from './taxColumns.js';
import { TAX_VALUE } from './taxLegs.js';

const TYPE = taxWord({
  trade: 'Trade',
  income: 'Income',
  lost: 'Lost',
  'to sale': 'Withdrawal',
  'from sale': 'Deposit',
  in: 'Deposit',
  out: 'Withdrawal',
});

const COLUMNS: readonly Column[] = [
  column(
    'Type',
    'text',
    TYPE,
    '`Income` for claims, `Trade` where both sides are known, `Lost` for unpaid burns, else `Deposit` or `Withdrawal`.',
  ),
  column('Buy Quantity', 'text', RECEIVED, 'The amount received.', WHOLE),
  column('Buy Asset', 'text', RECEIVED_COIN, SYMBOL_MEANING, MAYBE),
  empty('Buy Value', 'Empty: BittyTax finds the price.'),
  column('Sell Quantity', 'text', SENT, 'The amount given.', WHOLE),
  column('Sell Asset', 'text', SENT_COIN, SYMBOL_MEANING, MAYBE),
  empty('Sell Value', 'Empty: BittyTax finds the price.'),
  empty('Fee Quantity', 'Empty: gas is not in the books.'),
  empty('Fee Asset', 'Empty.'),
  empty('Fee Value', 'Empty.'),
  column('Wallet', 'text', "'imo-ledger'", 'Where the row comes from.'),
  column(
    'Timestamp',
    'text',
    `to_char(l."timestamp" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS" UTC"')`,
    'Time of the block.',
  ),
  column(
    'Note',
    'text',
    `${TAX_NOTE} || ' 0x' || encode(l.transaction_hash, 'hex')`,
    'What happened, with contract, chain and transaction.',
  ),
];

/** The value again, on each side that the row has; the accounts must be in the currency. */
function values(currency: string): Column[] {
  const side = (name: string, coin: string) =>
    column(
      `${name} Value`,
      'text',
      `CASE WHEN l.${coin} IS NOT NULL THEN ${TAX_VALUE} END`,
      `${VALUE_MEANING} BittyTax must count in this currency.`,
      { isNullable: true, unit: currency },
    );
  return [side('Buy', 'in_coin'), side('Sell', 'out_coin')];
}

/** The columns of a transaction record of BittyTax. */
export const bittytax: Dataset = taxLayout({
  name: 'bittytax',
  summary: "the same as BittyTax's transaction records",
  columns: COLUMNS,
  priced: (currency) =>
    COLUMNS.map((plain) => values(currency).find(({ name }) => name === plain.name) ?? plain),
});
