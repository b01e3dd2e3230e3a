import type { Address } from '../../address.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { ModelRecord } from '../../store/read/oracles/modelStates.js';
import type { OracleRecord } from '../../store/read/oracles/oracles.js';
import type { WhereGetters } from '../../store/read/query/wherePasses.js';
import { type ModelNode, modelNode, paymentTokenOf } from '../objects/oracles/model.js';
import type { ApiContext } from '../request/context.js';
import { ModelOrderBy } from '../values/orderEnums.js';
import type { Connection } from './engine/connection.js';
import { memoryList } from './engine/memoryList.js';
import { assertBounded } from './engine/whereBounds.js';
import type { ModelFields } from './inputs/listFields.js';
import type { ModelFilterInput, ModelsArgs } from './inputs/oracleInputs.js';
import { oraclesOf } from './oracles.js';

/** A model of a list, with its oracle and the moment. */
interface ModelRow {
  readonly oracle: OracleRecord;
  readonly record: ModelRecord;
  readonly asOf: AsOf;
}

const GETTERS: WhereGetters<ModelRow, ModelFields> = {
  chainId: ({ oracle }) => oracle.chainId,
  oracle: ({ oracle }) => oracle.address,
  modelId: ({ record }) => record.modelId,
  exists: ({ record }) => record.state.terms.exists,
  fee: ({ record }) => record.state.terms.fee,
  paymentToken: ({ record }) => paymentTokenOf(record.state.terms.asset),
  receiver: ({ record }) => record.state.terms.receiver as Address,
  receiverPercentage: ({ record }) => Number(record.state.terms.receiverPercentage),
  accrued: ({ record }) => record.state.accrued,
};

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
  const { filter, where, orderBy } = args;
  assertBounded(where);
  context.budget.spendPage();
  const chains = await context.books.asOfChains(filter?.chainId, args.at);
  const rows = (await modelsOf(context, chains, filter?.oracle)).filter(({ record }) =>
    passes(record, filter),
  );
  return memoryList(
    {
      list: `models:${orderBy}`,
      rows,
      getters: GETTERS,
      keyOf: (row) => [...figureOf(row, orderBy), BigInt(row.oracle.number), row.record.modelId],
      asOf: [...chains.values()],
      toNode: ({ oracle, record, asOf }) => modelNode(oracle, record, asOf),
    },
    args,
  );
}

function figureOf({ record: { state } }: ModelRow, orderBy: ModelOrderBy): bigint[] {
  switch (orderBy) {
    case ModelOrderBy.FEE:
      return [state.terms.fee];
    case ModelOrderBy.ACCRUED:
      return [state.accrued];
    case ModelOrderBy.REQUESTS:
      return [[...state.totals.values()].reduce((sum, { requests }) => sum + requests, 0n)];
    case ModelOrderBy.MODEL:
      return [];
  }
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
      const asOf = chains.get(oracle.chainId);
      if (asOf === undefined || oracle.startBlock > asOf.block) return [];
      const key = { contractNumber: oracle.number, block: asOf.block };
      const records = await context.loaders.models.load(key);
      return records.map((record) => ({ oracle, record, asOf }));
    }),
  );
  return models.flat();
}

function passes(
  { modelId, state: { terms } }: ModelRecord,
  filter: ModelFilterInput | null | undefined,
): boolean {
  return (
    modelId === (filter?.modelId ?? modelId) &&
    terms.receiver === (filter?.receiver ?? terms.receiver) &&
    terms.exists === (filter?.exists ?? terms.exists)
  );
}
