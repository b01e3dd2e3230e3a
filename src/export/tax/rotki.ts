import { column } from '../columns/columns.js';
import type { Column, Dataset } from '../columns/dataset.js';
import { empty, IS_TRADE, RECEIVED, SENT, TAX_NOTE, taxLayout, taxWord } from './taxColumns.js';

const WHOLE = { unit: 'whole coins, exact' };
const ASSET_MEANING =
  'Its identifier in rotki: `eip155:` with chain and address, or the symbol of a coin.';

/** Columns at the end of both files. */
const LAST: readonly Column[] = [
  empty('Fee', 'Empty: gas is not in the books.'),
  empty('Fee Currency', 'Empty.'),
  column(
    'Description',
    'text',
    `${TAX_NOTE} || ' 0x' || encode(l.transaction_hash, 'hex')`,
    'What happened, with contract, chain and transaction.',
  ),
  column(
    'Timestamp',
    'text',
    `(extract(epoch FROM l."timestamp")::bigint * 1000)::text`,
    'Time of the block, milliseconds of Unix time.',
  ),
];

const LOCATION = column('Location', 'text', "'external'", 'Always `external`.');

/** The columns of rotki's generic import of trades. */
export const rotkiTrades: Dataset = taxLayout({
  name: 'rotki-trades',
  summary: "the trades among them, for rotki's generic import of trades",
  notes: 'rotki takes trades and other events in two files.',
  where: IS_TRADE,
  columns: [
    LOCATION,
    column('Spend Currency', 'text', 'u.rotki', ASSET_MEANING),
    column('Receive Currency', 'text', 'i.rotki', ASSET_MEANING),
    column('Spend Amount', 'text', SENT, 'The amount given.', WHOLE),
    column('Receive Amount', 'text', RECEIVED, 'The amount received.', WHOLE),
    ...LAST,
  ],
});

const TYPE = taxWord({
  trade: null,
  income: 'Income',
  lost: 'Loss',
  'to sale': 'Withdrawal',
  'from sale': 'Deposit',
  in: 'Deposit',
  out: 'Withdrawal',
});

/** The columns of rotki's generic import of events. */
export const rotkiEvents: Dataset = taxLayout({
  name: 'rotki-events',
  summary: "all others among them, for rotki's generic import of events",
  notes: 'rotki takes trades and other events in two files.',
  where: `NOT (${IS_TRADE})`,
  columns: [
    column(
      'Type',
      'text',
      TYPE,
      '`Income` for claims, `Loss` for unpaid burns, else `Deposit` or `Withdrawal`.',
    ),
    LOCATION,
    column('Currency', 'text', 'coalesce(i.rotki, u.rotki)', ASSET_MEANING),
    column(
      'Amount',
      'text',
      `coalesce(${RECEIVED}, ${SENT})`,
      'The amount received or given.',
      WHOLE,
    ),
    ...LAST,
  ],
});
