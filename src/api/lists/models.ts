import type { Address } from '../../address.js';
import { momentInBooks } from '../../books/archiveMark.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { ModelRecord } from '../../store/read/oracles/modelStates.js';
import type { OracleRecord } from '../../store/read/oracles/oracles.js';
import { type ModelNode, modelNode, paymentTokenOf } from '../objects/oracles/model.js';
import type { ApiContext } from '../request/context.js';
import type { Connection } from './engine/connection.js';
import { defineMemoryList } from './engine/defineMemoryList.js';
import { ADDRESS, AMOUNT, BLOCK, TEXT, YES_NO } from './engine/fieldKinds.js';
import { labelText, ownerLabelText } from './engine/labels.js';
import { mentions } from './engine/memoryList.js';
import { CHAIN_FILTER } from './engine/operationFields.js';
import { assertBounded } from './engine/whereBounds.js';
import { assertKnownModels } from './knownIds.js';
import { oraclesOf } from './oracles.js';

/** A model of a list, with its oracle and the moment. */
interface ModelRow {
  readonly oracle: OracleRecord;
  readonly record: ModelRecord;
  readonly asOf: AsOf;
  /** Read only if conditions ask for it. */
  readonly receiverLabel: string | null;
}

export const MODEL_LIST = defineMemoryList({
  name: 'Model',
  rows: 'models',
  toNode: ({ oracle, record, asOf }: ModelRow) => modelNode(oracle, record, asOf),
  keyOf: ({ oracle, record }: ModelRow) => [BigInt(oracle.number), record.modelId],
  fields: {
    chainId: {
      kind: BLOCK,
      text: 'EIP-155 chain id.',
      of: ({ oracle }: ModelRow) => oracle.chainId,
    },
    oracle: {
      kind: ADDRESS,
      text: 'The oracle that serves it.',
      of: ({ oracle }: ModelRow) => oracle.address,
    },
    oracleLabel: {
      kind: TEXT,
      text: ownerLabelText('oracle'),
      of: ({ oracle }: ModelRow) => oracle.label,
    },
    modelId: {
      kind: AMOUNT,
      text: 'Its id at the oracle.',
      of: ({ record }: ModelRow) => record.modelId,
    },
    exists: {
      kind: YES_NO,
      text: 'Whether the oracle serves it.',
      of: ({ record }: ModelRow) => record.state.terms.exists,
    },
    fee: {
      kind: AMOUNT,
      text: 'Fee for one inference, in the smallest unit of the asset.',
      of: ({ record }: ModelRow) => record.state.terms.fee,
    },
    paymentToken: {
      kind: ADDRESS,
      text: "The ERC-20 it is paid in; no value for the chain's own coin.",
      of: ({ record }: ModelRow) => paymentTokenOf(record.state.terms.asset),
    },
    receiver: {
      kind: ADDRESS,
      text: "Who is paid the model's part of the fees.",
      of: ({ record }: ModelRow) => record.state.terms.receiver as Address,
    },
    receiverLabel: {
      kind: TEXT,
      text: labelText('receiver'),
      of: ({ receiverLabel }: ModelRow) => receiverLabel,
    },
    receiverPercentage: {
      kind: BLOCK,
      text: "The receiver's part of the fees in percent.",
      of: ({ record }: ModelRow) => Number(record.state.terms.receiverPercentage),
    },
    accrued: {
      kind: AMOUNT,
      text: 'Owed to the receiver and not paid out.',
      of: ({ record }: ModelRow) => record.state.accrued,
    },
  },
  orders: {
    MODEL: { text: 'Oracle and model id.', of: () => [] },
    FEE: {
      text: 'Fee for one inference, in the smallest unit of its asset.',
      of: ({ record: { state } }: ModelRow) => [state.terms.fee],
    },
    ACCRUED: {
      text: 'Owed to the receiver and not paid out.',
      of: ({ record: { state } }: ModelRow) => [state.accrued],
    },
    REQUESTS: {
      text: 'Number of requests since indexing began.',
      of: ({ record: { state } }: ModelRow) => [
        [...state.totals.values()].reduce((sum, { requests }) => sum + requests, 0n),
      ],
    },
  },
  filter: {
    ...CHAIN_FILTER,
    oracle: 'Only models of this oracle.',
    modelId: 'Only this model id.',
    receiver: 'Only models that pay this account at the moment of the answer.',
    exists: 'Only models that are served (true) or removed (false).',
  },
});

export type ModelsArgs = InstanceType<typeof MODEL_LIST.Args>;

/**
 * A page of the models that were seen by the moment. There are few, so they are ordered in
 * memory.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `UNKNOWN_ORACLE`, `BAD_AT`, `BLOCK_NOT_INDEXED` or
 *   `QUERY_TOO_LARGE`; GraphQLError `WHERE_TOO_LARGE`, `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function modelList(
  context: ApiContext,
  args: ModelsArgs,
): Promise<Connection<ModelNode>> {
  assertBounded(args.where);
  context.budget.spendPage();
  const chains = await context.books.asOfChains(args.filter?.chainId, args.at);
  const { filter = null, where } = args;
  await assertKnownModels(context, { filter: filter ?? {}, where, chains });
  const rows = await modelsOf(context, chains, filter?.oracle);
  const labelled = mentions(where, RECEIVER_LABEL) ? await withLabels(context, rows) : rows;
  return MODEL_LIST.page(labelled, [...chains.values()], args);
}

/** The models of the oracles that had started by their moment. */
async function modelsOf(
  context: ApiContext,
  chains: ReadonlyMap<number, AsOf>,
  address: Address | null | undefined,
): Promise<ModelRow[]> {
  const oracles = await oraclesOf(context, chains, address);
  const models = await Promise.all(
    oracles.map(async (oracle) => {
      const at = chains.get(oracle.chainId);
      if (at === undefined || oracle.startBlock > at.block) return [];
      const asOf = momentInBooks(oracle, at);
      const key = { contractNumber: oracle.number, block: asOf.block };
      const records = await context.loaders.models.load(key);
      return records.map((record) => ({ oracle, record, asOf, receiverLabel: null }));
    }),
  );
  return models.flat();
}

const RECEIVER_LABEL = new Set(['receiverLabel']);

/** One read for all models. */
function withLabels({ loaders }: ApiContext, rows: readonly ModelRow[]): Promise<ModelRow[]> {
  return Promise.all(
    rows.map(async (row) => {
      const address = row.record.state.terms.receiver as Address;
      const { chainId } = row.oracle;
      return { ...row, receiverLabel: await loaders.addressName.load({ chainId, address }) };
    }),
  );
}
