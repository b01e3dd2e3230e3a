import type { Address } from '../../address.js';
import { POOL_SHARE } from '../../model/tables/poolShare.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { DepositPoolRecord } from '../../store/read/pools/depositPools.js';
import { countPoolShares, readPoolSharePage } from '../../store/read/pools/poolSharePage.js';
import type { AccountQuery } from '../../store/read/query/accountPage.js';
import { ownerColumn, type WhereColumn } from '../../store/read/query/where.js';
import { AsOfType } from '../objects/chains/asOf.js';
import type { ApiContext } from '../request/context.js';
import { allPools, type PoolMoment } from './depositPools.js';
import { type Connection, connection } from './engine/connection.js';
import { accountCursor } from './engine/cursor.js';
import { defineStoredList, type StoredListArgs } from './engine/defineStoredList.js';
import { field, only, shown, type ValuesOf } from './engine/field.js';
import { ADDRESS, AMOUNT, BLOCK, POOL_KIND } from './engine/fieldKinds.js';
import { assertKnownOwners } from './engine/knownOwners.js';
import { ownerLabel } from './engine/labels.js';
import { CHAIN_FILTER } from './engine/operationFields.js';
import { pageRequest } from './engine/pagination.js';
import { placed } from './engine/storedColumn.js';
import { assertBounded } from './engine/whereBounds.js';
import { conjuncts, equalValues } from './engine/whereScope.js';

const columns = placed(POOL_SHARE, 'p');

const { chainId, ...FIGURES } = {
  chainId: field(
    BLOCK,
    'EIP-155 chain id.',
    '(SELECT chain_id FROM deposit_pool WHERE number = p.pool_number)',
  ),
  depositor: field(ADDRESS, 'The account.', columns.depositor),
  shares: field(AMOUNT, 'Its shares of the pool; 0: it has none any more.', columns.shares),
};

const FIELDS = { chainId, ...FIGURES };

/** What depositors have of pools. */
export const POOL_SHARE_LIST = defineStoredList({
  name: 'PoolShare',
  rows: 'shares of pools',
  type: {
    text: 'What one depositor has of a pool.',
    shows: {
      ...FIGURES,
      asOf: shown(AsOfType, 'The block that these figures hold for.'),
    },
  },
  owner: {
    pool: { kind: ADDRESS, text: 'The pool.' },
    token: { kind: ADDRESS, text: 'The token that its depositors own in the end.' },
    poolKind: { kind: POOL_KIND, text: 'What the pool works like.' },
    poolLabel: ownerLabel<DepositPoolRecord>('pool'),
  },
  fields: FIELDS,
  labelled: {
    fields: ['depositor'],
    chain: '(SELECT chain_id FROM deposit_pool WHERE number = p.pool_number)',
    chainOf: ({ asOf }: { readonly asOf: AsOf }) => asOf.chainId,
  },
  orders: {
    POOL: { text: 'Pool and address.', by: null },
    SHARES: { text: 'The shares; each pool counts in its own unit.', by: 'shares' },
  },
  filter: {
    ...CHAIN_FILTER,
    token: 'Only pools of this token.',
    kind: only(POOL_KIND, 'Only in pools of this kind.'),
    pool: 'Only in the pool at this address.',
    depositor: 'Only of this account.',
  },
  args: ['filter', 'where', 'orderBy', 'direction', 'at'],
});

/** The arguments of a list of shares. */
export type PoolShareListArgs = StoredListArgs<'POOL' | 'SHARES'>;

/** Those of the list of all shares. */
export interface PoolSharesArgs extends PoolShareListArgs {
  readonly filter?: {
    readonly chainId?: number | null;
    readonly token?: Address | null;
    readonly kind?: string | null;
    readonly pool?: Address | null;
    readonly depositor?: Address | null;
  } | null;
}

/** Those of the list of one pool. */
export const DepositorsArgs = POOL_SHARE_LIST.argsWith(['where', 'orderBy', 'direction']);

/** What a depositor has of a pool, at a moment. */
export interface PoolShareNode {
  readonly depositor: Address;
  readonly shares: bigint;
  readonly asOf: AsOf;
  readonly poolRecord: DepositPoolRecord;
}

const OF_POOL = {
  pool: ({ address }: DepositPoolRecord) => address,
  token: ({ token }: DepositPoolRecord) => token,
};

/**
 * A page of the depositors of some pools, or of one account in them.
 *
 * @throws ImoError `QUERY_TOO_LARGE`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function poolShareList(
  context: ApiContext,
  moments: readonly PoolMoment[],
  depositor: Address | null,
  args: PoolShareListArgs,
): Promise<Connection<PoolShareNode>> {
  const { db, budget } = context;
  const { where, orderBy, direction } = args;
  assertBounded(where);
  await assertKnownOwners(context, where, OF_POOL, () => allPools(context));
  const codec = accountCursor(`poolShares:${orderBy}`);
  const request = pageRequest(args, codec);
  budget.spendPage();
  const isByFigure = orderBy === 'SHARES';
  const named = equalValues(conjuncts<ValuesOf<typeof FIELDS>>(where), ['depositor']);
  const query: AccountQuery = {
    owners: moments.map(({ pool: { number }, asOf: { block } }) => ({ number, block })),
    account: depositor ?? named.depositor ?? null,
    where: POOL_SHARE_LIST.conditions(where, poolColumns(moments)),
    isByFigure,
    direction,
  };
  const byNumber = new Map(moments.map((moment) => [moment.pool.number, moment]));
  return connection({
    page: await readPoolSharePage(db, query, request),
    codec,
    asOf: [...new Set(moments.map(({ asOf }) => asOf))],
    keyOf: ({ poolNumber: number, depositor: account, shares }) => ({
      value: isByFigure ? shares : 0n,
      number,
      account,
    }),
    toNode({ poolNumber, depositor: account, shares }) {
      const moment = byNumber.get(poolNumber);
      if (moment === undefined) throw new RangeError(`a row of pool ${poolNumber}, unasked`);
      return { depositor: account, shares, asOf: moment.asOf, poolRecord: moment.pool };
    },
    count: () => countPoolShares(db, query),
  });
}

function poolColumns(
  moments: readonly PoolMoment[],
): Readonly<Record<'pool' | 'token' | 'poolKind' | 'poolLabel', WhereColumn<string>>> {
  const numbersOf = (isWanted: (pool: DepositPoolRecord) => boolean) =>
    moments.filter(({ pool }) => isWanted(pool)).map(({ pool }) => pool.number);
  const column = 'p.pool_number';
  return {
    pool: ownerColumn(column, (wanted) => numbersOf(({ address }) => address === wanted)),
    token: ownerColumn(column, (wanted) => numbersOf(({ token }) => token === wanted)),
    poolKind: ownerColumn(column, (wanted) => numbersOf(({ kind }) => kind === wanted)),
    poolLabel: ownerColumn(column, (wanted) => numbersOf(({ label }) => label === wanted)),
  };
}
