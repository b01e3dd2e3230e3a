import { ImoError } from '../../errors.js';
import { readKnownTokenIds } from '../../store/read/collections/knownTokenIds.js';
import { readKnownRequests } from '../../store/read/oracles/knownRequests.js';
import { readOracles } from '../../store/read/oracles/oracles.js';
import type { Where } from '../../store/read/query/where.js';
import type { ApiContext } from '../request/context.js';
import { readShared } from '../request/sharedRead.js';
import type { AskedIds } from './engine/askedIds.js';
import { namedIn } from './engine/namedIn.js';

/** What ids belong to: the books of a token, or an oracle. */
interface Books {
  readonly number: number;
  readonly chainId: number;
}

/**
 * Rejects a snapshot that none of the books has by the moment: an empty answer would seem right.
 *
 * @throws ImoError `UNKNOWN_SNAPSHOT`
 */
export async function assertKnownSnapshots(
  { loaders }: ApiContext,
  { filter, where, chains }: AskedIds,
  books: readonly Books[],
): Promise<void> {
  const named = idsOf('snapshotId', filter, where);
  if (named.length === 0 || books.length === 0) return;
  const versions = await Promise.all(
    books.map(({ number, chainId }) => {
      const block = chains.get(chainId)?.block ?? 0;
      return loaders.poolVersion.load({ tokenNumber: number, block });
    }),
  );
  const last = Math.max(...versions.map(({ lastSnapshotId }) => lastSnapshotId));
  const unknown = named.find((id) => id < 1n || id > BigInt(last));
  if (unknown !== undefined) throw unknownSnapshot(unknown, last);
}

export function unknownSnapshot(id: bigint | number, last: number): ImoError {
  return new ImoError(
    'UNKNOWN_SNAPSHOT',
    `snapshot ${id} does not exist at the moment of the question`,
    last === 0
      ? 'No snapshot was taken by then.'
      : `Snapshots are counted from 1; the newest one by then is ${last}.`,
  );
}

/**
 * Rejects a model that no indexed oracle of the chains has.
 *
 * @throws ImoError `UNKNOWN_MODEL`
 */
export async function assertKnownModels(
  context: ApiContext,
  { filter, where, chains }: AskedIds,
): Promise<void> {
  const named = idsOf('modelId', filter, where);
  if (named.length === 0) return;
  const oracles = await readShared(context, ['oracles'], () => readOracles(context.db));
  const asked = oracles.filter(({ chainId }) => chains.has(chainId));
  const records = await Promise.all(
    asked.map(({ number, chainId }) => {
      const block = chains.get(chainId)?.block ?? 0;
      return context.loaders.models.load({ contractNumber: number, block });
    }),
  );
  const known = new Set(records.flat().map(({ modelId }) => modelId));
  const unknown = named.find((id) => !known.has(id));
  if (unknown === undefined) return;
  throw new ImoError(
    'UNKNOWN_MODEL',
    `model ${unknown} is not a model of an indexed oracle at the moment of the question`,
    'The list `models` shows those that are.',
  );
}

/**
 * Rejects a request that none of the oracles has by the moment.
 *
 * @throws ImoError `UNKNOWN_REQUEST`
 */
export async function assertKnownRequests(
  { db }: ApiContext,
  { filter, where, chains }: AskedIds,
  oracles: readonly Books[],
): Promise<void> {
  const named = idsOf('requestId', filter, where);
  if (named.length === 0) return;
  const windows = oracles.map(({ number, chainId }) => {
    return { number, block: chains.get(chainId)?.block ?? 0 };
  });
  const known = await readKnownRequests(db, windows, named);
  const unknown = named.find((id) => !known.has(id));
  if (unknown === undefined) return;
  throw new ImoError(
    'UNKNOWN_REQUEST',
    `request ${unknown} is not a request to an indexed oracle at the moment of the question`,
    'If it was just sent, ask again when its block is indexed: `status` shows the newest one.',
  );
}

/**
 * Rejects a token that none of the collections has minted by the moment.
 *
 * @throws ImoError `UNKNOWN_TOKEN_ID`
 */
export async function assertKnownTokenIds(
  { db }: ApiContext,
  { filter, where }: Pick<AskedIds, 'filter' | 'where'>,
  windows: readonly { readonly collectionNumber: number; readonly block: number }[],
): Promise<void> {
  const named = idsOf('tokenId', filter, where);
  if (named.length === 0) return;
  const known = await readKnownTokenIds(db, windows, named);
  const unknown = named.find((id) => !known.has(id));
  if (unknown === undefined) return;
  throw new ImoError(
    'UNKNOWN_TOKEN_ID',
    `no collection in question has minted token ${unknown} by the moment of the question`,
    'The list `aigcTokens` shows the tokens of each collection.',
  );
}

/** The ids that a field must have, by filter or by conditions. */
function idsOf(
  field: string,
  filter: object,
  where: Where<object> | null | undefined,
): readonly bigint[] {
  const { [field]: own } = filter as Readonly<Record<string, unknown>>;
  const named = where == null ? [] : namedIn(where, field);
  return [own, ...named].flatMap((id) =>
    typeof id === 'bigint' || typeof id === 'number' ? [BigInt(id)] : [],
  );
}
