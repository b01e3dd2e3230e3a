import { column } from '../columns/columns.js';
import type { Column, Dataset } from '../columns/dataset.js';
import { hexText, textLiteral } from '../columns/sqlText.js';
import { TAX_NOTE, TAX_VALUE, taxSource, wholeCoins } from './taxLegs.js';

const MAYBE = { isNullable: true };
const WHOLE = { isNullable: true, unit: 'whole coins, exact' };

const RECEIVED = wholeCoins('l.in_amount', 'i');
const SENT = wholeCoins('l.out_amount', 'u');
const RECEIVED_COIN = 'coalesce(i.symbol, l.in_coin)';
const SENT_COIN = 'coalesce(u.symbol, l.out_coin)';

const empty = (name: string, description: string): Column =>
  column(name, 'text', 'NULL::text', description, MAYBE);

const VALUE_MEANING =
  'Value at the time of the amount received, else of the amount given. Null if unknown.';

const NOTES =
  'The file has one holder and all of its tokens. Claims are income. A redemption is a trade of tokens ' +
  'for the first asset that it paid; if it paid nothing, it only sends. All other transfers of tokens ' +
  'and the money of sales have rows of their own, and so have the tokens of a sale. Coins have their ' +
  'symbols, or their addresses if contracts of a chain share the symbol or if it may be mistaken for ' +
  'money (`ETH`, `USDC`, look-alikes): only an address identifies money. Gas is not in the books. ' +
  'The program finds prices unless `currency` is given. Check the result with somebody who knows your ' +
  'taxes.';

const KOINLY: readonly Column[] = [
  column(
    'Date',
    'text',
    `to_char(l."timestamp" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')`,
    'Time of the block.',
  ),
  column('Sent Amount', 'text', SENT, 'The amount given.', WHOLE),
  column(
    'Sent Currency',
    'text',
    SENT_COIN,
    'Its symbol, or the address if it has no safe symbol.',
    MAYBE,
  ),
  column('Received Amount', 'text', RECEIVED, 'The amount received.', WHOLE),
  column(
    'Received Currency',
    'text',
    RECEIVED_COIN,
    'Its symbol, or the address if it has no safe symbol.',
    MAYBE,
  ),
  empty('Fee Amount', 'Empty: gas is not in the books.'),
  empty('Fee Currency', 'Empty.'),
  empty('Net Worth Amount', 'Empty: Koinly finds the price.'),
  empty('Net Worth Currency', 'Empty.'),
  column(
    'Label',
    'text',
    "CASE WHEN l.kind = 'claim' THEN 'income' END",
    '`income` for claims.',
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
export const koinly: Dataset = {
  name: 'koinly',
  summary: "claims, redemptions, transfers and sales of one holder, in Koinly's universal layout",
  notes: NOTES,
  takes: ['from/to', 'holder'],
  needsHolder: true,
  isResumable: false,
  columns: KOINLY,
  priced: (currency) =>
    KOINLY.map((plain) => netWorth(currency).find(({ name }) => name === plain.name) ?? plain),
  source: taxSource,
};

const COINTRACKING: readonly Column[] = [
  column(
    'Type',
    'text',
    `CASE WHEN l.kind = 'claim' THEN 'Income'
        WHEN l.in_coin IS NOT NULL AND l.out_coin IS NOT NULL THEN 'Trade'
        WHEN l.in_coin IS NOT NULL THEN 'Deposit' ELSE 'Withdrawal' END`,
    '`Income` for claims, `Trade` for redemptions, else `Deposit` or `Withdrawal`.',
  ),
  column('Buy Amount', 'text', RECEIVED, 'The amount received.', WHOLE),
  column(
    'Buy Currency',
    'text',
    RECEIVED_COIN,
    'Its symbol, or the address if it has no safe symbol.',
    MAYBE,
  ),
  column('Sell Amount', 'text', SENT, 'The amount given.', WHOLE),
  column(
    'Sell Currency',
    'text',
    SENT_COIN,
    'Its symbol, or the address if it has no safe symbol.',
    MAYBE,
  ),
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
export const cointracking: Dataset = {
  name: 'cointracking',
  summary: 'the same in the layout of CoinTracking’s CSV import',
  notes: NOTES,
  takes: ['from/to', 'holder'],
  needsHolder: true,
  isResumable: false,
  columns: COINTRACKING,
  priced: (currency) => [...COINTRACKING, ...accountValues(currency)],
  source: taxSource,
};
