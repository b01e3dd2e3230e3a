import { ID } from 'type-graphql';
import type { Address } from '../../address.js';
import { NATIVE } from '../../ledger/oracles/oracle.js';
import { ORACLE_REQUEST } from '../../model/tables/oracleRequest.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { ORACLE_REQUESTS, type OracleRequest } from '../../store/read/oracles/oracleRequests.js';
import type { OracleRecord } from '../../store/read/oracles/oracles.js';
import { ModelType, modelNode, OracleType, paymentTokenOf } from '../objects/oracles/model.js';
import { defineOperations } from './engine/defineOperations.js';
import { field, optional, shown } from './engine/field.js';
import { ADDRESS, ADDRESS_TEXT, AMOUNT, HASH } from './engine/fieldKinds.js';
import { CHAIN_FILTER, PLACE_IN_TRANSACTION, TIME_FILTER } from './engine/operationFields.js';
import { OF_ORACLES } from './oracles.js';

const { columns } = ORACLE_REQUEST;

const { id: _, ...place } = PLACE_IN_TRANSACTION;

/** A request as read, with its oracle and the moment its list was read as of. */
export interface RequestNode extends OracleRequest {
  readonly rowId: string;
  readonly oracle: OracleRecord;
  readonly paymentToken: Address | null;
  readonly asOf: AsOf;
}

export const REQUEST_LIST = defineOperations({
  name: 'Request',
  query: {
    name: 'requests',
    text: 'Requests to the models of AI oracles, and what each cost.',
  },
  rows: 'requests',
  type: { text: 'A request to a model of an AI oracle, and what it cost.' },
  reader: ORACLE_REQUESTS,
  owners: OF_ORACLES,
  toNode: (row, oracle, asOf): RequestNode => ({
    ...row,
    rowId: row.id,
    oracle,
    asOf,
    paymentToken: paymentTokenOf(row.asset),
  }),
  fields: {
    rowId: shown(
      ID,
      'Unique among requests; sorts in the order of the chain. It is not an `id`: model and results are those of the moment of the list.',
    ),
    oracle: shown(OracleType, 'The oracle that was asked.'),
    ...place,
    requestId: field(
      AMOUNT,
      "The oracle's own id; equal requests of one block can share it.",
      columns.requestId,
    ),
    modelId: field(AMOUNT, 'The model that was asked, by its id at the oracle.', columns.modelId),
    account: field(ADDRESS, columns.account),
    payer: field(ADDRESS, columns.payer),
    batchSize: field(AMOUNT, columns.batchSize),
    paymentToken: optional(
      ADDRESS_TEXT,
      "The ERC-20 that the fee was paid in; null for the chain's own coin.",
      "(nullif(o.asset, 'native'))",
    ),
    fee: field(
      AMOUNT,
      'Fee charged, in the smallest unit of the asset: receiver and protocol together.',
      columns.fee,
    ),
    receiverPart: field(AMOUNT, "The receiver's part of the fee.", columns.receiverPart),
    protocolPart: field(AMOUNT, "The protocol's part of the fee.", columns.protocolPart),
    valueWei: field(AMOUNT, columns.valueWei),
    gasLimit: field(AMOUNT, "Gas that the result's callback may use.", columns.gasLimit),
    gasPartWei: optional(
      AMOUNT,

      columns.gasPartWei,
    ),
    overpaymentWei: optional(
      AMOUNT,

      columns.overpaymentWei,
    ),
    callbackContract: field(
      ADDRESS,

      columns.callbackContract,
    ),
  },
  labelled: ['account', 'payer', 'callbackContract'],
  needs: { model: ['modelId'] },
  nodeNeeds: ['asset'],
  resolved: {
    model: {
      shows: () => ModelType,
      text: 'The model, as of the moment of the list.',
      async resolve({ oracle, modelId, asOf }, { loaders }) {
        const key = { contractNumber: oracle.number, block: asOf.block };
        const record = (await loaders.models.load(key)).find((one) => one.modelId === modelId);
        if (record === undefined)
          throw new RangeError(`a request to model ${modelId} has no model`);
        return modelNode(oracle, record, asOf);
      },
    },
  },
  value: {
    what: 'the fee',
    of: (request) => ({
      place: { ...request, asset: request.paymentToken ?? NATIVE },
      amount: request.fee,
    }),
  },
  filter: {
    ...CHAIN_FILTER,
    oracle: 'Only requests to this oracle.',
    modelId: 'Only requests to this model.',
    requestId: "Only this id of the oracle's own; several requests can share it.",
    account: 'Only what this account asked.',
    payer: 'Only in transactions that this account signed.',
    callbackContract: 'Only requests whose result goes to this contract.',
    transactionHash: { input: HASH.type, text: 'Only this transaction.' },
    fee: { between: "Only fees in this range, in the smallest unit of the model's asset." },
    ...TIME_FILTER,
  },
  indexed: ['modelId', 'requestId', 'account'],
  amount: 'fee',
  totals: {
    text: 'What AI oracles charged: in all, by oracle, model or account, step by step; never added up over assets.',
    asset: 'paymentToken',
    measures: ['fee', 'receiverPart', 'protocolPart', 'batchSize', 'gasPartWei', 'overpaymentWei'],
    money: {
      fee: 'asset',
      receiverPart: 'asset',
      protocolPart: 'asset',
      gasPartWei: 'native',
      overpaymentWei: 'native',
    },
    groups: ['oracle', 'modelId', 'account'],
  },
});
