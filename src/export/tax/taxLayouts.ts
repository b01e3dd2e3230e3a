import { column } from '../columns/columns.js';
import type { Column, Dataset } from '../columns/dataset.js';
import { hexText, textLiteral } from '../columns/sqlText.js';
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

const KOINLY_LABEL = taxWord({
  trade: null,
  income: 'income',
  lost: 'lost',
  'to sale': 'Add to Pool',
  'from sale': 'Remove from Pool',
  in: null,
  out: null,
});

const KOINLY: readonly Column[] = [
  column(
    'Date',
    'text',
    `to_char(l."timestamp" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')`,
    'Time of the block.',
  ),
  column('Sent Amount', 'text', SENT, 'The amount given.', WHOLE),
  column('Sent Currency', 'text', SENT_COIN, SYMBOL_MEANING, MAYBE),
  column('Received Amount', 'text', RECEIVED, 'The amount received.', WHOLE),
  column('Received Currency', 'text', RECEIVED_COIN, SYMBOL_MEANING, MAYBE),
  empty('Fee Amount', 'Empty: gas is not in the books.'),
  empty('Fee Currency', 'Empty.'),
  empty('Net Worth Amount', 'Empty: Koinly finds the price.'),
  empty('Net Worth Currency', 'Empty.'),
  column(
    'Label',
    'text',
    KOINLY_LABEL,
    '`income` for claims, `lost` for unpaid burns, `Add to Pool` and `Remove from Pool` for deposits in sales.',
    MAYBE,
  ),
  column('Description', 'text', TAX_NOTE, 'What happened, with contract and chain.'),
  column('TxHash', 'text', hexText('l.transaction_hash'), 'The transaction.'),
];

/** What fills its two columns of net worth when a currency is named. */
function netWorth(currency: string): Column[] {
  const code = `CASE WHEN ${TAX_VALUE} IS NOT NULL THEN ${textLiteral(currency)} END`;
  const unit = { isNullable: true, unit: currency };
  return [
    column('Net Worth Amount', 'text', TAX_VALUE, VALUE_MEANING, unit),
    column('Net Worth Currency', 'text', code, 'The currency, if the value is known.', MAYBE),
  ];
}

/** The columns of Koinly's universal template. */
export const koinly: Dataset = taxLayout({
  name: 'koinly',
  summary: "claims, redemptions, transfers and sales of one holder, in Koinly's universal layout",
  columns: KOINLY,
  priced: (currency) =>
    KOINLY.map((plain) => netWorth(currency).find(({ name }) => name === plain.name) ?? plain),
});

const COINTRACKING_TYPE = taxWord({
  trade: 'Trade',
  income: 'Income',
  lost: 'Lost',
  'to sale': 'Withdrawal',
  'from sale': 'Deposit',
  in: 'Deposit',
  out: 'Withdrawal',
});

const COINTRACKING: readonly Column[] = [
  column(
    'Type',
    'text',
    COINTRACKING_TYPE,
    '`Income` for claims, `Trade` where both sides are known, `Lost` for unpaid burns, else `Deposit` or `Withdrawal`.',
  ),
  column('Buy Amount', 'text', RECEIVED, 'The amount received.', WHOLE),
  column('Buy Currency', 'text', RECEIVED_COIN, SYMBOL_MEANING, MAYBE),
  column('Sell Amount', 'text', SENT, 'The amount given.', WHOLE),
  column('Sell Currency', 'text', SENT_COIN, SYMBOL_MEANING, MAYBE),
  empty('Fee', 'Empty: gas is not in the books.'),
  empty('Fee Currency', 'Empty.'),
  column('Exchange', 'text', "'imo-ledger'", 'Where the row comes from.'),
  empty('Trade-Group', 'Empty.'),
  column('Comment', 'text', TAX_NOTE, 'What happened, with contract and chain.'),
  column(
    'Date',
    'text',
    `to_char(l."timestamp" AT TIME ZONE 'UTC', 'DD.MM.YYYY HH24:MI:SS')`,
    'Time of the block in UTC, day first.',
  ),
  empty('Liquidity pool (optional)', 'Empty.'),
  column('Tx-ID (optional)', 'text', hexText('l.transaction_hash'), 'The transaction.'),
];

/** The value again, on each side that the row has; the account must be in the currency. */
function accountValues(currency: string): Column[] {
  const side = (name: string, coin: string) =>
    column(
      `${name} Value in Account Currency (optional)`,
      'text',
      `CASE WHEN l.${coin} IS NOT NULL THEN ${TAX_VALUE} END`,
      `${VALUE_MEANING} The account must be kept in this currency.`,
      { isNullable: true, unit: currency },
    );
  return [side('Buy', 'in_coin'), side('Sell', 'out_coin')];
}

/** The columns of CoinTracking's CSV import, the first two of the optional ones included. */
export const cointracking: Dataset = taxLayout({
  name: 'cointracking',
  summary: 'the same in the layout of CoinTracking’s CSV import',
  columns: COINTRACKING,
  priced: (currency) => [...COINTRACKING, ...accountValues(currency)],
});
