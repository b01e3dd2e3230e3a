import { UINT256_MAX } from '../../ledger/rate.js';
import { NUMBER_PATTERN } from '../../store/ids.js';
import {
  ACCOUNT_KINDS,
  isContractOf,
  joinedKindSql,
  kindJoins,
} from '../../store/read/accounts/accountKinds.js';
import {
  address,
  amount,
  assetColumns,
  column,
  oneOf,
  ownerColumns,
  UNITS,
} from '../columns/columns.js';
import type { Dataset } from '../columns/dataset.js';
import {
  heldTable,
  holderRateTable,
  owedTable,
  readBookStates,
  snapshotRateTable,
} from '../columns/heldRates.js';
import { holderConditions, holderRowId, parseHolderCursor } from '../columns/holderRows.js';
import { labelColumn, labelJoins, NAME_TABLE } from '../columns/labels.js';
import {
  bookNumbers,
  bookTable,
  type ExportScope,
  kindConditions,
  rowsOfBooks,
  bookUnits as units,
} from '../columns/scope.js';
import { addressLiteral, checkedPartText, partText } from '../columns/sqlText.js';

const CURSOR = new RegExp(`^${NUMBER_PATTERN}-(0x[0-9a-f]{40})$`);
/** What an account is. */
const KIND = joinedKindSql('c.account');

const part = (rate: string) =>
  partText('o.balance', `o.${rate}_numerator`, `o.${rate}_denominator`);
/** The contract reverts as a whole where either product exceeds 256 bits. */
const REDEEMABLE = `CASE WHEN greatest(o.balance * o.new_numerator, o.balance * o.pool_numerator)
    <= ${UINT256_MAX} THEN ${part('new')} + ${part('pool')} ELSE 0 END`;

/** Sums of payments to each holder, for WITH. */
const paidTable = (scope: ExportScope, name: string, table: string) => `${name} AS (
    SELECT p.token_number, p.holder, sum(p.amount_wei) AS wei
    FROM ${rowsOfBooks(table, bookNumbers(scope))} p JOIN book k ON k.number = p.token_number AND p.block_number <= k.block
    GROUP BY p.token_number, p.holder
  )`;

export const holders: Dataset = {
  name: 'holders',
  summary:
    'everybody who ever held a token, with balance and with everything owed, paid and expired',
  notes:
    "There is one row for each asset that the token shares, and each has the holder's `balance`: sum it " +
    "where `asset = 'native'` only. Holders with a balance of 0 stay in the list, because they may have " +
    'claims left. `isContract` and `kind` select holders by what they are: those that are not known yet are left ' +
    'out, and the manifest then names their tokens as `unread`.',
  takes: ['holder', 'isContract/kind'],
  needsHolder: false,
  isResumable: true,
  columns: [
    ...ownerColumns(holderRowId('o.number', 'o.account')),
    ...assetColumns(),
    address('holder', 'o.account', 'The account.'),
    labelColumn('holder', 'o.label', 'label'),
    column(
      'kind',
      'text',
      'o.kind',
      `What the account is: ${oneOf(ACCOUNT_KINDS)}. Null where its code has not been read yet ([storage.md](storage.md#accounts)).`,
      { isNullable: true },
    ),
    column(
      'is_contract',
      'boolean',
      isContractOf('o.kind'),
      'Whether the account is a contract. Null where that is not known yet.',
      { isNullable: true },
    ),
    ...amount('balance', 'o.balance', UNITS.token, "The holder's balance: `balanceOf(holder)`."),
    ...amount(
      'claimable',
      'coalesce(o.claimable, 0)',
      UNITS.asset,
      'What the holder can claim at that block, over all snapshots.',
    ),
    ...amount('claimed', 'coalesce(o.claimed, 0)', UNITS.asset, 'Paid to the holder by claims.'),
    ...amount(
      'redeemed',
      'coalesce(o.redeemed, 0)',
      UNITS.asset,
      'Paid to the holder for burned tokens.',
    ),
    ...amount(
      'expired',
      'coalesce(o.expired, 0)',
      UNITS.asset,
      'What the holder did not claim in time. It went back to all holders.',
    ),
    ...amount(
      'redeemable',
      REDEEMABLE,
      UNITS.asset,
      'What burning the whole balance would pay: `redeemableOnBurn(balance)`.',
    ),
    ...amount(
      'accruing',
      checkedPartText('o.balance', 'o.accruing_numerator', 'o.accruing_denominator'),
      UNITS.asset,
      "The holder's part of what a snapshot taken at that block would assign.",
    ),
  ],
  async source(scope) {
    const { after } = scope;
    const cursor = after === null ? null : parseHolderCursor(after, CURSOR);
    const states = await readBookStates(scope);
    const where = [holderConditions(scope, 'c.account', cursor)];
    if (cursor !== null) {
      where.push(`(b.number, c.account) > (${cursor.number}, ${addressLiteral(cursor.account)})`);
    }
    where.push(...kindConditions(scope, KIND));
    return {
      tables: [
        NAME_TABLE,
        bookTable(scope),
        snapshotRateTable(states, null),
        holderRateTable(states),
        heldTable(scope, holderConditions(scope, 'c.account', cursor)),
        owedTable(scope),
        `standing AS (
          SELECT number, account, sum(share) FILTER (WHERE standing = 'OPEN') AS claimable,
            sum(share) FILTER (WHERE standing = 'EXPIRED') AS expired
          FROM owed GROUP BY number, account
        )`,
        paidTable(scope, 'claimed', 'claim'),
        paidTable(scope, 'redeemed', 'redemption'),
      ],
      // Sorted before the columns are written as text, as entitlements are.
      from: `FROM (
          SELECT b.chain_id, b.token, b.asset, ${units('b')}, c.account, c.balance, r.*, e.claimable, e.expired,
            claimed.wei AS claimed, redeemed.wei AS redeemed,
            account_name.name AS label, ${KIND} AS kind
          FROM book b
          JOIN held c ON c.token_number = b.token_number AND c.until IS NULL
          JOIN holder_rate r ON r.number = b.number
          LEFT JOIN standing e ON e.number = b.number AND e.account = c.account
          LEFT JOIN claimed ON claimed.token_number = b.number AND claimed.holder = c.account
          LEFT JOIN redeemed ON redeemed.token_number = b.number AND redeemed.holder = c.account
          ${kindJoins('b.chain_id', 'c.account')}
          ${labelJoins('b.chain_id', { account: 'c.account' })}
          WHERE ${where.join(' AND ')} ORDER BY r.number, c.account
        ) o CROSS JOIN LATERAL (SELECT o.chain_id, o.token, o.asset, ${units('o')}) b
        ORDER BY o.number, o.account`,
    };
  },
};
