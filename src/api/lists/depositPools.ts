import { type Address, checksummed } from '../../address.js';
import { momentInBooks } from '../../books/archiveMark.js';
import { ImoError } from '../../errors.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { type DepositPoolRecord, readDepositPools } from '../../store/read/pools/depositPools.js';
import { countDepositors } from '../../store/read/pools/poolShares.js';
import { type DepositPoolNode, depositPoolNode } from '../objects/pools/depositPool.js';
import type { ApiContext } from '../request/context.js';
import { readShared } from '../request/sharedRead.js';
import type { Connection } from './engine/connection.js';
import { defineMemoryList } from './engine/defineMemoryList.js';
import { ADDRESS, AMOUNT, BLOCK, POOL_KIND, TEXT } from './engine/fieldKinds.js';
import { assertKnownOwners, unknownContract } from './engine/knownOwners.js';
import { labelText } from './engine/labels.js';
import { mentions } from './engine/memoryList.js';
import { CHAIN_FILTER } from './engine/operationFields.js';
import { assertBounded } from './engine/whereBounds.js';

/** The selected pools. */
export interface PoolScope {
  readonly pool?: Address | null;
  readonly token?: Address | null;
  readonly kind?: string | null;
}

/** A pool at a moment. */
export interface PoolMoment {
  readonly pool: DepositPoolRecord;
  readonly asOf: AsOf;
}

/** All pools that are looked through, read once for each request. */
export async function allPools(context: ApiContext): Promise<readonly DepositPoolRecord[]> {
  if (!(await context.books.hasPools())) return [];
  return readShared(context, ['all pools'], () => readDepositPools(context.db));
}

/**
 * The pools that were deployed by the moment and pass the filter.
 *
 * @throws ImoError `UNKNOWN_POOL` if no pool of the chains has the given address; `UNKNOWN_CONTRACT` if the
 *   token is not indexed
 */
export async function poolsOf(
  context: ApiContext,
  chains: ReadonlyMap<number, AsOf>,
  filter: PoolScope | null | undefined,
): Promise<PoolMoment[]> {
  const all = await allPools(context);
  const address = filter?.pool;
  if (address != null && !all.some((pool) => chains.has(pool.chainId) && pool.address === address))
    throw unknownPool(address);
  if (filter?.token != null) {
    const isKnown = (await context.books.tokens()).some((token) => token.address === filter.token);
    if (!isKnown) throw unknownContract('token', filter.token);
  }
  return all.flatMap((pool) => {
    const asOf = chains.get(pool.chainId);
    const isWanted =
      pool.address === (address ?? pool.address) &&
      pool.token === (filter?.token ?? pool.token) &&
      pool.kind === (filter?.kind ?? pool.kind);
    return asOf === undefined || !isWanted || pool.startBlock > asOf.block
      ? []
      : [{ pool, asOf: momentInBooks(pool, asOf) }];
  });
}

interface Row extends PoolMoment {
  readonly totalShares: bigint;
  readonly depositors: number;
  /** Read only if conditions ask for it. */
  readonly holdsLabel: string | null;
}

const HOLDS_LABEL = new Set(['holdsLabel']);

const indexedAt = ({ pool }: Row) => [BigInt(pool.number)];

export const DEPOSIT_POOL_LIST = defineMemoryList({
  name: 'DepositPool',
  rows: 'pools',
  cursor: 'depositPools',
  toNode: ({ pool, asOf }: Row) => depositPoolNode(pool, asOf),
  keyOf: indexedAt,
  fields: {
    chainId: { kind: BLOCK, text: 'EIP-155 chain id.', of: ({ pool }: Row) => pool.chainId },
    address: { kind: ADDRESS, text: 'The contract.', of: ({ pool }: Row) => pool.address },
    kind: { kind: POOL_KIND, text: 'What it works like.', of: ({ pool }: Row) => pool.kind },
    label: {
      kind: TEXT,
      text: 'Its name in imo.yaml, if it has one.',
      of: ({ pool }: Row) => pool.label,
    },
    token: {
      kind: ADDRESS,
      text: 'The revenue token that its depositors own in the end.',
      of: ({ pool }: Row) => pool.token,
    },
    holds: {
      kind: ADDRESS,
      text: 'What it holds: the token, or another pool of which it has shares.',
      of: ({ pool }: Row) => pool.holds,
    },
    holdsLabel: {
      kind: TEXT,
      text: labelText('holds'),
      of: ({ holdsLabel }: Row) => holdsLabel,
    },
    startBlock: {
      kind: BLOCK,
      text: 'First indexed block.',
      of: ({ pool }: Row) => pool.startBlock,
    },
    totalShares: {
      kind: AMOUNT,
      text: 'The shares of all depositors.',
      of: ({ totalShares }: Row) => totalShares,
      isFigure: true,
    },
    depositorCount: {
      kind: BLOCK,
      text: 'Accounts that ever had shares.',
      of: ({ depositors }: Row) => depositors,
      isFigure: true,
    },
  },
  orders: {
    INDEXED: { text: 'The order in which we began to index them.', of: indexedAt },
    TOTAL_SHARES: {
      text: 'The shares of all depositors; each pool counts in its own unit.',
      of: ({ totalShares }: Row) => [totalShares],
    },
    DEPOSITORS: {
      text: 'Number of accounts that ever had shares.',
      of: ({ depositors }: Row) => [BigInt(depositors)],
    },
  },
  filter: {
    ...CHAIN_FILTER,
    token: 'Only pools of this token.',
    kind: 'Only this kind.',
  },
});

export type DepositPoolsArgs = InstanceType<typeof DEPOSIT_POOL_LIST.Args>;

/**
 * A page of the pools that are looked through. There are few, so they are ordered in memory.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `UNKNOWN_CONTRACT`, `BAD_AT`, `BLOCK_NOT_INDEXED` or
 *   `QUERY_TOO_LARGE`; GraphQLError `WHERE_TOO_LARGE`, `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function depositPoolList(
  context: ApiContext,
  args: DepositPoolsArgs,
): Promise<Connection<DepositPoolNode>> {
  assertBounded(args.where);
  context.budget.spendPage();
  const chains = await context.books.asOfChains(args.filter?.chainId, args.at);
  const owners = {
    address: ({ address }: DepositPoolRecord) => address,
    token: ({ token }: DepositPoolRecord) => token,
  };
  await assertKnownOwners(context, args.where, owners, () => allPools(context));
  const moments = await poolsOf(context, chains, args.filter);
  const isNamed = mentions(args.where, HOLDS_LABEL);
  const rows = await Promise.all(
    moments.map(async (moment): Promise<Row> => {
      const { chainId, holds: address } = moment.pool;
      const holdsLabel = isNamed
        ? await context.loaders.addressName.load({ chainId, address })
        : null;
      return { ...moment, totalShares: 0n, depositors: 0, holdsLabel };
    }),
  );
  return DEPOSIT_POOL_LIST.page(rows, [...chains.values()], args, async (row) => {
    const [totalShares, depositors] = await Promise.all([
      totalSharesOf(context, row.pool, row.asOf),
      depositorCountOf(context, row.pool, row.asOf),
    ]);
    return { ...row, totalShares, depositors };
  });
}

export function totalSharesOf(
  { loaders }: ApiContext,
  { number }: DepositPoolRecord,
  { block }: AsOf,
): Promise<bigint> {
  return loaders.totalShares.load({ poolNumber: number, block });
}

export function depositorCountOf(
  context: ApiContext,
  { number: poolNumber }: DepositPoolRecord,
  { block }: AsOf,
): Promise<number> {
  return readShared(context, ['depositors', poolNumber, block], () =>
    countDepositors(context.db, { poolNumber, block }),
  );
}

function unknownPool(address: Address): ImoError {
  return new ImoError(
    'UNKNOWN_POOL',
    `${checksummed(address)} is not an indexed pool`,
    'The query `depositPools` lists those that are; add it to `lookThrough` in imo.yaml to index it.',
  );
}
