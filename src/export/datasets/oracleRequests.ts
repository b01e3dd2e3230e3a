import { ORACLE_REQUEST } from '../../model/tables/oracleRequest.js';
import {
  address,
  assetColumns,
  ownerColumns,
  placeColumns,
  tokenOrNull,
} from '../columns/columns.js';
import type { Column, Dataset } from '../columns/dataset.js';
import { labelJoins, NAME_TABLE, withLabels } from '../columns/labels.js';
import { MODEL_RECEIVER } from '../columns/modelReceiver.js';
import { operationCursor, rowsAfter } from '../columns/operationDataset.js';
import { BOOKED_OPERATION, pricesFor, valueColumns } from '../columns/priced.js';
import { momentTable, namedTokenCondition, rangeConditions } from '../columns/scope.js';
import { hexText } from '../columns/sqlText.js';
import { tableColumns } from '../columns/tableColumns.js';
import { ASSET_UNIT_FIELDS, TOKEN_UNIT_FIELDS, unitJoins, unitTable } from '../columns/units.js';

const MAYBE = { isNullable: true };

const FEE = { name: 'fee', sql: 'o.fee' };
const REQUEST = { ...BOOKED_OPERATION, chainId: 'k.chain_id', asset: 'o.asset' };

const LABELLED = {
  oracle: 'k.address',
  receiver: 'r.receiver',
  account: 'o.account',
  payer: 'o.payer',
  callback_contract: 'o.callback_contract',
};

const COLUMNS: readonly Column[] = withLabels(
  [
    ...ownerColumns('o.id').map((owned) =>
      tokenOrNull(
        owned,
        'The revenue token that was the receiver of the model at that time. Null if it is not an indexed token.',
      ),
    ),
    ...assetColumns('o.asset', 'The asset of the fee: `native`, or the address of an ERC-20.'),
    ...placeColumns(),
    address('oracle', 'k.address', 'The oracle.'),
    ...tableColumns(ORACLE_REQUEST, {
      first: [
        'modelId',
        'requestId',
        address(
          'receiver',
          'r.receiver',
          "The receiver of the model's revenue at that time.",
          MAYBE,
        ),
      ],
      without: ['asset'],
    }),
  ],
  LABELLED,
);

export const oracleRequests: Dataset = {
  name: 'oracle-requests',
  summary: 'requests to models of AI oracles, and what they cost',
  notes:
    'The fee is the fee of the model at the request, and its parts are what the oracle booked. ' +
    'No event carries them ([oracles.md](oracles.md)).',
  takes: ['from/to'],
  needsHolder: false,
  isResumable: true,
  columns: COLUMNS,
  priced: (currency) => [...COLUMNS, ...valueColumns(currency, FEE)],
  source(scope) {
    const where = ['o.block_number <= m.block', ...rangeConditions(scope)];
    where.push(...namedTokenCondition(scope, 'k.chain_id', 'r.receiver'));
    if (scope.after !== null) {
      where.push(rowsAfter('o.contract_number', 'o.id', operationCursor(scope.after)));
    }
    return {
      tables: [momentTable(scope), NAME_TABLE, unitTable(scope)],
      from: `FROM oracle_request o
        JOIN contract k ON k.number = o.contract_number
        JOIN moment m ON m.chain_id = k.chain_id
        ${MODEL_RECEIVER}
        LEFT JOIN token t ON t.chain_id = k.chain_id AND t.address = r.receiver
        ${unitJoins('k.chain_id', { token: hexText('t.address'), asset: 'o.asset' })}
        ${labelJoins('k.chain_id', LABELLED)}
        CROSS JOIN LATERAL (SELECT k.chain_id, ${hexText('t.address')} AS token,
          ${TOKEN_UNIT_FIELDS}, ${ASSET_UNIT_FIELDS}) b
        ${pricesFor(scope, REQUEST)}
        WHERE ${where.join(' AND ')} ORDER BY o.contract_number, o.id`,
    };
  },
};
