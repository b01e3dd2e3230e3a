import {
  ASSET_COLUMN,
  address,
  amount,
  column,
  ownerColumns,
  placeColumns,
  tokenOrNull,
  UNITS,
} from '../columns/columns.js';
import type { Column, Dataset } from '../columns/dataset.js';
import { MODEL_RECEIVER } from '../columns/modelReceiver.js';
import { operationCursor, rowsAfter } from '../columns/operationDataset.js';
import { BOOKED_OPERATION, pricesFor, valueColumns } from '../columns/priced.js';
import { momentTable, oneTokenCondition, rangeConditions } from '../columns/scope.js';
import { hexText } from '../columns/sqlText.js';

const MAYBE = { isNullable: true };

const FEE = { name: 'fee', sql: 'o.fee' };
const REQUEST = { ...BOOKED_OPERATION, chainId: 'k.chain_id', asset: 'o.asset' };

const COLUMNS: readonly Column[] = [
  ...ownerColumns('o.id').map((owned) =>
    tokenOrNull(
      owned,
      'The revenue token that was the receiver of the model at that time. Null if it is not an indexed token.',
    ),
  ),
  {
    ...ASSET_COLUMN,
    sql: 'o.asset',
    description: 'The asset of the fee: `native`, or the address of an ERC-20.',
  },
  ...placeColumns(),
  address('oracle', 'k.address', 'The oracle.'),
  column('model_id', 'uint256', 'o.model_id::text', 'The model.'),
  column(
    'request_id',
    'uint256',
    'o.request_id::text',
    "The oracle's own id. It is not always unique.",
  ),
  address('receiver', 'r.receiver', "The receiver of the model's revenue at that time.", MAYBE),
  address('account', 'o.account', 'The account that asked.'),
  address('payer', 'o.payer', 'The signer of the transaction.'),
  address('callback_contract', 'o.callback_contract', 'The contract that gets the result.'),
  column('batch_size', 'uint256', 'o.batch_size::text', 'Number of inferences.'),
  ...amount(
    'fee',
    'o.fee',
    UNITS.asset,
    'The fee of all inferences: the sum of the next two amounts.',
  ),
  ...amount('receiver_part', 'o.receiver_part', UNITS.asset, 'Accrued for the receiver.'),
  ...amount('protocol_part', 'o.protocol_part', UNITS.asset, 'Kept by the oracle.'),
  ...amount('value', 'o.value_wei', UNITS.wei, "Sent with the request, in the chain's own coin."),
  column('gas_limit', 'uint256', 'o.gas_limit::text', 'Gas for the callback.'),
  ...amount(
    'gas_part',
    'o.gas_part_wei',
    UNITS.wei,
    'Paid for that gas. Null if the gas price at that moment is unknown.',
    MAYBE,
  ),
  ...amount(
    'overpayment',
    'o.overpayment_wei',
    UNITS.wei,
    'Sent in excess of fee and gas. Null if the gas part is null.',
    MAYBE,
  ),
];

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
  priced: (currency) => [...COLUMNS, ...valueColumns(currency, FEE, REQUEST)],
  source(scope) {
    const where = ['o.block_number <= m.block', ...rangeConditions(scope)];
    where.push(...oneTokenCondition(scope, 'k.chain_id', 'r.receiver'));
    if (scope.after !== null) {
      where.push(rowsAfter('o.contract_number', 'o.id', operationCursor(scope.after)));
    }
    return {
      tables: [momentTable(scope)],
      from: `FROM oracle_request o
        JOIN contract k ON k.number = o.contract_number
        JOIN moment m ON m.chain_id = k.chain_id
        ${MODEL_RECEIVER}
        LEFT JOIN token t ON t.chain_id = k.chain_id AND t.address = r.receiver
        CROSS JOIN LATERAL (SELECT k.chain_id, ${hexText('t.address')} AS token) b
        ${pricesFor(scope, REQUEST)}
        WHERE ${where.join(' AND ')} ORDER BY o.contract_number, o.id`,
    };
  },
};
