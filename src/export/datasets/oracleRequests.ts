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
      'The revenue token that was the receiver of the model then. Null if it was none that is indexed.',
    ),
  ),
  {
    ...ASSET_COLUMN,
    sql: 'o.asset',
    description: 'What the fee was paid in: `native`, or the address of an ERC-20.',
  },
  ...placeColumns(),
  address('oracle', 'k.address', 'The oracle.'),
  column('model_id', 'uint256', 'o.model_id::text', 'The model.'),
  column('request_id', 'uint256', 'o.request_id::text', "The oracle's own id; not always unique."),
  address('receiver', 'r.receiver', 'To whom the revenue of the model went then.', MAYBE),
  address('account', 'o.account', 'Who asked.'),
  address('payer', 'o.payer', 'Who signed the transaction.'),
  address('callback_contract', 'o.callback_contract', 'Who gets the result.'),
  column('batch_size', 'uint256', 'o.batch_size::text', 'Number of inferences.'),
  ...amount('fee', 'o.fee', UNITS.asset, 'The fee of all of them: the next two together.'),
  ...amount('receiver_part', 'o.receiver_part', UNITS.asset, 'Accrued for the receiver.'),
  ...amount('protocol_part', 'o.protocol_part', UNITS.asset, 'Kept by the oracle.'),
  ...amount('value', 'o.value_wei', UNITS.wei, "Sent with the request, in the chain's own coin."),
  column('gas_limit', 'uint256', 'o.gas_limit::text', 'Gas for the callback.'),
  ...amount(
    'gas_part',
    'o.gas_part_wei',
    UNITS.wei,
    'Paid for that gas. Null where the price of gas at that moment is not known.',
    MAYBE,
  ),
  ...amount(
    'overpayment',
    'o.overpayment_wei',
    UNITS.wei,
    'Sent beyond fee and gas. Null where the gas part is.',
    MAYBE,
  ),
];

export const oracleRequests: Dataset = {
  name: 'oracle-requests',
  summary: 'requests to models of AI oracles, and what they cost',
  notes:
    'The fee is what the model asked at the request, and its parts are what the oracle booked: ' +
    'no event carries them ([oracles.md](oracles.md)).',
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
