import { NUMBER_PATTERN, numberOfPart, POSITION_PATTERN, positionSql } from '../../store/ids.js';
import {
  address,
  amount,
  assetColumns,
  column,
  ownerColumns,
  time,
  UNITS,
} from '../columns/columns.js';
import type { Dataset } from '../columns/dataset.js';
import { heldTable, owedTable, readBookStates, snapshotRateTable } from '../columns/heldRates.js';
import { holderConditions, holderRowId, parseHolderCursor } from '../columns/holderRows.js';
import { labelColumn, labelJoins, NAME_TABLE } from '../columns/labels.js';
import { bookTable, bookUnits as units } from '../columns/scope.js';
import { addressLiteral } from '../columns/sqlText.js';

const CURSOR = new RegExp(`^${NUMBER_PATTERN}-(0x[0-9a-f]{40})-${POSITION_PATTERN}$`);

export const entitlements: Dataset = {
  name: 'entitlements',
  summary: 'what each snapshot gave to each holder, and what became of it so far',
  notes:
    'There is one row for each asset, holder and snapshot at which the holder had tokens; `snapshot` ' +
    'selects one snapshot. As in the contract, shares are rounded down to the wei, so they sum to a ' +
    'little less than the snapshot assigned (the dust of [accounting.md](accounting.md#dust)).',
  takes: ['holder', 'snapshot'],
  needsHolder: false,
  isResumable: true,
  columns: [
    ...ownerColumns(
      `${holderRowId('o.number', 'o.account')} || '-' || ${positionSql('o.snapshot_id')}`,
    ),
    ...assetColumns(),
    column('snapshot_id', 'integer', 'o.snapshot_id', 'The snapshot.'),
    column('snapshot_block', 'integer', 'o.taken_block', 'Block in which it was taken.'),
    time('snapshot_time', 'o.taken_at', 'Time of that block, UTC.'),
    address('holder', 'o.account', 'The holder of tokens at the snapshot.'),
    labelColumn('holder', 'o.holder_label'),
    ...amount('balance_at', 'o.balance_at', UNITS.token, 'Balance that counts for the snapshot.'),
    ...amount(
      'share',
      'o.share',
      UNITS.asset,
      "The holder's part of what the snapshot assigned: `balanceAt * CA[id] // supplyAt(id)`, claimed or not.",
    ),
    ...amount(
      'claimable',
      "CASE WHEN o.standing = 'OPEN' THEN o.share ELSE 0 END",
      UNITS.asset,
      'The part of the share that can be claimed at that block: `claimableRevenue(holder, id)`.',
    ),
    ...amount('claimed', 'coalesce(o.paid, 0)', UNITS.asset, 'Paid for the share.'),
    ...amount(
      'expired',
      "CASE WHEN o.standing = 'EXPIRED' THEN o.share ELSE 0 END",
      UNITS.asset,
      'Not claimed in time; it went back to all holders.',
    ),
    column(
      'state',
      'text',
      'o.standing',
      '`OPEN`, `CLAIMED`, `EXPIRED`, or `NOTHING` where the share rounds down to 0.',
    ),
    column(
      'snapshot_proof',
      'text',
      'o.proof',
      'What proved the amount that the snapshot assigned: `VIEW`, `STORAGE`, `PAYMENT`, or ' +
        '`UNPROVEN` if nothing has proved it yet ([reliability.md](reliability.md#snapshots)).',
    ),
  ],
  async source(scope) {
    const { after, snapshotId } = scope;
    const cursor = after === null ? null : parseHolderCursor(after, CURSOR);
    const states = await readBookStates(scope);
    const where = ['true'];
    if (cursor !== null) {
      const { number, account, rest } = cursor;
      where.push(
        `(o.number, o.account, o.snapshot_id) > (${number}, ${addressLiteral(account)}, ${numberOfPart(rest)})`,
      );
    }
    return {
      tables: [
        bookTable(scope),
        snapshotRateTable(states, snapshotId),
        heldTable(scope, holderConditions(scope, 'c.account', cursor)),
        owedTable(scope),
        NAME_TABLE,
      ],
      // Sorted before the columns are written as text: rows are a third as wide then.
      from: `FROM (
          SELECT o.*, b.chain_id, b.token, b.asset, ${units('b')}, s.block_number AS taken_block,
            s."timestamp" AS taken_at,
            coalesce((SELECT p.proof FROM snapshot_proof p
              WHERE p.token_number = o.number AND p.snapshot_id = o.snapshot_id
                AND p.block_number <= b.block
              ORDER BY p.block_number LIMIT 1), 'UNPROVEN') AS proof,
            holder_name.name AS holder_label
          FROM owed o JOIN book b ON b.number = o.number
          ${labelJoins('b.chain_id', { holder: 'o.account' })}
          JOIN snapshot s ON s.token_number = o.number AND s.snapshot_id = o.snapshot_id
          WHERE ${where.join(' AND ')} ORDER BY o.number, o.account, o.snapshot_id
        ) o CROSS JOIN LATERAL (SELECT o.chain_id, o.token, o.asset, ${units('o')}) b
        ORDER BY o.number, o.account, o.snapshot_id`,
    };
  },
};
