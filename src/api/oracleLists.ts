import { type Address, checksummed } from '../address.js';
import { ImoError } from '../errors.js';
import type { AsOf } from '../store/read/asOf.js';
import { compareValues, readKeysetPage, sortedList } from '../store/read/keysetPage.js';
import type { ModelRecord } from '../store/read/modelStates.js';
import { type OracleRecord, readOracles } from '../store/read/oracles.js';
import { type Connection, connection } from './connection.js';
import type { ApiContext } from './context.js';
import { type CursorCodec } from './cursor.js';
import type { ModelFilterInput, ModelsArgs } from './oracleInputs.js';
import { pageRequest } from './pagination.js';
import { readShared } from './sharedRead.js';
import { type ModelNode, modelNode } from './types/model.js';

/** A model of a list, with its oracle and the moment. */
interface ModelRow {
  readonly oracle: OracleRecord;
  readonly record: ModelRecord;
  readonly asOf: AsOf;
}

interface ModelKey {
  readonly number: number;
  readonly modelId: bigint;
}

/** Models by our number of the oracle, then by their ids. */
const MODEL_CURSOR: CursorCodec<ModelKey> = {
  list: 'models',
  encode: ({ number, modelId }) => [number, modelId.toString()],
  decode([number = '', modelId = '']) {
    if (!/^\d{1,9}$/.test(number) || !/^\d{1,78}$/.test(modelId)) return null;
    return { number: Number(number), modelId: BigInt(modelId) };
  },
};

/**
 * A page of the models that were seen by the moment. There are few, so they are ordered in
 * memory.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `UNKNOWN_ORACLE`, `BAD_AT`, `BLOCK_NOT_INDEXED` or
 *   `QUERY_TOO_LARGE`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function modelList(
  context: ApiContext,
  args: ModelsArgs,
): Promise<Connection<ModelNode>> {
  const { filter } = args;
  const request = pageRequest(args, MODEL_CURSOR);
  context.budget.spendPage();
  const chains = await context.books.asOfChains(filter?.chainId, args.at);
  const rows = (await modelsOf(context, chains, filter?.oracle)).filter(({ record }) =>
    passes(record, filter),
  );
  const keyOf = ({ oracle, record }: ModelRow) => ({
    number: oracle.number,
    modelId: record.modelId,
  });
  const compare = (left: ModelKey, right: ModelKey) =>
    compareValues(left.number, right.number) || compareValues(left.modelId, right.modelId);
  return connection({
    page: await readKeysetPage(sortedList(rows, keyOf, compare), request),
    codec: MODEL_CURSOR,
    asOf: [...chains.values()],
    keyOf,
    toNode: ({ oracle, record, asOf }) => modelNode(oracle, record, asOf),
    count: async () => rows.length,
  });
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

/** @throws ImoError `UNKNOWN_ORACLE` if an address is given that no oracle of the chains has. */
export async function oraclesOf(
  context: ApiContext,
  chains: ReadonlyMap<number, AsOf>,
  address: Address | null | undefined,
): Promise<OracleRecord[]> {
  const all = await readShared(context, ['oracles'], () => readOracles(context.db));
  const wanted = all.filter(
    (oracle) => chains.has(oracle.chainId) && (address == null || oracle.address === address),
  );
  if (address != null && wanted.length === 0) {
    throw new ImoError(
      'UNKNOWN_ORACLE',
      `${checksummed(address)} is not an indexed AI oracle`,
      'Add it to `oracles` of its chain in imo.yaml to index it.',
    );
  }
  return wanted;
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
