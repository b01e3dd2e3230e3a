import { MODEL_PAYOUT } from '../../model/tables/modelPayout.js';
import {
  address,
  assetColumns,
  ownerColumns,
  placeColumns,
  tokenOrNull,
} from '../columns/columns.js';
import type { Column, Dataset } from '../columns/dataset.js';
import { labelJoins, NAME_TABLE, withLabels } from '../columns/labels.js';
import { operationCursor, rowsAfter } from '../columns/operationDataset.js';
import { BOOKED_OPERATION, pricesFor, valueColumns } from '../columns/priced.js';
import {
  holderCondition,
  momentTable,
  namedTokenCondition,
  rangeConditions,
} from '../columns/scope.js';
import { hexText } from '../columns/sqlText.js';
import { tableColumns } from '../columns/tableColumns.js';
import { ASSET_UNIT_FIELDS, TOKEN_UNIT_FIELDS, unitJoins, unitTable } from '../columns/units.js';

const AMOUNT = { name: 'amount', sql: 'o.amount' };
const PAYOUT = { ...BOOKED_OPERATION, chainId: 'k.chain_id', asset: 'o.asset' };

const LABELLED = { oracle: 'k.address', caller: 'o.caller', receiver: 'o.receiver' };

const COLUMNS: readonly Column[] = withLabels(
  [
    ...ownerColumns('o.id').map((owned) =>
      tokenOrNull(owned, 'The revenue token that was paid. Null if the receiver is not one.'),
    ),
    ...assetColumns('o.asset', 'The asset paid: `native`, or the address of an ERC-20.'),
    ...placeColumns(),
    address('oracle', 'k.address', 'The oracle.'),
    ...tableColumns(MODEL_PAYOUT, { without: ['asset'] }),
  ],
  LABELLED,
);

export const modelPayouts: Dataset = {
  name: 'model-payouts',
  summary: 'what AI oracles paid to the receivers of their models',
  notes:
    'A payout to a revenue token is also a row of `receipts`, with the source `oracle`. `holder` ' +
    'selects the receiver ([oracles.md](oracles.md)).',
  takes: ['from/to', 'holder'],
  needsHolder: false,
  isResumable: true,
  columns: COLUMNS,
  priced: (currency) => [...COLUMNS, ...valueColumns(currency, AMOUNT)],
  source(scope) {
    const where = ['o.block_number <= m.block', ...rangeConditions(scope)];
    where.push(...namedTokenCondition(scope, 'k.chain_id', 'o.receiver'));
    where.push(...holderCondition(scope, 'o.receiver'));
    if (scope.after !== null) {
      where.push(rowsAfter('o.contract_number', 'o.id', operationCursor(scope.after)));
    }
    return {
      tables: [momentTable(scope), NAME_TABLE, unitTable(scope)],
      from: `FROM model_payout o
        JOIN contract k ON k.number = o.contract_number
        JOIN moment m ON m.chain_id = k.chain_id
        LEFT JOIN token t ON t.chain_id = k.chain_id AND t.address = o.receiver
        ${unitJoins('k.chain_id', { token: hexText('t.address'), asset: 'o.asset' })}
        ${labelJoins('k.chain_id', LABELLED)}
        CROSS JOIN LATERAL (SELECT k.chain_id, ${hexText('t.address')} AS token,
          ${TOKEN_UNIT_FIELDS}, ${ASSET_UNIT_FIELDS}) b
        ${pricesFor(scope, PAYOUT)}
        WHERE ${where.join(' AND ')} ORDER BY o.contract_number, o.id`,
    };
  },
};
