import type { AsOf } from '../../store/read/chains/asOf.js';
import type { Where } from '../../store/read/query/where.js';
import type { WhereGetters } from '../../store/read/query/wherePasses.js';
import type { AccountType } from '../objects/operations/journal.js';
import { type OrderDirection } from '../values/enums.js';
import { AccountOrderBy } from '../values/orderEnums.js';
import type { Connection } from './engine/connection.js';
import type { PageArgs } from './engine/inputs.js';
import { memoryList } from './engine/memoryList.js';

/** What accounts can be narrowed by. */
export type AccountFields = Pick<
  AccountType,
  'asset' | 'account' | 'held' | 'volumeInWei' | 'volumeOutWei' | 'balanceWei'
>;

const GETTERS: WhereGetters<AccountType, AccountFields> = {
  asset: ({ asset }) => asset,
  account: ({ account }) => account,
  held: ({ held }) => held,
  volumeInWei: ({ volumeInWei }) => volumeInWei,
  volumeOutWei: ({ volumeOutWei }) => volumeOutWei,
  balanceWei: ({ balanceWei }) => balanceWei,
};

/**
 * A page of the accounts of one contract.
 *
 * @throws GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export function accountPage(
  rows: readonly AccountType[],
  asOf: AsOf,
  args: PageArgs & {
    readonly where?: Where<AccountFields> | null;
    readonly orderBy: AccountOrderBy;
    readonly direction: OrderDirection;
  },
): Promise<Connection<AccountType>> {
  return memoryList(
    {
      list: `accounts:${args.orderBy}`,
      rows,
      getters: GETTERS,
      keyOf: (row) => [...figureOf(row, args.orderBy), row.asset, row.account],
      asOf: [asOf],
      toNode: (row) => row,
    },
    args,
  );
}

function figureOf(row: AccountType, orderBy: AccountOrderBy): bigint[] {
  switch (orderBy) {
    case AccountOrderBy.BALANCE:
      return [row.balanceWei];
    case AccountOrderBy.VOLUME_IN:
      return [row.volumeInWei];
    case AccountOrderBy.VOLUME_OUT:
      return [row.volumeOutWei];
    case AccountOrderBy.NAME:
      return [];
  }
}
