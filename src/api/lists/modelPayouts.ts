import { ID } from 'type-graphql';
import type { Address } from '../../address.js';
import { MODEL_PAYOUT } from '../../model/tables/modelPayout.js';
import type { ModelPayout } from '../../store/read/oracles/modelHistory.js';
import { ASSET_DESCRIPTION, paymentTokenOf } from '../objects/oracles/model.js';
import { oracleEnumValue, PayoutCause } from '../values/oracleEnums.js';
import { defineStoredList } from './engine/defineStoredList.js';
import { field, optional, shown } from './engine/field.js';
import { ADDRESS, ADDRESS_TEXT, AMOUNT, COUNT, PAYOUT_CAUSE } from './engine/fieldKinds.js';
import { OLDEST_FIRST } from './engine/listArgs.js';
import { placeIn } from './engine/operationFields.js';

const { columns } = MODEL_PAYOUT;

/** What a model paid to its receivers. */
export const MODEL_PAYOUT_LIST = defineStoredList({
  name: 'ModelPayout',
  rows: 'payouts',
  type: { text: 'The accrued revenue of a model, all of it, went to its receiver.' },
  fields: {
    id: shown(ID, 'Unique; sorts in the order of the chain.'),
    ...placeIn(MODEL_PAYOUT),
    transactionIndex: field(COUNT, 'Index of the transaction in its block.'),
    cause: field(PAYOUT_CAUSE, 'Why the oracle paid.', columns.cause),
    caller: field(ADDRESS, columns.caller),
    receiver: field(ADDRESS, columns.receiver),
    paymentToken: optional(ADDRESS_TEXT, ASSET_DESCRIPTION, "(nullif(o.asset, 'native'))"),
    amount: field(AMOUNT, 'Amount in the smallest unit of the asset.', columns.amount),
  },
  labelled: {
    fields: ['caller', 'receiver'],
    chain: '(SELECT chain_id FROM contract WHERE number = o.contract_number)',
    chainOf: ({ chainId }: ModelPayoutNode) => chainId,
  },
  amount: { field: 'amount', text: 'what was paid, whatever its asset' },
  args: ['direction', 'where', 'orderBy'],
  ends: OLDEST_FIRST,
});

/** A payout, with the key of its value. */
export interface ModelPayoutNode extends ModelPayout {
  readonly chainId: number;
  readonly paymentToken: Address | null;
}

export function modelPayoutNode(payout: ModelPayout, chainId: number): ModelPayoutNode {
  const cause = oracleEnumValue(PayoutCause, payout.cause);
  return { ...payout, chainId, cause, paymentToken: paymentTokenOf(payout.asset) };
}
