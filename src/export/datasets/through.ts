import { NUMBER_PATTERN, POSITION_PATTERN } from '../../store/ids.js';
import {
  address,
  amount,
  assetColumns,
  column,
  oneOf,
  ownerColumns,
  time,
  UNITS,
} from '../columns/columns.js';
import type { Dataset } from '../columns/dataset.js';
import { heldTable, owedTable, readBookStates, snapshotRateTable } from '../columns/heldRates.js';
import { labelJoins, NAME_TABLE, withLabels } from '../columns/labels.js';
import { bookTable, holderCondition } from '../columns/scope.js';
import { holdingPools, readScopedPools, splitTables } from '../columns/splitPools.js';
import { textLiteral } from '../columns/sqlText.js';
import { badCursor } from '../exportErrors.js';

const CURSOR = new RegExp(
  `^${NUMBER_PATTERN}-${POSITION_PATTERN}-${NUMBER_PATTERN}-(0x[0-9a-f]{40}|rest)$`,
);

const POOL_SHARES = 'shares of the pool';

const LABELLED = { pool: 'o.pool', depositor: 'o.depositor' };

export const through: Dataset = {
  name: 'through',
  summary: 'what each snapshot gave to each depositor of a pool, and the dust of the pool',
  notes:
    'The pools are those of `lookThrough` ([pools.md](pools.md)). The rows of one `pool`, `snapshot_id` and ' +
    '`asset` sum to `pool_share`, to the wei. Sum over one pool only: a pool that is a depositor of another ' +
    'one has rows in both. There are no rows where the pool is owed nothing. With `holder`, there are only the ' +
    'rows of these depositors.',
  takes: ['holder', 'snapshot'],
  needsHolder: false,
  isResumable: true,
  columns: withLabels(
    [
      ...ownerColumns('o.row_id'),
      ...assetColumns(),
      column('snapshot_id', 'integer', 'o.snapshot_id', 'The snapshot.'),
      column('snapshot_block', 'integer', 's.block_number', 'Block in which it was taken.'),
      time('snapshot_time', 's."timestamp"', 'Time of that block, UTC.'),
      column(
        'through',
        'text',
        'o.path',
        'The addresses of the pools, with `/` between them: the one that holds the token first, `pool` last.',
      ),
      address('pool', 'o.pool', 'The pool whose shares count.'),
      column(
        'part',
        'text',
        'o.part',
        `Whose the row is: ${oneOf(['DEPOSITOR', 'DUST', 'UNKNOWN'])}. \`DUST\` is what is left when every ` +
          'depositor has its part. `UNKNOWN` is all of it, where the shares at the snapshot are not known, as the pool is held.',
      ),
      address('depositor', 'o.depositor', 'Who had the shares. Null for dust and `UNKNOWN`.', {
        isNullable: true,
      }),
      ...amount('shares', 'o.shares', POOL_SHARES, 'Its shares of the pool at the snapshot.', {
        isNullable: true,
      }),
      ...amount(
        'total_shares',
        'o.total_shares',
        POOL_SHARES,
        'Those of all depositors. Null if the books of the pool do not have the snapshot.',
        { isNullable: true },
      ),
      ...amount('pool_share', 'o.pool_share', UNITS.asset, 'What the snapshot gave to the pool.'),
      ...amount(
        'share',
        'o.share',
        UNITS.asset,
        'The part of this row: `pool_share * shares // total_shares`, claimed or not.',
      ),
      ...amount(
        'claimable',
        "CASE WHEN o.standing = 'OPEN' THEN o.share ELSE 0 END",
        UNITS.asset,
        'Its part of what the pool can still claim. Only the pool can.',
      ),
      ...amount('claimed', 'o.paid', UNITS.asset, 'Its part of what the pool was paid.'),
      ...amount(
        'expired',
        "CASE WHEN o.standing = 'EXPIRED' THEN o.share ELSE 0 END",
        UNITS.asset,
        'Its part of what was not claimed in time.',
      ),
      column(
        'state',
        'text',
        'o.standing',
        'What became of the share of the pool that holds the token: `OPEN`, `CLAIMED` or `EXPIRED`.',
      ),
    ],
    LABELLED,
  ),
  async source(scope) {
    const { after, snapshotId } = scope;
    if (after !== null && !CURSOR.test(after)) throw badCursor(after);
    const [states, pools] = [await readBookStates(scope), await readScopedPools(scope)];
    const where = [
      'true',
      ...holderCondition(scope, 'o.depositor'),
      ...(after === null ? [] : [`o.row_id > ${textLiteral(after)} COLLATE "C"`]),
    ];
    return {
      tables: [
        bookTable(scope),
        snapshotRateTable(states, snapshotId),
        heldTable(scope, holdingPools('c.account', pools)),
        owedTable(scope),
        ...splitTables(pools),
        NAME_TABLE,
      ],
      from: `FROM split o JOIN book b ON b.number = o.number
        JOIN snapshot s ON s.token_number = o.number AND s.snapshot_id = o.snapshot_id
        ${labelJoins('b.chain_id', LABELLED)}
        WHERE ${where.join(' AND ')} ORDER BY o.row_id`,
    };
  },
};
