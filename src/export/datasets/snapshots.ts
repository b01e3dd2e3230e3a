import {
  amount,
  assetColumns,
  column,
  ownerColumns,
  placeColumns,
  UNITS,
} from '../columns/columns.js';
import { operationDataset } from '../columns/operationDataset.js';

/** `perWholeToken` of the ledger, rounded down to 18 digits after the point. */
const PER_WHOLE_TOKEN = `(SELECT CASE WHEN o.supply > 0 THEN trim_scale(
      div(o.claimable_wei * ('1e' || (t.decimals + 18))::numeric, o.supply) * 1e-18)::text END
    FROM token t WHERE t.number = b.token_number)`;

export const snapshots = operationDataset({
  name: 'snapshots',
  summary: 'what each snapshot assigned, in all and for a whole token',
  notes:
    'There is one row for each snapshot and asset. How a yield follows from them: [yield.md](yield.md).',
  table: 'snapshot',
  valued: { name: 'claimable', sql: 'o.claimable_wei' },
  columns: [
    ...ownerColumns('o.id'),
    ...assetColumns(),
    ...placeColumns(),
    column('snapshot_id', 'integer', 'o.snapshot_id', 'The snapshot.'),
    ...amount('new_revenue', 'o.new_revenue_wei', UNITS.asset, 'New revenue that it covered.'),
    ...amount(
      'claimable',
      'o.claimable_wei',
      UNITS.asset,
      'What it assigned to holders: fresh, and rolled over from expired snapshots.',
    ),
    ...amount('rolled_over', 'o.rolled_over_wei', UNITS.asset, 'Of that, what was rolled over.'),
    ...amount('supply', 'o.supply', UNITS.token, 'Total supply at the snapshot.'),
    column(
      'per_whole_token',
      'text',
      PER_WHOLE_TOKEN,
      'What it gave to a whole token: `claimable * 10^decimals / supply`, rounded down to 18 digits after the point. Null where the token does not say its decimals, or has no supply.',
      { isNullable: true, unit: UNITS.asset },
    ),
  ],
});
